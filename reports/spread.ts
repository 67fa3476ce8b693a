/** Middle and upper end of some times. */

export interface Spread {
  readonly count: number;
  readonly medianNs: number;
  readonly p95Ns: number;
}

/** null where there is nothing to look at. */
export function spreadOf(timesNs: readonly number[]): Spread | null {
  if (timesNs.length === 0) return null;
  const sorted = [...timesNs].sort((a, b) => a - b);
  return { count: sorted.length, medianNs: quantile(sorted, 0.5), p95Ns: quantile(sorted, 0.95) };
}

/** Interpolated between its two neighbours, as R and NumPy do by default (Hyndman and Fan, type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}
