import { describe, expect, it } from 'vitest';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { renderPrometheus } from '../../reports/prometheus.ts';

describe('metrics.prom', () => {
  it('tells help and type once a family', () => {
    const fields = [
      { name: 'mm_fills_total', type: 'counter', help: 'Fills.' },
      { name: 'mm_stops_total{reason="A"}', type: 'counter', help: 'Stops\nby \\ reason.' },
      { name: 'mm_stops_total{reason="B"}', type: 'counter', help: 'Stops\nby \\ reason.' },
      { name: 'mm_age', type: 'gauge', help: 'Age.' },
    ] as const;
    expect(renderPrometheus(fields, Float64Array.of(3, 0, 1.5, Number.POSITIVE_INFINITY))).toBe(
      [
        '# HELP mm_fills_total Fills.',
        '# TYPE mm_fills_total counter',
        'mm_fills_total 3',
        '# HELP mm_stops_total Stops\\nby \\\\ reason.',
        '# TYPE mm_stops_total counter',
        'mm_stops_total{reason="A"} 0',
        'mm_stops_total{reason="B"} 1.5',
        '# HELP mm_age Age.',
        '# TYPE mm_age gauge',
        'mm_age +Inf',
        '',
      ].join('\n'),
    );
  });

  it('has no family in two places for the core’s own metrics', () => {
    const types = renderPrometheus(METRICS, new Float64Array(METRICS.length)).match(/^# TYPE \S+/gm) ?? [];
    expect(new Set(types).size).toBe(types.length);
    expect(types.length).toBeGreaterThan(30);
  });
});
