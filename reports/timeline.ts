/**
 * What happened in a run, as a short list of moments: what was injected, what the core wrote of it, and what was true at
 * the exchange. Each line says which of the three it is.
 */
import type { LogEntry } from '../core/evidence.ts';
import { seconds } from './seconds.ts';
import type { Verdict } from './verdict.ts';

export type TimelineSource = 'injected' | 'core' | 'truth';

export interface TimelineItem {
  readonly atNs: number;
  readonly source: TimelineSource;
  readonly text: string;
  /** How much the line matters where there is room for some only: 0 most. */
  readonly rank: number;
}

/** What a person did in the run, in a few words. */
export interface Operated {
  readonly atNs: number;
  readonly what: string;
}

/** Entries that tell the story of quotes lost and found, as against how the core went about it. */
const STORY: readonly LogEntry['type'][] = [
  'quote-gate',
  'quotes-pulled',
  'risk',
  'supervisor',
  'cycle-resumed',
  'recovery',
];

/** What the core wrote, in a few words; null for what does not belong on a timeline. */
function words(entry: LogEntry): string | null {
  switch (entry.type) {
    case 'supervisor':
      return `supervisor: ${entry.event}`;
    case 'reconnection':
      // Every attempt ends in one of the other two.
      if (entry.state === 'Reconnecting') return null;
      return entry.state === 'Connected'
        ? `${entry.target}: Connected`
        : `${entry.target}: Disconnected (${entry.reason})`;
    case 'feed-staleness':
      return `feed ${entry.feed}: ${entry.stale ? `stale, ${seconds(entry.ageNs)} old` : 'fresh again'}`;
    case 'quote-gate':
      return entry.reason === null ? 'data-quality gate opens' : `data-quality gate shuts: ${entry.reason.type}`;
    case 'risk': {
      if (entry.monitors.length === 0) return 'risk: back to normal';
      return `risk: ${riskWords(entry)} (${entry.monitors.join(', ')})`;
    }
    case 'quotes-pulled':
      return `quotes pulled: ${entry.reason}, ${entry.orders} orders`;
    case 'cycle-stopped':
      return `quoting stops: ${entry.reason}`;
    case 'cycle-resumed':
      return 'quoting goes on';
    case 'warm-up':
      return `warm-up: ${entry.state}`;
    case 'events-pending':
      return `${entry.events} events pending, the oldest ${seconds(entry.oldestAgeNs)} old`;
    case 'position-adjusted':
      return `position set from ${entry.fromLots} to ${entry.toLots} lots`;
    case 'recovery':
      return `recovery: ${entry.orphansCancelled} orphans cancelled, ${entry.staleLocalRemoved} stale orders removed`;
    default:
      return null;
  }
}

function riskWords(entry: Extract<LogEntry, { type: 'risk' }>): string {
  if (entry.pullQuotes) return 'pulls all quotes';
  if (entry.reduceOnly) return 'only reduces the position';
  // A fixed number of places, without the zeros at its end: 1.5, 3, 2.99.
  return entry.spreadFactor > 1 ? `cautious, spreads × ${Number(entry.spreadFactor.toFixed(2))}` : 'watches';
}

const SOURCE_RANK: Readonly<Record<TimelineSource, number>> = { injected: 0, truth: 1, core: 2 };

/** Turnings of the symptoms; what happens to both sides at once is one line. */
function turnings(verdict: Verdict): TimelineItem[] {
  const items = new Map<string, { atNs: number; what: string; why: string; sides: string[] }>();
  const add = (atNs: number, side: string | null, what: string, why: string): void => {
    const key = `${atNs} ${what}${why}`;
    const item = items.get(key) ?? { atNs, what, why, sides: [] };
    if (side !== null) item.sides.push(side);
    items.set(key, item);
  };
  for (const [symptom, intervals] of Object.entries(verdict.symptoms)) {
    for (const { fromNs, toNs, side, why } of intervals) {
      add(fromNs, side, `${symptom} turns HOT`, `: ${why}`);
      if (toNs !== null) add(toNs, side, `${symptom} is cold again`, '');
    }
  }
  return Array.from(items.values(), ({ atNs, what, why, sides }) => {
    const where = sides.length === 0 ? '' : ` on ${sides.join(' and ')}`;
    return { atNs, source: 'truth', text: `${what}${where}${why}`, rank: 0 };
  });
}

/** In time order; at one time what was injected first, then the truth, then what the core wrote. */
export function timeline(
  verdict: Verdict,
  entries: readonly LogEntry[],
  operated: readonly Operated[] = [],
): TimelineItem[] {
  const items = turnings(verdict);
  for (const fault of verdict.checks.causeTookEffect.faults) {
    const times = fault.count === 1 ? 'once' : `${fault.count} times in all`;
    items.push({ atNs: fault.atNs, source: 'injected', text: `${fault.kind} takes effect (${times})`, rank: 0 });
  }
  const { faults, status, atNs } = verdict.checks.causeTookEffect;
  // A setting or a planted bug is there from the start; it counts from where it changes something.
  if (faults.length === 0 && status === 'pass' && atNs !== undefined) {
    items.push({ atNs, source: 'injected', text: 'what was set or planted makes its first difference', rank: 0 });
  }
  for (const { atNs, what } of operated) items.push({ atNs, source: 'injected', text: `operator: ${what}`, rank: 0 });
  for (const entry of entries) {
    const text = words(entry);
    if (text === null) continue;
    items.push({ atNs: entry.atNs, source: 'core', text, rank: STORY.includes(entry.type) ? 1 : 2 });
  }
  return items.sort((a, b) => a.atNs - b.atNs || SOURCE_RANK[a.source] - SOURCE_RANK[b.source]);
}

/**
 * Shortens a timeline to `most` lines: those of lower rank go first, and among equals those that are farthest in time from
 * anything injected or true.
 */
export function shorten(items: readonly TimelineItem[], most: number): TimelineItem[] {
  if (items.length <= most) return [...items];
  const marks = items.filter(item => item.rank === 0).map(item => item.atNs);
  const ranked = items
    .map(({ atNs, rank }, index) => {
      const farNs = marks.reduce((near, ns) => Math.min(near, Math.abs(ns - atNs)), Number.POSITIVE_INFINITY);
      return { index, rank, farNs };
    })
    .sort((a, b) => a.rank - b.rank || (a.farNs < b.farNs ? -1 : a.farNs > b.farNs ? 1 : a.index - b.index));
  const kept = new Set(ranked.slice(0, most).map(({ index }) => index));
  return items.filter((_, index) => kept.has(index));
}
