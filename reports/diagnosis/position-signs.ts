/**
 * What the log tells of fills and of the position, for the steps of the third chain: fills that came late or by another way, fills
 * that came across a cancel, fills that were booked twice, and what explains each difference from the exchange's position.
 */
import type { LogEntry } from '../../core/evidence.ts';
import { BID } from '../../core/market.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { isOfSame, ofSame } from './spells.ts';

/** A position that differs for longer than this is a mismatch (playbook matrix, position-mismatch). */
export const WRONG_NS = NS_PER_S;
/** The position is compared every 10 s (playbook 3.4), and a doubt lasts for a few seconds more: so old a fill may explain it. */
const EXPLAINS_NS = 20 * NS_PER_S;
/** What holds fills up is told of within this time before and after. */
const AROUND_NS = NS_PER_S;
/** A message that takes so long holds others up: twenty times what is slow (playbook 4.3), µs. */
const BLOCKED_US = 100_000;
/** So soon after a fill an adjustment belongs to it. */
const SAME_MOMENT_NS = NS_PER_S / 10;

export type FillEntry = Extract<LogEntry, { type: 'fill' }>;
export type DiscrepancyEntry = Extract<LogEntry, { type: 'position-discrepancy' }>;
export type AdjustedEntry = Extract<LogEntry, { type: 'position-adjusted' }>;
type OrphanEntry = Extract<LogEntry, { type: 'orphan-fill' }>;

/** Which step explains a position that was wrong. */
export type Explanation = '3.2' | '3.3' | '3.4' | '4.3 or 4.4';

export interface Mismatch {
  readonly entry: DiscrepancyEntry;
  readonly by: Explanation;
}

export interface PositionSigns {
  readonly fills: readonly FillEntry[];
  /** Told by the stream at last, and known here later than a position may be wrong. */
  readonly late: readonly FillEntry[];
  /** As late, but held up with all else: the event loop was blocked, or the link answered nothing in time (playbook 4.3, 4.4). */
  readonly heldUp: readonly FillEntry[];
  /** Told by a snapshot or a query only, and so late. */
  readonly missed: readonly FillEntry[];
  /** The order was not acknowledged, on its way out, gone, or not known. */
  readonly crossed: readonly FillEntry[];
  /** Booked though the same trade id had been booked before. */
  readonly doubled: readonly FillEntry[];
  /** Of orders that are not tracked, and not booked when they were told. */
  readonly dropped: readonly OrphanEntry[];
  readonly mismatches: readonly Mismatch[];
  /** The position was moved by a fill's size for a second time, with the fill. */
  readonly bookedAgain: readonly AdjustedEntry[];
  /** The position was set back to before a fill that had been booked: what was newer is overwritten. */
  readonly overwritten: readonly AdjustedEntry[];
}

export function signedLots({ side, sizeLots }: Pick<FillEntry, 'side' | 'sizeLots'>): number {
  return side === BID ? sizeLots : -sizeLots;
}

const ORDINARY: readonly FillEntry['order'][] = ['Resting', 'PartiallyFilled', 'Filled'];

export function findPositionSigns(entries: readonly LogEntry[]): PositionSigns {
  const fills = entries.filter(entry => entry.type === 'fill');
  const booked = new Set<number>();
  const doubled: FillEntry[] = [];
  for (const fill of fills) {
    if (booked.has(fill.tid)) doubled.push(fill);
    booked.add(fill.tid);
  }
  const once = fills.filter(fill => !doubled.includes(fill));
  const crossed = once.filter(({ order, via }) => via === 'stream' && !ORDINARY.includes(order));
  const toldAfterAll = new Set<number>();
  for (const entry of entries)
    if (entry.type === 'duplicate-fill' && entry.via === 'stream') toldAfterAll.add(entry.tid);
  const dropped = entries
    .filter(entry => entry.type === 'orphan-fill')
    .filter(({ atNs, tid }) => !fills.some(fill => fill.tid === tid && fill.atNs <= atNs));
  const isDropped = ({ tid }: FillEntry): boolean => dropped.some(orphan => orphan.tid === tid);
  const adjusted = entries.filter(entry => entry.type === 'position-adjusted');
  const isLate = ({ ageNs }: FillEntry): boolean => ageNs > WRONG_NS;
  const toldLate = once.filter(fill => isLate(fill) && (fill.via === 'stream' || toldAfterAll.has(fill.tid)));
  const signs = {
    fills,
    late: toldLate.filter(fill => !isHeldUp(fill, entries)),
    heldUp: toldLate.filter(fill => isHeldUp(fill, entries)),
    missed: once.filter(
      fill => isLate(fill) && fill.via !== 'stream' && !toldAfterAll.has(fill.tid) && !isDropped(fill),
    ),
    crossed,
    doubled,
    dropped,
    bookedAgain: adjusted.filter(entry => isBookedAgain(entry, crossed)),
    overwritten: adjusted.filter(entry => isOverwritten(entry, entries, once)),
  };
  const mismatches = entries
    .filter(entry => entry.type === 'position-discrepancy')
    .map(entry => ({ entry, by: explanation(entry, signs) }));
  return { ...signs, mismatches };
}

/** Whether something that concerns more than fills had gone wrong while a fill was on its way. */
function isHeldUp({ ageNs, atNs }: FillEntry, entries: readonly LogEntry[]): boolean {
  return entries.some(entry => {
    if (entry.atNs < atNs - ageNs - AROUND_NS || entry.atNs > atNs + AROUND_NS) return false;
    if (entry.type === 'handler-slow') return entry.us >= BLOCKED_US;
    if (entry.type === 'event-loop-lag') return entry.waitedUs >= BLOCKED_US;
    return entry.type === 'request-timeout' || entry.type === 'late-reply' || entry.type === 'rest-fallback';
  });
}

function isBookedAgain(adjusted: AdjustedEntry, crossed: readonly FillEntry[]): boolean {
  const { atNs, fromLots, toLots } = adjusted;
  return ofSame(crossed, adjusted).some(
    fill => atNs >= fill.atNs && atNs - fill.atNs <= SAME_MOMENT_NS && signedLots(fill) === toLots - fromLots,
  );
}

/** With no discrepancy told before it, for then the exchange was believed for good reason. */
function isOverwritten(adjusted: AdjustedEntry, entries: readonly LogEntry[], fills: readonly FillEntry[]): boolean {
  const { atNs, fromLots, toLots } = adjusted;
  const told = entries.filter(entry => entry.type === 'position-discrepancy');
  if (ofSame(told, adjusted).some(entry => near(entry.atNs, atNs))) return false;
  let lots = 0;
  for (let at = fills.length - 1; at >= 0; at--) {
    const fill = fills[at];
    if (fill.atNs > atNs || !isOfSame(fill, adjusted)) continue;
    if (fill.atNs < atNs - EXPLAINS_NS) return false;
    lots += signedLots(fill);
    if (lots !== 0 && lots === fromLots - toLots) return true;
  }
  return false;
}

function near(discrepancyNs: number, adjustedNs: number): boolean {
  return discrepancyNs <= adjustedNs && adjustedNs - discrepancyNs <= EXPLAINS_NS;
}

/** Whose fault a difference is: that of fills booked twice, of fills that crossed a cancel, or of none that is seen here. */
function explanation(
  discrepancy: DiscrepancyEntry,
  signs: Pick<PositionSigns, 'bookedAgain' | 'crossed' | 'doubled' | 'dropped' | 'heldUp' | 'late' | 'overwritten'>,
): Explanation {
  const { bookedAgain, crossed, doubled, dropped, heldUp, late, overwritten } = signs;
  const { atNs, diffLots } = discrepancy;
  const isIt = (fill: FillEntry): boolean =>
    isOfSame(fill, discrepancy) && Math.abs(fill.atNs - atNs) <= EXPLAINS_NS && fill.sizeLots === Math.abs(diffLots);
  // A comparison that finds a fill missing is followed by a query, which may bring it.
  if (late.some(isIt)) return '3.2';
  if (heldUp.some(isIt)) return '4.3 or 4.4';
  const isRecent = (entry: FillEntry | AdjustedEntry | OrphanEntry): boolean =>
    isOfSame(entry, discrepancy) && entry.atNs <= atNs && atNs - entry.atNs <= EXPLAINS_NS;
  const twice = doubled.filter(isRecent);
  if (twice.length > 0 && (sum(twice) === -diffLots || twice.some(fill => signedLots(fill) === -diffLots)))
    return '3.3';
  if (bookedAgain.some(isRecent)) return '3.2';
  if (dropped.some(fill => isRecent(fill) && fill.sizeLots === Math.abs(diffLots))) return '3.2';
  if (dropped.filter(isRecent).reduce((lots, { sizeLots }) => lots + sizeLots, 0) === Math.abs(diffLots)) return '3.2';
  if (overwritten.some(isRecent)) return '3.4';
  if (crossed.some(fill => isRecent(fill) && signedLots(fill) === -diffLots)) return '3.2';
  return '3.4';
}

function sum(fills: readonly FillEntry[]): number {
  return fills.reduce((lots, fill) => lots + signedLots(fill), 0);
}
