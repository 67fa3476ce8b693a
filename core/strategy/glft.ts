/**
 * Guéant-Lehalle-Fernandez-Tapia: how far from the mid to quote, and how far to lean against the position (playbook 4.5;
 * formulas of the reference system's `glft.rs`, limits of its `hjb_solver.rs`).
 *
 * `halfSpreadBps` is O(1): (1/γ)·ln(1 + γ/κ) + ½·γ·σ²·T + fee. Everything that makes quotes wider than that is added, never
 * multiplied, and capped in total: widening by factors once compounded to over three times the spread (incident I-10).
 */
import { BID, type Side } from '../market.ts';
import { log1p } from '../math.ts';
import { BPS } from '../scale.ts';

export interface GlftSettings {
  /** Risk aversion. */
  gamma: number;
  /** Horizon over which a position is thought to be held, ns. */
  horizonNs: number;
  /** Maker fee that a quote has to earn, bps. */
  feeBps: number;
  minHalfSpreadBps: number;
  maxHalfSpreadBps: number;
  /** Most that all widening together may add, bps. */
  maxWideningBps: number;
  /** Skew at full inventory, as a share of the half-spread. */
  skewGain: number;
  /** Bound of the skew, as a share of the half-spread. */
  maxSkewShare: number;
  /** Most that a drift may set the two half-spreads apart, bps. */
  maxAsymmetryBps: number;
}

export const DEFAULT_GLFT: GlftSettings = {
  // The HJB solver's defaults: gamma, horizon, fee, clamp of the half-spread.
  gamma: 0.5,
  horizonNs: 60_000_000_000,
  feeBps: 1.5,
  minHalfSpreadBps: 2,
  maxHalfSpreadBps: 50,
  // Playbook 4.5.
  maxWideningBps: 20,
  // The normal regime's gain leans half a spread at half inventory; total skew stays under 80 % of the half-spread.
  skewGain: 1,
  maxSkewShare: 0.8,
  // The reference system's cap.
  maxAsymmetryBps: 20,
};

/** Below this ratio the logarithm is its argument, to one part in 10^12; and gamma may be zero. */
const SMALL_GAMMA_OVER_KAPPA = 1e-12;

/** The logarithmic part, (1/γ)·ln(1 + γ/κ), in bps. */
export function intensityHalfSpreadBps(gamma: number, kappa: number): number {
  const ratio = gamma / kappa;
  return BPS * (ratio <= SMALL_GAMMA_OVER_KAPPA ? 1 / kappa : log1p(ratio) / gamma);
}

/**
 * Half-spread before any widening, bps.
 * @param kappa effective kappa, per fraction of the price
 * @param sigma volatility per square root of a second
 * @param horizonS horizon, seconds
 * @param gamma risk aversion, where it is another one than the settings'
 */
export function halfSpreadBps(
  settings: GlftSettings,
  kappa: number,
  sigma: number,
  horizonS: number,
  gamma: number = settings.gamma,
): number {
  const risk = 0.5 * gamma * sigma * sigma * horizonS * BPS;
  const half = intensityHalfSpreadBps(gamma, kappa) + risk + settings.feeBps;
  return Math.min(settings.maxHalfSpreadBps, Math.max(settings.minHalfSpreadBps, half));
}

/**
 * Half-spread of one side under a drift that is expected to last, bps: where the price rises the bid draws nearer by μT/2 and
 * the ask moves away by as much. The two never come to differ by more than `maxAsymmetryBps`, and neither is under the fee.
 * @param driftPerS expected drift, a share of the price a second; positive where the price rises
 */
export function halfSpreadWithDriftBps(
  settings: GlftSettings,
  side: Side,
  halfBps: number,
  driftPerS: number,
  horizonS: number,
): number {
  const bound = settings.maxAsymmetryBps / 2;
  const shift = Math.min(bound, Math.max(-bound, (BPS * driftPerS * horizonS) / 2));
  return Math.max(settings.feeBps, side === BID ? halfBps - shift : halfBps + shift);
}

/** What each regime adds to the half-spread, blended by the regimes' probabilities, bps. Quiet and normal add nothing. */
export function regimePremiumBps(probabilities: Float64Array, burstyBps: number, cascadeBps: number): number {
  return probabilities[2] * burstyBps + probabilities[3] * cascadeBps;
}

/** Bounds a shift of both sides to its share of the half-spread, bps. */
export function boundedSkewBps(settings: GlftSettings, halfBps: number, skewBps: number): number {
  const bound = settings.maxSkewShare * halfBps;
  return Math.min(bound, Math.max(-bound, skewBps));
}

/**
 * How far both sides shift down, bps: positive while long, so that the position is sold sooner than it grows.
 * @param inventory position over maximum, signed; may be beyond ±1
 */
export function inventorySkewBps(
  settings: GlftSettings,
  halfBps: number,
  sigma: number,
  horizonS: number,
  inventory: number,
): number {
  const reservation = settings.gamma * sigma * sigma * horizonS * BPS;
  return boundedSkewBps(settings, halfBps, inventory * (settings.skewGain * halfBps + reservation));
}

/** Total widening, bps, of what each source asks for; never negative, never beyond the cap. */
export function cappedWideningBps(settings: GlftSettings, requestedBps: number): number {
  return Math.min(settings.maxWideningBps, Math.max(0, requestedBps));
}
