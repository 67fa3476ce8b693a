/** Latencies that are shown and not measured, and parts that are there and not used (playbook 4.1, 4.2). */
import { QuoteCycleArena } from '../../../core/infra/arena.ts';
import type { Latency } from '../../../core/infra/metrics/fields.ts';
import { MetricsSummary } from '../../../core/infra/metrics/summary.ts';
import type { Defect } from '../defect.ts';

/** Incident I-22. */
const REPORTED_US = 50_000;
/** More than any cycle takes. */
const ENDLESS_BYTES = 1_048_576;

class CycleNotMeasured extends MetricsSummary {
  override sample(latency: Latency, us: number): void {
    if (latency !== 'quoteCycle') super.sample(latency, us);
  }
}

class ConstantLatency extends MetricsSummary {
  override sample(latency: Latency, us: number): void {
    super.sample(latency, latency === 'quoteCycle' ? us : REPORTED_US);
  }
}

export const quoteCycleNotMeasured: Defect = {
  name: 'quote-cycle-not-measured',
  description: 'The metric of the quote cycle is never updated.',
  source: 'L23',
  primary: '4.1',
  allowed: [],
  symptoms: [],
  parts: usual => ({ ...usual, metricsSummary: metrics => new CycleNotMeasured(metrics) }),
};

export const constantLatency: Defect = {
  name: 'constant-latency',
  description: 'The latency to the exchange is reported as 50 ms, whatever it is.',
  source: 'I-22',
  primary: '4.1',
  allowed: ['4.4'],
  symptoms: [],
  parts: usual => ({ ...usual, metricsSummary: metrics => new ConstantLatency(metrics) }),
};

export const arenaNotWired: Defect = {
  name: 'arena-not-wired',
  description: 'The arena is made and its capacity never looked at: a cycle takes what it likes, and nobody is told.',
  source: 'L24',
  primary: '4.2',
  allowed: [],
  symptoms: [],
  parts: usual => ({ ...usual, arena: () => new QuoteCycleArena({ capacityBytes: ENDLESS_BYTES }) }),
};
