/** The metrics' values and the ways to move them (playbook 4.1). One flat array, so that a reader needs no copy. */
import type { LogEntry } from '../../evidence.ts';
import { anomalyMetric, METRICS } from './fields.ts';

export class Metrics {
  /** Values by the index of `METRICS`. */
  readonly values = new Float64Array(METRICS.length);

  /** Adds to a counter. */
  add(metric: number, count: number): void {
    this.values[metric] += count;
  }

  /** Sets a gauge, or a counter that another part keeps. */
  set(metric: number, value: number): void {
    this.values[metric] = value;
  }

  /** Counts what is counted by the log. */
  logged(entry: LogEntry): void {
    if (entry.type === 'anomaly') this.add(anomalyMetric(entry.anomaly), 1);
  }

  snapshot(): unknown {
    return this.values.slice();
  }

  /** Takes back what `snapshot` gave. */
  restore(state: unknown): void {
    this.values.set(state as Float64Array);
  }
}
