/**
 * Guéant-Lehalle-Fernandez-Tapia: how far from the mid to quote, and how far to lean against the position (playbook 4.5;
 * formulas of the reference system's `glft.rs`, limits of its `hjb_solver.rs`).
 *
 * `halfSpreadBps` is O(1): (1/γ)·ln(1 + γ/κ) + ½·γ·σ²·T + fee. Everything that makes quotes wider than that is added, never
 * multiplied, and capped in total: widening by factors once compounded to over three times the spread (incident I-10).
 */
import { ln } from '../math.ts';
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
};

/** Below this ratio the logarithm equals its argument to the last bit that matters. */
const SMALL_GAMMA_OVER_KAPPA = 1e-9;

/** The logarithmic part, (1/γ)·ln(1 + γ/κ), in bps. */
export function intensityHalfSpreadBps(gamma: number, kappa: number): number {
  const ratio = gamma / kappa;
  return BPS * (ratio <= SMALL_GAMMA_OVER_KAPPA ? 1 / kappa : ln(1 + ratio) / gamma);
}

/**
 * Half-spread before any widening, bps.
 * @param kappa effective kappa, per fraction of the price
 * @param sigma volatility per square root of a second
 * @param horizonS horizon, seconds
 */
export function halfSpreadBps(settings: GlftSettings, kappa: number, sigma: number, horizonS: number): number {
  const risk = 0.5 * settings.gamma * sigma * sigma * horizonS * BPS;
  const half = intensityHalfSpreadBps(settings.gamma, kappa) + risk + settings.feeBps;
  return Math.min(settings.maxHalfSpreadBps, Math.max(settings.minHalfSpreadBps, half));
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
  const bound = settings.maxSkewShare * halfBps;
  const skew = inventory * (settings.skewGain * halfBps + reservation);
  return Math.min(bound, Math.max(-bound, skew));
}

/** Total widening, bps, of what each source asks for; never negative, never beyond the cap. */
export function cappedWideningBps(settings: GlftSettings, requestedBps: number): number {
  return Math.min(settings.maxWideningBps, Math.max(0, requestedBps));
}
