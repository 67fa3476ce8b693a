/** What several steps look at, derived once from the log: outages, closed gates, stopped cycles, start-up, lost posts and fills. */
import type { CycleStopReason, LogEntry, QuoteGateReason } from '../../core/evidence.ts';
import { NS_PER_S } from '../../core/scale.ts';
import type { Evidence } from './evidence.ts';
import { findOutages, findUserLosses, type Outage, type UserLoss } from './outages.ts';
import { findPositionSigns, type PositionSigns } from './position-signs.ts';
import { findSilentPosts, findUnheardOrders, type SilentPosts, type TurnedUp } from './silent-posts.ts';
import { ofSame, type Spell, Spells } from './spells.ts';

export interface GateSpell extends Spell {
  readonly reason: QuoteGateReason;
}

export interface StopSpell extends Spell {
  readonly reason: CycleStopReason;
}

export interface RiskPull extends Spell {
  readonly monitors: readonly string[];
  readonly pulledBy: readonly string[];
}

export interface Signs {
  /** First time in the log, ns. */
  readonly startNs: number;
  /** By instrument: when quoting was allowed to begin, warm, or wide because the wait is bounded; none where it never was. */
  readonly warmedUpNs: ReadonlyMap<number, number>;
  readonly outages: readonly Outage[];
  readonly gates: readonly GateSpell[];
  readonly stops: readonly StopSpell[];
  readonly riskPulls: readonly RiskPull[];
  /** Under so few requests that nothing is sent but what reduces the position (playbook 1.1). */
  readonly conservations: readonly Spell[];
  readonly userLosses: readonly UserLoss[];
  readonly silentPosts: readonly SilentPosts[];
  /** Orders that turned up although they were not on their way when posts fell silent. */
  readonly unheardOrders: readonly TurnedUp[];
  readonly positions: PositionSigns;
}

/** Messages that are bad in themselves, as against data that is missing or old. */
export const BAD_VALUES: readonly string[] = ['CrossedBook', 'InvalidPrice', 'InvalidSize', 'TimestampRegression'];
/**
 * Bad messages this short before a gate shuts show that the feed was alive. It is the age at which data counts as old
 * (playbook 1.3, data staleness).
 */
const ALIVE_NS = 5 * NS_PER_S;

/** Two pulls with less between them are one: nothing can be quoted in so short a time. */
const ONE_PULL_NS = NS_PER_S;

/** Number of bad messages that a gate's instrument had in the time before it shut. */
function badMessages(entries: readonly LogEntry[], gate: GateSpell, beforeNs: number): number {
  const { fromNs } = gate;
  const anomalies = entries.filter(entry => entry.type === 'anomaly');
  return ofSame(anomalies, gate)
    .filter(({ atNs }) => atNs >= fromNs - beforeNs && atNs <= fromNs)
    .filter(({ anomaly }) => BAD_VALUES.includes(anomaly)).length;
}

/**
 * Whether a shut gate is the work of bad messages on a living feed (playbook 2.2), not of silence (2.3). A book that only
 * gets bad messages grows old all the same.
 */
export function isShutByBadData(entries: readonly LogEntry[], gate: GateSpell): boolean {
  if (gate.reason.type === 'CrossedBook') return true;
  if (gate.reason.type === 'NoDataReceived') return false;
  const ageNs = gate.reason.ageMs * (NS_PER_S / 1_000);
  return badMessages(entries, gate, ALIVE_NS) > 0 && badMessages(entries, gate, ageNs) > 1;
}

/**
 * Pulls by monitors of these names, those of an instrument with next to nothing between them put together. `pulledBy` names those
 * monitors alone.
 */
export function pullsBy(pulls: readonly RiskPull[], isOne: (monitor: string) => boolean): RiskPull[] {
  const merged: (RiskPull & { toNs: number | null; pulledBy: string[] })[] = [];
  for (const pull of pulls) {
    const { fromNs, toNs } = pull;
    const pulledBy = pull.pulledBy.filter(isOne);
    if (pulledBy.length === 0) continue;
    const last = ofSame(merged, pull).at(-1);
    if (last === undefined || last.toNs === null || fromNs - last.toNs > ONE_PULL_NS) {
      merged.push({ ...pull, pulledBy });
      continue;
    }
    last.toNs = toNs;
    last.pulledBy.push(...pulledBy.filter(name => !last.pulledBy.includes(name)));
  }
  return merged;
}

export function findSigns({ entries }: Evidence): Signs {
  const gates = new Spells<{ reason: QuoteGateReason }>();
  const stops = new Spells<{ reason: CycleStopReason }>();
  const riskPulls = new Spells<{ monitors: readonly string[]; pulledBy: readonly string[] }>();
  const conservations = new Spells<object>();
  const warmedUpNs = new Map<number, number>();
  for (const entry of entries) {
    if (entry.type === 'quote-gate') {
      gates.change(entry, entry.reason === null ? null : { reason: entry.reason });
    } else if (entry.type === 'cycle-stopped') {
      stops.change(entry, { reason: entry.reason });
    } else if (entry.type === 'cycle-resumed') {
      stops.change(entry, null);
    } else if (entry.type === 'risk') {
      const { monitors, pulledBy } = entry;
      riskPulls.change(entry, entry.pullQuotes ? { monitors, pulledBy } : null);
    } else if (entry.type === 'quota-tier') {
      conservations.change(entry, entry.tier === 'conservation' ? {} : null);
    } else if (entry.type === 'warm-up' && entry.state !== 'warming') {
      const instrument = entry.instrument ?? 0;
      if (!warmedUpNs.has(instrument)) warmedUpNs.set(instrument, entry.atNs);
    }
  }
  const startNs = entries.length === 0 ? 0 : entries[0].atNs;
  const silent = findSilentPosts(entries);
  return {
    startNs,
    warmedUpNs,
    outages: findOutages(entries),
    gates: gates.all,
    stops: stops.all,
    riskPulls: riskPulls.all,
    conservations: conservations.all,
    userLosses: findUserLosses(entries),
    silentPosts: silent,
    unheardOrders: findUnheardOrders(entries, silent),
    positions: findPositionSigns(entries),
  };
}
