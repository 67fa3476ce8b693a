/** How times and lengths of time read in a report. */
import { NS_PER_MS, NS_PER_S } from '../core/scale.ts';

/** `41.2 s`; lengths under a tenth of a second as `35 ms`. */
export function seconds(ns: number): string {
  if (ns !== 0 && Math.abs(ns) < NS_PER_S / 10) return `${Math.round(ns / NS_PER_MS)} ms`;
  return `${(ns / NS_PER_S).toFixed(1)} s`;
}
