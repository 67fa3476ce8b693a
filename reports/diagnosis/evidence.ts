/**
 * All that a diagnosis gets to see: what the core wrote and counted. No fault plan, no scenario, no truth (design,
 * section 9).
 */
import type { LogEntry } from '../../core/evidence.ts';

export interface Evidence {
  /** In time order. */
  readonly entries: readonly LogEntry[];
  /** The core's metrics at the end, by index into its `METRICS`. */
  readonly metrics: Float64Array;
  /** End of the run, ns. */
  readonly endNs: number;
}
