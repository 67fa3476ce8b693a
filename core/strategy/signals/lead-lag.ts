/**
 * A leading market as a signal: what the leader has moved and we have not yet. Each of the two is held against its own
 * decaying mean; the difference of the two deviations is the move that is still to come.
 */
import { BPS } from '../../scale.ts';

export class LeadLag {
  readonly #decayNs: number;
  readonly #leader = new Deviation();
  readonly #own = new Deviation();

  /** `decayNs`: time constant of the means. */
  constructor(decayNs: number) {
    this.#decayNs = decayNs;
  }

  /** The leader's price, in whatever unit: only its relative moves count. */
  onLeader(price: number, nowNs: number): void {
    this.#leader.take(price, this.#decayNs, nowNs);
  }

  /** Our own mid. */
  onMid(midTicks: number, nowNs: number): void {
    this.#own.take(midTicks, this.#decayNs, nowNs);
  }

  /** Move that is expected of us, bps. */
  get expectedMoveBps(): number {
    return BPS * (this.#leader.share - this.#own.share);
  }

  snapshot(): unknown {
    return [this.#leader.snapshot(), this.#own.snapshot()];
  }

  restore(state: unknown): void {
    const [leader, own] = state as [unknown, unknown];
    this.#leader.restore(leader);
    this.#own.restore(own);
  }
}

/** How far a price lies from its decaying mean. */
class Deviation {
  #mean = 0;
  #price = 0;
  #lastNs = 0;

  take(price: number, decayNs: number, nowNs: number): void {
    if (this.#mean === 0) this.#mean = price;
    const spanNs = Math.max(0, nowNs - this.#lastNs);
    // The price that held until now counts for that time.
    if (this.#price > 0) this.#mean += (spanNs / (decayNs + spanNs)) * (this.#price - this.#mean);
    this.#price = price;
    this.#lastNs = nowNs;
  }

  /** Share of the mean; 0 before any price. */
  get share(): number {
    return this.#mean > 0 ? this.#price / this.#mean - 1 : 0;
  }

  snapshot(): unknown {
    return [this.#mean, this.#price, this.#lastNs];
  }

  restore(state: unknown): void {
    [this.#mean, this.#price, this.#lastNs] = state as number[];
  }
}
