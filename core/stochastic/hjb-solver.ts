/**
 * The Hamilton-Jacobi-Bellman solver (playbook 4.5): from what is known of the market and of the position to optimal quotes. Risk
 * aversion is blended over the four regimes, GLFT gives the half-spread for it, the position and the expected drift shift
 * both sides, and the sizes are spread over the depths of the levels by what each is worth.
 *
 * A shift is positive where quotes move down. So a long position shifts down, and so does a drift that is expected to be bearish:
 * with the other sign the core bought into falling markets. `optimalQuotes` is O(levels), allocates nothing, and takes
 * a few microseconds for ten levels.
 */
import { exp } from '../math.ts';
import { BPS, NS_PER_S } from '../scale.ts';
import { type GlftSettings, halfSpreadBps } from '../strategy/glft.ts';

export interface HjbSettings {
  /** Multiples of the risk aversion in each regime. */
  quietGamma: number;
  normalGamma: number;
  burstyGamma: number;
  cascadeGamma: number;
  /** Gain of the lean against the position, as a multiple of GLFT's, in each regime. */
  quietLean: number;
  normalLean: number;
  burstyLean: number;
  cascadeLean: number;
  /** Share of the expected drift that quotes move along. */
  biasScale: number;
  /** Share of a side's size that is spread over the levels by what each is worth; the rest is spread evenly. */
  sizeByWorth: number;
}

export const DEFAULT_HJB: HjbSettings = {
  // The reference system's multipliers and scale of the bias.
  quietGamma: 0.7,
  normalGamma: 1,
  burstyGamma: 1.5,
  cascadeGamma: 3,
  biasScale: 0.5,
  // The matrix' last section: $200 a level. 1 is the reference system's P(δ)·δ.
  sizeByWorth: 0,
  // Its gains of the skew: less lean where the spread is wide already.
  quietLean: 1.5,
  normalLean: 1,
  burstyLean: 0.5,
  cascadeLean: 0.3,
};

/** Floors of the reference system: less makes no sense of the formulas. */
const MIN_GAMMA = 0.01;
const MIN_KAPPA = 1;
const MIN_SIGMA = 0.000001;
/** By how much the intensity of fills falls with the depth, per share of the price. */
const DEPTH_SENSITIVITY = 0.5;

/** What quotes are computed from. */
export interface HjbInput {
  /** Effective kappa, per share of the price. */
  kappa: number;
  /** Volatility per square root of a second. */
  sigma: number;
  /** Multiple of the risk aversion where the book's liquidity is not to be trusted; 1: it is. */
  gammaFactor: number;
  /** Probabilities of quiet, normal, bursty and cascade. */
  regimeProbabilities: Float64Array;
  /** Position over its maximum, signed. */
  inventory: number;
  /** Expected drift, a share of the price per square root of a second, and how far it is trusted, 0 to 1. */
  drift: number;
  driftTrust: number;
}

/** What the sizes of one side are made from. */
export interface HjbSizes {
  /** Lots that the side is to have in all, if there is room. */
  totalLots: number;
  /** Most lots that it may have. */
  roomLots: number;
  /** Least that one level may have, and most. */
  minLots: number;
  maxLots: number;
}

export class HjbSolver {
  readonly #settings: HjbSettings;
  readonly #glft: GlftSettings;
  readonly #horizonS: number;
  /** Worth of each level, by which the sizes are spread. */
  readonly #worth: Float64Array;
  readonly #gammas: Float64Array;
  readonly #leans: Float64Array;

  /** Risk aversion with the regimes blended in. */
  gamma = 0;
  /** Half-spread of the best level, fee and risk included, bps. */
  halfSpreadBps = 0;
  /** Shift for the position, and for the expected drift; down where positive, bps. */
  inventorySkewBps = 0;
  predictiveSkewBps = 0;

  /** `levels`: most levels of a side. */
  constructor(settings: HjbSettings, glft: GlftSettings, levels: number) {
    const { quietGamma, normalGamma, burstyGamma, cascadeGamma } = settings;
    const { quietLean, normalLean, burstyLean, cascadeLean } = settings;
    this.#settings = settings;
    this.#glft = glft;
    this.#horizonS = glft.horizonNs / NS_PER_S;
    this.#worth = new Float64Array(levels);
    this.#gammas = Float64Array.of(quietGamma, normalGamma, burstyGamma, cascadeGamma);
    this.#leans = Float64Array.of(quietLean, normalLean, burstyLean, cascadeLean);
  }

  /** Computes risk aversion, half-spread and both shifts; `spread` then gives the sizes. */
  optimalQuotes(input: HjbInput): void {
    const { skewGain } = this.#glft;
    const { inventory, regimeProbabilities } = input;
    const kappa = Math.max(MIN_KAPPA, input.kappa);
    const sigma = Math.max(MIN_SIGMA, input.sigma);
    const blend = blended(regimeProbabilities, this.#gammas);
    this.gamma = Math.max(MIN_GAMMA, this.#glft.gamma * blend * input.gammaFactor);
    this.halfSpreadBps = halfSpreadBps(this.#glft, kappa, sigma, this.#horizonS, this.gamma);
    const lean = skewGain * blended(regimeProbabilities, this.#leans) * this.halfSpreadBps;
    this.inventorySkewBps = inventory * (lean + reservationBps(this.gamma, sigma, this.#horizonS));
    this.predictiveSkewBps = -BPS * this.#settings.biasScale * input.driftTrust * input.drift;
  }

  /**
   * Spreads a side's lots over its depths: `sizeByWorth` of them by P(δ)·δ, because a fill within a second at a depth of δ is as likely
   * as P(δ) and earns δ; the rest, and all where that is nothing, evenly. Whole lots, and none is lost by rounding.
   *
   * The room is used up from the best level on, so that a fill takes a level away and leaves the others as they stand. A share under
   * the minimum is raised to it while there is room, and never beyond the room that is left (incident I-69): what would not
   * be a valid order is 0, and so are all levels after it.
   * @param depthsBps distances of the levels, best first
   * @param into lots by level, as many as there are depths
   */
  spread(sizes: HjbSizes, kappa: number, depthsBps: Float64Array, into: Float64Array): void {
    const levels = depthsBps.length;
    const worth = this.#worth;
    let sum = 0;
    for (let level = 0; level < levels; level++) {
      const depthBps = depthsBps[level];
      worth[level] = fillProbability(kappa, depthBps) * depthBps;
      sum += worth[level];
    }
    const byWorth = sum > 1e-12 ? this.#settings.sizeByWorth : 0;
    const even = (1 - byWorth) / levels;
    let left = Math.floor(sizes.roomLots);
    let cumulated = 0;
    let spreadLots = 0;
    for (let level = 0; level < levels; level++) {
      cumulated += byWorth === 0 ? even : even + (byWorth * worth[level]) / sum;
      const untilLots = level === levels - 1 ? sizes.totalLots : Math.floor(sizes.totalLots * cumulated);
      const shareLots = untilLots - spreadLots;
      spreadLots = untilLots;
      const wanted = Math.min(sizes.maxLots, Math.max(sizes.minLots, shareLots));
      const lots = wanted <= left ? wanted : left;
      const isValid = lots >= sizes.minLots && lots > 0;
      into[level] = isValid ? lots : 0;
      left = isValid ? left - lots : 0;
    }
  }
}

/** Shift for a whole position by its risk until the horizon, γσ²T/2, bps. */
export function reservationBps(gamma: number, sigma: number, horizonS: number): number {
  return (BPS * gamma * sigma * sigma * horizonS) / 2;
}

/** Chance of a fill within a second at a depth: 1 for all but the thinnest markets. */
export function fillProbability(kappa: number, depthBps: number): number {
  return 1 - exp(-kappa * exp((-DEPTH_SENSITIVITY * depthBps) / BPS));
}

function blended(probabilities: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let regime = 0; regime < values.length; regime++) sum += probabilities[regime] * values[regime];
  return sum;
}
