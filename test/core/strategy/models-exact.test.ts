/** GLFT and the HJB solver against decimal.js at 50 digits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { DEFAULT_HJB, fillProbability, HjbSolver, reservationBps } from '../../../core/stochastic/hjb-solver.ts';
import {
  DEFAULT_GLFT,
  type GlftSettings,
  halfSpreadBps,
  halfSpreadWithDriftBps,
  intensityHalfSpreadBps,
} from '../../../core/strategy/glft.ts';
import { draws } from '../../support/draws.ts';
import { Decimal, exactExp, exactLn, exactly } from '../../support/exact-functions.ts';

const RUNS = draws(1, 1_000);
/** Wide enough never to bind: the limits have tests of their own. */
const UNBOUND: GlftSettings = { ...DEFAULT_GLFT, minHalfSpreadBps: 0, maxHalfSpreadBps: 1e9, maxAsymmetryBps: 1e9 };

const gamma = fc.double({ min: 0.01, max: 20, noNaN: true });
const kappa = fc.double({ min: 1, max: 20_000, noNaN: true });
const sigma = fc.double({ min: 1e-6, max: 0.0025, noNaN: true });
const horizonS = fc.double({ min: 1, max: 600, noNaN: true });

function expectNear(actual: number, exact: Decimal): void {
  const error = exactly(actual).minus(exact).abs();
  // A relative error of 10^-12, and for what is next to nothing an absolute one.
  expect(error.lessThanOrEqualTo(exact.abs().times(1e-12).plus(1e-300)), `${actual} is not ${exact.toFixed(20)}`).toBe(
    true,
  );
}

/** 10,000 (1/γ) ln(1 + γ/κ). */
function intensity(g: number, k: number): Decimal {
  const ratio = exactly(g).div(exactly(k));
  return exactLn(ratio.plus(1), Math.log1p(g / k))
    .div(exactly(g))
    .times(10_000);
}

/** 10,000 γ σ² T / 2. */
function risk(g: number, s: number, t: number): Decimal {
  return exactly(g).times(exactly(s)).times(exactly(s)).times(exactly(t)).times(5_000);
}

describe('GLFT', () => {
  it('has the half-spread of the formula', () => {
    fc.assert(
      fc.property(gamma, kappa, sigma, horizonS, (g, k, s, t) => {
        expectNear(intensityHalfSpreadBps(g, k), intensity(g, k));
        expectNear(
          halfSpreadBps(UNBOUND, k, s, t, g),
          intensity(g, k)
            .plus(risk(g, s, t))
            .plus(1.5),
        );
        expectNear(
          halfSpreadBps({ ...UNBOUND, gamma: g }, k, s, t),
          intensity(g, k)
            .plus(risk(g, s, t))
            .plus(1.5),
        );
      }),
      RUNS,
    );
  });

  it('goes over into 1/kappa where gamma vanishes', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-20, max: 1e-9, noNaN: true }), kappa, (g, k) => {
        expectNear(intensityHalfSpreadBps(g, k), intensity(g, k));
      }),
      RUNS,
    );
  });

  it('moves both sides by half the drift within the horizon', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 50, noNaN: true }),
        fc.double({ min: -1e-6, max: 1e-6, noNaN: true }),
        horizonS,
        (half, drift, t) => {
          const shift = exactly(drift).times(exactly(t)).times(5_000);
          expectNear(halfSpreadWithDriftBps(UNBOUND, BID, half, drift, t), exactly(half).minus(shift));
          expectNear(halfSpreadWithDriftBps(UNBOUND, ASK, half, drift, t), exactly(half).plus(shift));
        },
      ),
      RUNS,
    );
  });
});

describe('HJB solver', () => {
  it('has the risk aversion, the half-spread and the shifts of the formulas', () => {
    const hjb = new HjbSolver(DEFAULT_HJB, UNBOUND, 1);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        kappa,
        sigma,
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        fc.tuple(share, share, share, share),
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: -0.001, max: 0.001, noNaN: true }),
        share,
        (k, s, gammaFactor, regimes, inventory, drift, driftTrust) => {
          const regimeProbabilities = Float64Array.from(regimes, p => p + 0.01);
          const input = { kappa: k, sigma: s, gammaFactor, regimeProbabilities, inventory, drift, driftTrust };
          hjb.optimalQuotes(input);
          const blend = (values: readonly number[]): Decimal =>
            values.reduce((sum, value, r) => sum.plus(exactly(regimeProbabilities[r]).times(value)), new Decimal(0));
          const g = Decimal.max(0.01, blend([0.7, 1, 1.5, 3]).times(0.5).times(exactly(gammaFactor)));
          expectNear(hjb.gamma, g);
          const half = intensity(hjb.gamma, k)
            .plus(risk(hjb.gamma, s, 60))
            .plus(1.5);
          expectNear(hjb.halfSpreadBps, half);
          const lean = blend([1.5, 1, 0.5, 0.3])
            .times(half)
            .plus(risk(hjb.gamma, s, 60));
          expectNear(hjb.inventorySkewBps, lean.times(exactly(inventory)));
          const bias = exactly(drift).times(exactly(driftTrust)).times(-5_000);
          expectNear(hjb.predictiveSkewBps, bias);
          expectNear(reservationBps(hjb.gamma, s, 60), risk(hjb.gamma, s, 60));
        },
      ),
      RUNS,
    );
  });

  it('has the chance of a fill of the formula', () => {
    fc.assert(
      fc.property(kappa, fc.double({ min: 0, max: 200, noNaN: true }), (k, depthBps) => {
        const falls = exactExp(exactly(depthBps).times(-0.5).div(10_000));
        expectNear(fillProbability(k, depthBps), new Decimal(1).minus(exactExp(falls.times(exactly(k)).times(-1))));
      }),
      RUNS,
    );
  });
});
