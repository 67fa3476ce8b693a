/**
 * `MetricsSummary` (playbook 4.1): the last link but one of the chain
 *
 *   event → metric (one number in a flat array, no lock) → summary (percentiles) → Prometheus' text
 *
 * The last value of a latency says little of the ones before it. The playbook's three are therefore also kept as distributions, and
 * once a second their medians and 99th percentiles are written among the metrics.
 */

import { LATENCIES, type Latency, latencyMetrics } from './fields.ts';
import { Histogram } from './histogram.ts';
import type { Metrics } from './updates.ts';

export class MetricsSummary {
  readonly #metrics: Metrics;
  readonly #histograms: Readonly<Record<Latency, Histogram>>;
  /** Samples of each when its percentiles were last written. */
  readonly #written = new Float64Array(LATENCIES.length);

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.#histograms = { quoteCycle: new Histogram(), wsRoundtrip: new Histogram(), orderAck: new Histogram() };
  }

  /** One sample, µs. */
  sample(latency: Latency, us: number): void {
    this.#histograms[latency].add(us);
    this.#metrics.set(latencyMetrics(latency).last, us);
  }

  /** Writes the percentiles of what has new samples. */
  update(): void {
    for (let index = 0; index < LATENCIES.length; index++) {
      const histogram = this.#histograms[LATENCIES[index]];
      if (histogram.count === this.#written[index]) continue;
      this.#written[index] = histogram.count;
      const { p50, p99, max } = latencyMetrics(LATENCIES[index]);
      this.#metrics.set(p50, histogram.percentile(0.5));
      this.#metrics.set(p99, histogram.percentile(0.99));
      this.#metrics.set(max, histogram.max);
    }
  }

  snapshot(): unknown {
    return { histograms: LATENCIES.map(name => this.#histograms[name].snapshot()), written: this.#written.slice() };
  }

  restore(state: unknown): void {
    const from = state as { histograms: readonly unknown[]; written: Float64Array };
    LATENCIES.forEach((name, index) => {
      this.#histograms[name].restore(from.histograms[index]);
    });
    this.#written.set(from.written);
  }
}
