import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_HJB,
  fillProbability,
  type HjbInput,
  HjbSolver,
  reservationBps,
} from '../../../core/stochastic/hjb-solver.ts';
import { DEFAULT_GLFT } from '../../../core/strategy/glft.ts';
import { draws } from '../../support/draws.ts';

const NORMAL = Float64Array.of(0, 1, 0, 0);

function input(change: Partial<HjbInput> = {}): HjbInput {
  return {
    kappa: 2_500,
    sigma: 0,
    gammaFactor: 1,
    regimeProbabilities: NORMAL,
    inventory: 0,
    drift: 0,
    driftTrust: 1,
    ...change,
  };
}

function solved(change: Partial<HjbInput> = {}, settings = DEFAULT_HJB): HjbSolver {
  const hjb = new HjbSolver(settings, DEFAULT_GLFT, 10);
  hjb.optimalQuotes(input(change));
  return hjb;
}

describe('half-spread', () => {
  it.each([
    [200, 50],
    [2_500, 5.5],
    [3_250, 4.58],
    [7_000, 2.93],
  ])('at kappa %d is the published %d bps, fee included', (kappa, bps) => {
    expect(solved({ kappa }).halfSpreadBps).toBeCloseTo(bps, 2);
  });

  it('blends risk aversion over the regimes, with a floor', () => {
    expect(solved().gamma).toBe(0.5);
    expect(solved({ regimeProbabilities: Float64Array.of(1, 0, 0, 0) }).gamma).toBeCloseTo(0.35, 12);
    expect(solved({ regimeProbabilities: Float64Array.of(0.25, 0.25, 0.25, 0.25) }).gamma).toBeCloseTo(0.775, 12);
    expect(solved({ gammaFactor: 2 }).gamma).toBe(1);
    expect(solved({ gammaFactor: 0 }).gamma).toBe(0.01);
  });

  it('takes kappa for at least 1 and sigma for at least a millionth', () => {
    expect(solved({ kappa: 0 }).halfSpreadBps).toBe(50);
    expect(solved({ sigma: -1, inventory: 1 }).inventorySkewBps).toBe(solved({ inventory: 1 }).inventorySkewBps);
  });
});

describe('shift', () => {
  it('goes down while long and up while short', () => {
    expect(solved({ inventory: 0.5 }).inventorySkewBps).toBeGreaterThan(0);
    expect(solved({ inventory: -0.5 }).inventorySkewBps).toBeLessThan(0);
    expect(solved({ inventory: 0 }).inventorySkewBps).toBe(0);
  });

  it('goes down where the drift is bearish, and up where it is bullish (L22)', () => {
    expect(solved({ drift: -0.0001 }).predictiveSkewBps).toBeCloseTo(0.5, 12);
    expect(solved({ drift: 0.0001 }).predictiveSkewBps).toBeCloseTo(-0.5, 12);
    expect(solved({ drift: 0.0001, driftTrust: 0.4 }).predictiveSkewBps).toBeCloseTo(-0.2, 12);
    expect(Math.abs(solved({ drift: 0.0001, driftTrust: 0 }).predictiveSkewBps)).toBe(0);
  });

  it('leans by the spread, and by the risk of holding half the horizon', () => {
    const hjb = solved({ inventory: 1, sigma: 0.001 });
    expect(hjb.inventorySkewBps).toBeCloseTo(hjb.halfSpreadBps + reservationBps(0.5, 0.001, 60), 12);
    expect(reservationBps(0.5, 0.001, 60)).toBeCloseTo(0.15, 12);
  });
});

describe('sizes', () => {
  const depths = Float64Array.of(5, 6, 7.2, 8.64, 10.368);

  function spread(
    totalLots: number,
    roomLots: number,
    minLots = 20,
    maxLots = 500,
    sizeByWorth = 0,
    depthsBps = depths,
  ): number[] {
    const into = new Float64Array(depthsBps.length);
    const hjb = solved({}, { ...DEFAULT_HJB, sizeByWorth });
    hjb.spread({ totalLots, roomLots, minLots, maxLots }, 2_500, depthsBps, into);
    return [...into];
  }

  it('are even, and no lot is lost by rounding', () => {
    expect(spread(1_000, 1_000)).toEqual([200, 200, 200, 200, 200]);
    expect(spread(1_004, 1_004)).toEqual([200, 201, 201, 201, 201]);
  });

  it('by worth grow with the depth, because all are as good as certain to be filled', () => {
    expect(fillProbability(2_500, 200)).toBeCloseTo(1, 12);
    expect(spread(1_000, 1_000, 20, 500, 1)).toEqual([134, 161, 194, 232, 279]);
    expect(spread(1_000, 1_000, 20, 500, 0.5)).toEqual([167, 180, 197, 216, 240]);
  });

  it('are even where nothing is worth anything', () => {
    expect(spread(100, 100, 1, 500, 1, new Float64Array(4))).toEqual([25, 25, 25, 25]);
  });

  it('use up the room from the best level on, and come down to the most that an order may have', () => {
    expect(spread(1_000, 500)).toEqual([200, 200, 100, 0, 0]);
    expect(spread(1_000, 410)).toEqual([200, 200, 0, 0, 0]);
    expect(spread(1_000, 1_000, 20, 150)).toEqual([150, 150, 150, 150, 150]);
  });

  it('are raised to the minimum as far as there is room, and no further', () => {
    expect(spread(50, 60, 20)).toEqual([20, 20, 20, 0, 0]);
    expect(spread(50, 59, 20)).toEqual([20, 20, 0, 0, 0]);
    expect(spread(1_000, 19, 20)).toEqual([0, 0, 0, 0, 0]);
    expect(spread(1_000, 0, 20)).toEqual([0, 0, 0, 0, 0]);
  });

  it('never exceed the room, nor break their bounds', () => {
    fc.assert(
      fc.property(
        fc.record({
          total: fc.integer({ min: 0, max: 100_000 }),
          room: fc.integer({ min: 0, max: 100_000 }),
          min: fc.integer({ min: 1, max: 1_000 }),
          more: fc.integer({ min: 0, max: 5_000 }),
          byWorth: fc.constantFrom(0, 0.3, 1),
          depths: fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 10 }),
        }),
        ({ total, room, min, more, byWorth, depths: depthsBps }) => {
          const lots = spread(total, room, min, min + more, byWorth, Float64Array.from(depthsBps));
          expect(lots.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(room);
          for (const each of lots) {
            expect(Number.isInteger(each)).toBe(true);
            if (each !== 0) expect(each).toBeGreaterThanOrEqual(min);
            expect(each).toBeLessThanOrEqual(min + more);
          }
        },
      ),
      draws(1, 500),
    );
  });
});
