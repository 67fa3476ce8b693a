/**
 * Which of four regimes the market is in, by how its volatility of the last seconds compares with that of the last minute
 * (playbook 2.4, 4.5). The label moves only once the ratio is a fifth beyond the boundary, and never faster down than
 * `dwellNs`, so that it does not flicker.
 */
export const REGIMES = ['quiet', 'normal', 'bursty', 'cascade'] as const;
export type Regime = (typeof REGIMES)[number];

export interface RegimeSettings {
  /** Ratios of the volatilities between quiet and normal, normal and bursty, bursty and cascade. */
  quietBelow: number;
  burstyAbove: number;
  cascadeAbove: number;
  /** A boundary counts as crossed this share beyond it. */
  hysteresis: number;
  /** Shortest stay before the label falls. */
  dwellNs: number;
  /** What these regimes add to the half-spread. */
  burstyPremiumBps: number;
  cascadePremiumBps: number;
}

export const DEFAULT_REGIME: RegimeSettings = {
  // 1.5 is the reference system's volatility event; twice that is a cascade, a third of it is quiet.
  quietBelow: 0.5,
  burstyAbove: 1.5,
  cascadeAbove: 3,
  hysteresis: 0.2,
  // As long as the short horizon of the volatility: widening goes in at once and comes out when the burst is forgotten.
  dwellNs: 5_000_000_000,
  // The reference's 3 and 6 bps, over the 1 bps of its normal regime.
  burstyPremiumBps: 2,
  cascadePremiumBps: 5,
};

const NORMAL = 1;

export class RegimeClassifier {
  readonly #settings: RegimeSettings;
  /** Between each regime and the next, and what each one adds. */
  readonly #boundaries: readonly number[];
  readonly #premiumsBps: readonly number[];
  #index = NORMAL;
  #ratio = 1;
  #sinceNs = 0;

  constructor(settings: RegimeSettings) {
    this.#settings = settings;
    this.#boundaries = [settings.quietBelow, settings.burstyAbove, settings.cascadeAbove];
    this.#premiumsBps = [0, 0, settings.burstyPremiumBps, settings.cascadePremiumBps];
  }

  /** A new ratio of short to long volatility. */
  onRatio(ratio: number, nowNs: number): void {
    this.#ratio = ratio;
    const { hysteresis, dwellNs } = this.#settings;
    const boundaries = this.#boundaries;
    let index = this.#index;
    while (index < boundaries.length && ratio > boundaries[index] * (1 + hysteresis)) index++;
    if (index === this.#index && nowNs - this.#sinceNs >= dwellNs) {
      while (index > 0 && ratio < boundaries[index - 1] * (1 - hysteresis)) index--;
    }
    if (index !== this.#index) {
      this.#index = index;
      this.#sinceNs = nowNs;
    }
  }

  /** Index into `REGIMES`. */
  get index(): number {
    return this.#index;
  }

  get regime(): Regime {
    return REGIMES[this.#index];
  }

  get premiumBps(): number {
    return this.#premiumsBps[this.#index];
  }

  /** False where the last ratio was no number: nothing is known about the market then. */
  get valid(): boolean {
    return this.#ratio >= 0 && this.#ratio < Infinity;
  }

  snapshot(): unknown {
    return [this.#index, this.#ratio, this.#sinceNs];
  }

  restore(state: unknown): void {
    [this.#index, this.#ratio, this.#sinceNs] = state as number[];
  }
}
