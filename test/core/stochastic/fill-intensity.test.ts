import { describe, expect, it } from 'vitest';
import { DEFAULT_FILL_INTENSITY, FillIntensityPosterior } from '../../../core/stochastic/fill-intensity.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

function seen(fills: number, exposureNs: number, checkpoint = {}): FillIntensityPosterior {
  const posterior = new FillIntensityPosterior({ ...DEFAULT_FILL_INTENSITY, ...checkpoint });
  posterior.observe(0, exposureNs, 5);
  for (let fill = 0; fill < fills; fill++) posterior.observe(1, 0, 5);
  return posterior;
}

describe('fill intensity', () => {
  it('is 200 a second before anything is seen', () => {
    expect(seen(0, 0).meanPerS).toBeCloseTo(200, 9);
    expect(seen(0, 0).confidence).toBeCloseTo(1 / (1 + 1 / Math.sqrt(20)), 12);
  });

  it.each([
    [9, seconds(61), false],
    [10, seconds(60), false],
    [10, seconds(60) + 1, true],
    [10, milliseconds(60_100), true],
    [1_000, milliseconds(60), false],
  ])('after %d fills and %d ns is warm: %s', (fills, exposureNs, warm) => {
    expect(seen(fills, exposureNs).isWarmedUp).toBe(warm);
  });

  it('comes down to what is measured, deeper quotes counting for less time', () => {
    const posterior = seen(30, seconds(60));
    expect(posterior.meanPerS).toBeCloseTo(50 / (0.1 + 60 * Math.exp(-0.5 * 0.0005)), 9);
    const deep = new FillIntensityPosterior(DEFAULT_FILL_INTENSITY);
    deep.observe(30, seconds(60), 200);
    expect(deep.meanPerS).toBeGreaterThan(posterior.meanPerS);
  });

  it('takes a checkpoint for its mean, and never for warmth (incident I-20)', () => {
    const checkpoint = { checkpointFills: 110, checkpointExposureNs: seconds(3_600) };
    const restored = seen(0, 0, checkpoint);
    expect(restored.meanPerS).toBeCloseTo(130 / 3600.1, 9);
    expect(restored.isWarmedUp).toBe(false);
    expect(seen(9, seconds(61), checkpoint).isWarmedUp).toBe(false);
    expect(seen(10, seconds(61), checkpoint).isWarmedUp).toBe(true);
  });

  it('keeps the warmth of its session over a snapshot', () => {
    const copy = new FillIntensityPosterior(DEFAULT_FILL_INTENSITY);
    copy.restore(seen(10, seconds(61)).snapshot());
    expect(copy.isWarmedUp).toBe(true);
    expect(copy.snapshot()).toEqual(seen(10, seconds(61)).snapshot());
  });
});
