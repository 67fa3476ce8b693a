/**
 * The basis as a signal: how far our mid lies from the oracle, beyond where it usually does. What is rich is expected to come
 * down, by a share of the excess.
 */
import { BPS } from '../../scale.ts';

/** Share of the excess that is expected to go within the horizon. */
const REVERSION_SHARE = 0.1;

export class Basis {
  readonly #decayNs: number;
  #basis = 0;
  #usual = 0;
  #lastNs = -1;

  /** `decayNs`: time constant of the usual basis. */
  constructor(decayNs: number) {
    this.#decayNs = decayNs;
  }

  /** Both in ticks. */
  onOracle(oracleTicks: number, midTicks: number, nowNs: number): void {
    if (!(oracleTicks > 0 && midTicks > 0)) return;
    this.#basis = midTicks / oracleTicks - 1;
    const spanNs = nowNs - this.#lastNs;
    const share = this.#lastNs < 0 ? 1 : spanNs / (this.#decayNs + spanNs);
    this.#usual += share * (this.#basis - this.#usual);
    this.#lastNs = nowNs;
  }

  /** Move that is expected of us, bps. */
  get expectedMoveBps(): number {
    return BPS * REVERSION_SHARE * (this.#usual - this.#basis);
  }

  snapshot(): unknown {
    return [this.#basis, this.#usual, this.#lastNs];
  }

  restore(state: unknown): void {
    [this.#basis, this.#usual, this.#lastNs] = state as number[];
  }
}
