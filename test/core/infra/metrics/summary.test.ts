import { describe, expect, it } from 'vitest';
import { METRIC } from '../../../../core/infra/metrics/fields.ts';
import { MetricsSummary } from '../../../../core/infra/metrics/summary.ts';
import { Metrics } from '../../../../core/infra/metrics/updates.ts';

describe('the summary of the latencies', () => {
  it('has the last value at once, and percentiles when it is updated', () => {
    const metrics = new Metrics();
    const summary = new MetricsSummary(metrics);
    for (let us = 1; us <= 1_000; us++) summary.sample('quoteCycle', us);
    expect(metrics.values[METRIC.quoteCycleUs]).toBe(1_000);
    expect(metrics.values[METRIC.quoteCycleP99Us]).toBe(0);
    summary.update();
    expect(metrics.values[METRIC.quoteCycleP50Us] / 500).toBeCloseTo(1, 1);
    expect(metrics.values[METRIC.quoteCycleP99Us] / 990).toBeCloseTo(1, 1);
    expect(metrics.values[METRIC.quoteCycleMaxUs]).toBe(1_000);
    expect(metrics.values[METRIC.orderAckP50Us]).toBe(0);
  });

  it('goes on from a snapshot', () => {
    const summary = new MetricsSummary(new Metrics());
    summary.sample('wsRoundtrip', 90_000);
    const metrics = new Metrics();
    const restored = new MetricsSummary(metrics);
    restored.restore(summary.snapshot());
    restored.sample('wsRoundtrip', 90_000);
    restored.update();
    expect(metrics.values[METRIC.wsRoundtripP50Us] / 90_000).toBeCloseTo(1, 1);
  });
});
