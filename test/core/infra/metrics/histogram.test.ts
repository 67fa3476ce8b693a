import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../../core/infra/metrics/histogram.ts';
import { draws } from '../../../support/draws.ts';

function filled(samples: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const sample of samples) histogram.add(sample);
  return histogram;
}

describe('a histogram', () => {
  it('knows nothing before the first sample', () => {
    expect(new Histogram().percentile(0.5)).toBe(0);
  });

  it('gives percentiles of what was added to within a sixteenth', () => {
    const samples = fc.array(fc.double({ min: 0, max: 5_000_000, noNaN: true }), { minLength: 1, maxLength: 300 });
    const check = fc.property(samples, fc.constantFrom(0, 0.5, 0.9, 0.99, 1), (values, share) => {
      const sorted = [...values].sort((a, b) => a - b);
      const exact = sorted[Math.floor(share * (values.length - 1))];
      const next = sorted[Math.ceil(share * (values.length - 1))];
      const found = filled(values).percentile(share);
      expect(found).toBeGreaterThanOrEqual(exact * (15 / 16) - 0.07);
      expect(found).toBeLessThanOrEqual(next * (17 / 16) + 0.07);
    });
    fc.assert(check, draws(1, 300));
  });

  it('tells the largest exactly, and takes more than it can tell apart', () => {
    const histogram = filled([12.5, 1e9]);
    expect(histogram.max).toBe(1e9);
    expect(histogram.percentile(0)).toBeCloseTo(12.5, 0);
    expect(histogram.percentile(1)).toBeLessThanOrEqual(1e9);
  });

  it('goes on from a snapshot', () => {
    const one = filled([1, 2, 300]);
    const two = new Histogram();
    two.restore(one.snapshot());
    for (const histogram of [one, two]) histogram.add(7);
    expect(two.snapshot()).toEqual(one.snapshot());
  });
});
