/**
 * The flow of public trades as a signal: takers who buy push the price up. Signed and total size are kept as means that decay in
 * time; their ratio is the imbalance, -1 (only sellers) to 1 (only buyers).
 */
import { BID, type Side } from '../../market.ts';

export class Flow {
  readonly #decayNs: number;
  #signedLots = 0;
  #lots = 0;
  #lastNs = 0;

  /** `decayNs`: time constant of the means. */
  constructor(decayNs: number) {
    this.#decayNs = decayNs;
  }

  /** One trade: `BID` where a buyer took. */
  onTrade(aggressor: Side, sizeLots: number, nowNs: number): void {
    const keep = this.#decayNs / (this.#decayNs + Math.max(0, nowNs - this.#lastNs));
    this.#signedLots = keep * this.#signedLots + (aggressor === BID ? sizeLots : -sizeLots);
    this.#lots = keep * this.#lots + sizeLots;
    this.#lastNs = nowNs;
  }

  /** -1 to 1, fading to 0 while nobody trades. */
  imbalance(nowNs: number): number {
    if (this.#lots === 0) return 0;
    return ((this.#signedLots / this.#lots) * this.#decayNs) / (this.#decayNs + Math.max(0, nowNs - this.#lastNs));
  }

  snapshot(): unknown {
    return [this.#signedLots, this.#lots, this.#lastNs];
  }

  restore(state: unknown): void {
    [this.#signedLots, this.#lots, this.#lastNs] = state as number[];
  }
}
