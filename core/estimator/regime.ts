/**
 * Which of four regimes the market is in, by how its volatility of the last seconds compares with that of the last minute
 * (playbook 2.4, 4.5). The label moves only once the ratio is a fifth beyond the boundary, and never faster down than
 * `dwellNs`, so that it does not flicker.
 */
export const REGIMES = ['quiet', 'normal', 'bursty', 'cascade'] as const;
export type Regime = (typeof REGIMES)[number];

export interface RegimeSettings {
  /** Ratios between quiet and normal, normal and bursty, bursty and cascade. */
  boundaries: [quiet: number, bursty: number, cascade: number];
  /** A boundary counts as crossed this share beyond it. */
  hysteresis: number;
  /** Shortest stay before the label falls. */
  dwellNs: number;
  /** What each regime adds to the half-spread. */
  premiumBps: [quiet: number, normal: number, bursty: number, cascade: number];
}

export const DEFAULT_REGIME: RegimeSettings = {
  // 1.5 is the reference system's volatility event; twice that is a cascade, a third of it is quiet.
  boundaries: [0.5, 1.5, 3],
  hysteresis: 0.2,
  // As long as the short horizon of the volatility: widening goes in at once and comes out when the burst is forgotten.
  dwellNs: 5_000_000_000,
  // The reference's 0.5, 1, 3 and 6 bps over the normal regime's.
  premiumBps: [0, 0, 2, 5],
};

const NORMAL = 1;

export class RegimeClassifier {
  readonly #settings: RegimeSettings;
  #index = NORMAL;
  #ratio = 1;
  #sinceNs = 0;

  constructor(settings: RegimeSettings) {
    this.#settings = settings;
  }

  /** A new ratio of short to long volatility. */
  onRatio(ratio: number, nowNs: number): void {
    this.#ratio = ratio;
    const { boundaries, hysteresis, dwellNs } = this.#settings;
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
    return this.#settings.premiumBps[this.#index];
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
