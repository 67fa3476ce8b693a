import { describe, expect, it } from 'vitest';
import { QUOTE_UPDATE_TRIGGERS } from '../../../../core/events/quote-trigger.ts';
import { ANOMALY_TYPES } from '../../../../core/evidence.ts';
import {
  anomalyMetric,
  CYCLE_STOP_REASONS,
  METRIC,
  METRICS,
  stopMetric,
  triggerMetric,
} from '../../../../core/infra/metrics/fields.ts';
import { Metrics } from '../../../../core/infra/metrics/updates.ts';

describe('metrics', () => {
  it('have names that Prometheus takes, each once', () => {
    for (const { name, help } of METRICS) {
      expect(name).toMatch(/^mm_[a-z][a-z0-9_]*(\{[a-z]+="[A-Za-z]+"\})?$/);
      expect(help.length).toBeGreaterThan(10);
    }
    expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
  });

  it('end in _total where they only grow', () => {
    for (const { name, type } of METRICS) expect(/_total(\{|$)/.test(name)).toBe(type === 'counter');
  });

  it('have the three latencies of the playbook', () => {
    expect(METRICS[METRIC.quoteCycleUs].name).toBe('mm_quote_cycle_us');
    expect(METRICS[METRIC.wsRoundtripUs].name).toBe('mm_ws_roundtrip_us');
    expect(METRICS[METRIC.orderAckUs].name).toBe('mm_order_ack_us');
  });

  it('count each reason and each anomaly by itself', () => {
    for (const reason of CYCLE_STOP_REASONS) expect(METRICS[stopMetric(reason)].name).toContain(`"${reason}"`);
    for (const type of ANOMALY_TYPES) expect(METRICS[anomalyMetric(type)].name).toContain(`"${type}"`);
    for (const trigger of QUOTE_UPDATE_TRIGGERS) expect(METRICS[triggerMetric(trigger)].name).toContain(`"${trigger}"`);
    const metrics = new Metrics();
    metrics.logged({ type: 'anomaly', atNs: 0, feed: 'bbo', anomaly: 'CrossedBook', value: 2, limit: 1 });
    metrics.logged({ type: 'cycle-resumed', atNs: 0 });
    expect(metrics.values[anomalyMetric('CrossedBook')]).toBe(1);
    expect(metrics.values.reduce((sum, value) => sum + value, 0)).toBe(1);
  });

  it('come back with a snapshot, in the same array', () => {
    const metrics = new Metrics();
    metrics.add(METRIC.fills, 3);
    const { values } = metrics;
    const state = metrics.snapshot();
    metrics.add(METRIC.fills, 1);
    metrics.restore(state);
    expect(metrics.values).toBe(values);
    expect(values[METRIC.fills]).toBe(3);
  });
});
