import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import {
  boundedSkewBps,
  cappedWideningBps,
  DEFAULT_GLFT,
  halfSpreadBps,
  halfSpreadWithDriftBps,
  intensityHalfSpreadBps,
  inventorySkewBps,
  regimePremiumBps,
} from '../../../core/strategy/glft.ts';

describe('half-spread', () => {
  it.each([
    [200, 49.94],
    [2_500, 4.0],
    [3_250, 3.08],
    [7_000, 1.43],
  ])('is the published figure at gamma 0.5 and kappa %d, before the fee', (kappa, bps) => {
    expect(intensityHalfSpreadBps(0.5, kappa)).toBeCloseTo(bps, 2);
  });

  it('is one over kappa where risk aversion is nothing beside it', () => {
    expect(intensityHalfSpreadBps(1e-10, 2_500)).toBe(4);
    expect(intensityHalfSpreadBps(0, 2_500)).toBe(4);
    expect(intensityHalfSpreadBps(1e-5, 2_500)).toBeCloseTo(4, 5);
  });

  it('falls as gamma rises: raising gamma is no way to a wider spread', () => {
    expect(intensityHalfSpreadBps(100, 2_500)).toBeLessThan(intensityHalfSpreadBps(0.5, 2_500));
  });

  it('holds the fee and the price of risk, within its limits', () => {
    expect(halfSpreadBps(DEFAULT_GLFT, 2_500, 0, 60)).toBeCloseTo(5.5, 2);
    const risk = 0.5 * 0.5 * 0.001 * 0.001 * 60 * 10_000;
    expect(halfSpreadBps(DEFAULT_GLFT, 2_500, 0.001, 60)).toBeCloseTo(5.5 + risk, 2);
    expect(halfSpreadBps(DEFAULT_GLFT, 50, 0, 60)).toBe(50);
    expect(halfSpreadBps(DEFAULT_GLFT, 10_000_000, 0, 60)).toBe(2);
  });
});

describe('half-spread with drift', () => {
  const bid = (driftPerS: number, half = 8) => halfSpreadWithDriftBps(DEFAULT_GLFT, BID, half, driftPerS, 60);
  const ask = (driftPerS: number, half = 8) => halfSpreadWithDriftBps(DEFAULT_GLFT, ASK, half, driftPerS, 60);

  it('draws the bid nearer and the ask away where the price rises, by half the move', () => {
    // 6 bps within the minute.
    expect(bid(0.00001)).toBeCloseTo(5, 12);
    expect(ask(0.00001)).toBeCloseTo(11, 12);
    expect(bid(-0.00001)).toBeCloseTo(11, 12);
    expect(ask(-0.00001)).toBeCloseTo(5, 12);
  });

  it('sets the two apart by 20 bps at most, and neither under the fee', () => {
    expect(ask(1)).toBe(18);
    expect(ask(1, 40) - bid(1, 40)).toBe(20);
    expect(bid(1)).toBe(1.5);
    expect(ask(-1)).toBe(1.5);
  });
});

describe('regimes', () => {
  it('add what they are likely to be', () => {
    expect(regimePremiumBps(Float64Array.of(0.5, 0.5, 0, 0), 2, 5)).toBe(0);
    expect(regimePremiumBps(Float64Array.of(0, 0, 0.5, 0.5), 2, 5)).toBe(3.5);
  });
});

describe('skew', () => {
  it('is bounded by a share of the half-spread, inclusive', () => {
    expect(boundedSkewBps(DEFAULT_GLFT, 5, 3.9)).toBe(3.9);
    expect(boundedSkewBps(DEFAULT_GLFT, 5, 4.1)).toBe(4);
    expect(boundedSkewBps(DEFAULT_GLFT, 5, -4.1)).toBe(-4);
  });

  it('leans against the position, evenly for both signs', () => {
    const long = inventorySkewBps(DEFAULT_GLFT, 5, 0.0001, 60, 0.5);
    expect(long).toBeCloseTo(2.5, 1);
    expect(inventorySkewBps(DEFAULT_GLFT, 5, 0.0001, 60, -0.5)).toBe(-long);
    expect(inventorySkewBps(DEFAULT_GLFT, 5, 0.0001, 60, 0)).toBe(0);
  });

  it('never exceeds 80 % of the half-spread', () => {
    expect(inventorySkewBps(DEFAULT_GLFT, 5, 0.0001, 60, 0.79)).toBeLessThan(4);
    expect(inventorySkewBps(DEFAULT_GLFT, 5, 0.0001, 60, 3)).toBe(4);
    expect(inventorySkewBps(DEFAULT_GLFT, 5, 0.0001, 60, -3)).toBe(-4);
  });
});

describe('widening', () => {
  it('is capped at 20 bps in total, and never narrows', () => {
    expect(cappedWideningBps(DEFAULT_GLFT, 19.9)).toBe(19.9);
    expect(cappedWideningBps(DEFAULT_GLFT, 20.1)).toBe(20);
    expect(cappedWideningBps(DEFAULT_GLFT, Number.POSITIVE_INFINITY)).toBe(20);
    expect(cappedWideningBps(DEFAULT_GLFT, -1)).toBe(0);
  });
});
