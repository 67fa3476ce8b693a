/**
 * Volatility per square root of a second, from the mid (playbook 2.4, 2.5).
 *
 * The mid is sampled at most every `sampleNs`, so that bounce between bid and ask is not taken for movement. A sample is
 * the squared return over its own span, and weighs as long as that span: an exponentially weighted mean in time, written
 * with + - * / only (weight dt / (τ + dt), the first-order form of 1 - e^(-dt/τ)). While less than τ has been seen the
 * mean is a plain time average, with the prior worth `priorNs` of it, so that a cold start is neither blind nor slow.
 *
 * Two horizons are kept: the long one is the estimate, the ratio of short to long tells the regime (`regime.ts`).
 */
import { NS_PER_S } from '../scale.ts';

export interface VolatilitySettings {
  sampleNs: number;
  /** Time constants of the two means. */
  longNs: number;
  shortNs: number;
  /** σ before anything is known, per square root of a second, and how long it counts for. */
  priorSigma: number;
  priorNs: number;
  /** Samples before the estimate counts as ready. */
  minSamples: number;
  /** Lower limit of σ, and upper limit as a multiple of the prior. */
  minSigma: number;
  maxOverPrior: number;
}

export const DEFAULT_VOLATILITY: VolatilitySettings = {
  sampleNs: 500_000_000,
  longNs: 60_000_000_000,
  shortNs: 5_000_000_000,
  // The reference system's cold default.
  priorSigma: 0.00025,
  priorNs: 5_000_000_000,
  // The fewest samples that span a few seconds of an ordinary book feed.
  minSamples: 5,
  // The HJB solver's floor.
  minSigma: 0.000001,
  // Incident I-71: without a limit one spike froze quoting.
  maxOverPrior: 10,
};

export class Volatility {
  readonly #settings: VolatilitySettings;
  #longVariance: number;
  #shortVariance: number;
  /** Time that the means stand for so far, the prior's included, ns. */
  #seenNs: number;
  #lastNs = -1;
  #lastMid = 0;
  #samples = 0;

  constructor(settings: VolatilitySettings) {
    this.#settings = settings;
    this.#longVariance = settings.priorSigma * settings.priorSigma;
    this.#shortVariance = this.#longVariance;
    this.#seenNs = settings.priorNs;
  }

  /** The mid as it is now; returns true where a sample was taken. */
  onMid(midTicks: number, nowNs: number): boolean {
    if (this.#lastNs < 0) {
      this.#lastNs = nowNs;
      this.#lastMid = midTicks;
      return false;
    }
    const spanNs = nowNs - this.#lastNs;
    if (spanNs < this.#settings.sampleNs) return false;
    const change = (midTicks - this.#lastMid) / this.#lastMid;
    const variance = (change * change * NS_PER_S) / spanNs;
    this.#longVariance += this.#weight(this.#settings.longNs, spanNs) * (variance - this.#longVariance);
    this.#shortVariance += this.#weight(this.#settings.shortNs, spanNs) * (variance - this.#shortVariance);
    this.#seenNs += spanNs;
    this.#lastNs = nowNs;
    this.#lastMid = midTicks;
    this.#samples++;
    return true;
  }

  #weight(horizonNs: number, spanNs: number): number {
    return spanNs / (Math.min(horizonNs, this.#seenNs) + spanNs);
  }

  /** Per square root of a second. */
  get sigma(): number {
    return this.#bounded(this.#longVariance);
  }

  /** σ of the short horizon over that of the long one. */
  get shortOverLong(): number {
    return this.#bounded(this.#shortVariance) / this.#bounded(this.#longVariance);
  }

  #bounded(variance: number): number {
    const { minSigma, maxOverPrior, priorSigma } = this.#settings;
    return Math.min(maxOverPrior * priorSigma, Math.max(minSigma, Math.sqrt(variance)));
  }

  get ready(): boolean {
    return this.#samples >= this.#settings.minSamples;
  }

  snapshot(): unknown {
    return [this.#longVariance, this.#shortVariance, this.#seenNs, this.#lastNs, this.#lastMid, this.#samples];
  }

  restore(state: unknown): void {
    [this.#longVariance, this.#shortVariance, this.#seenNs, this.#lastNs, this.#lastMid, this.#samples] =
      state as number[];
  }
}
