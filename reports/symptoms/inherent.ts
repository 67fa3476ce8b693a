/**
 * Symptoms that the recording itself brings about. Where the recording has a gap and the twin turns hot in it or right
 * after it, the core could not have known better: such intervals are listed as inherent, subtracted from the run too, and
 * not held against the twin (playbook matrix, "truth is a set").
 */
import { endOf, intersect, overlap, type Span, subtract } from './intervals.ts';
import type { HotInterval } from './symptom.ts';
import { GAP_AFTERMATH_NS } from './thresholds.ts';

export interface SplitIntervals {
  /** What the twin has in gaps of the recording. */
  inherent: HotInterval[];
  /** What else the twin has: it is not clean. */
  twin: HotInterval[];
  /** What the run has beyond the inherent. */
  run: HotInterval[];
}

/** `gaps` by instrument; `endNs`: the run's end. What a gap there brings about lasts to the end, as an open interval does. */
export function splitInherent(
  run: readonly HotInterval[],
  twin: readonly HotInterval[],
  gaps: readonly (readonly Span[])[],
  endNs: number,
): SplitIntervals {
  const split: SplitIntervals = { inherent: [], twin: [], run: [] };
  const seen = new Set<string>();
  for (const { instrument, side } of [...twin, ...run]) {
    const key = `${instrument} ${side}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const here = (interval: HotInterval): boolean => interval.instrument === instrument && interval.side === side;
    const twinHere = twin.filter(here);
    const windows = (gaps[instrument] ?? [])
      .map(gap => ({ fromNs: gap.fromNs, toNs: endOf(gap) + GAP_AFTERMATH_NS }))
      .map(({ fromNs, toNs }) => ({ fromNs, toNs: toNs < endNs ? toNs : null }))
      .filter(window => twinHere.some(interval => overlap(interval, window)));
    split.inherent.push(...intersect(twinHere, windows));
    split.twin.push(...subtract(twinHere, windows));
    split.run.push(...subtract(run.filter(here), windows));
  }
  const byFrom = (a: HotInterval, b: HotInterval): number =>
    a.fromNs - b.fromNs || a.instrument - b.instrument || sideRank(a) - sideRank(b);
  split.inherent.sort(byFrom);
  split.twin.sort(byFrom);
  split.run.sort(byFrom);
  return split;
}

function sideRank(interval: HotInterval): number {
  return interval.side === 'ask' ? 1 : 0;
}
