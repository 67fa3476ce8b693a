/**
 * The open interest of one instrument: every trade may open, close or hand on a position. It is drawn back to where the
 * market began, so that a long run does not lead it away; what liquidations close is gone at once and comes back with the
 * accounts.
 */
import type { RandomStream } from '../kernel/random.ts';

/** Share of trades in which both sides open, and in which both close, when the open interest is as usual. */
const OPENING_SHARE = 0.3;
const CLOSING_SHARE = 0.3;

export class OpenInterest {
  lots: number;
  readonly #usualLots: number;
  readonly #random: RandomStream;

  constructor(usualLots: number, random: RandomStream) {
    this.lots = usualLots;
    this.#usualLots = usualLots;
    this.#random = random;
  }

  /** Two ordinary participants have traded. */
  traded(lots: number): void {
    const missing = (this.#usualLots - this.lots) / this.#usualLots;
    const opening = OPENING_SHARE * (1 + missing);
    const draw = this.#random.next();
    if (draw < opening) this.lots += lots;
    else if (draw >= 1 - CLOSING_SHARE * (1 - missing)) this.lots = Math.max(0, this.lots - lots);
  }

  /** Positions were opened (or, where negative, closed) for certain. */
  change(lots: number): void {
    this.lots = Math.max(0, this.lots + lots);
  }

  snapshot(): unknown {
    return this.lots;
  }

  restore(state: unknown): void {
    this.lots = state as number;
  }
}
