/**
 * What the market was when an order was placed: the mid, and what stood before it at its price. A fill is judged by that, because at
 * the fill the mid has come to the order and every fill looks alike (incidents I-13, I-25).
 *
 * Kept by client order id for the newest orders, in flat arrays: ids are given one by one, so each has its place.
 */

export interface Placement {
  /** Mid when the order was placed, ticks. */
  midTicks: number;
  /** Size that stood at its price then, lots. */
  queueAheadLots: number;
  placedNs: number;
}

/** Four times the exchange's limit of open orders, so that a late fill still finds its order. */
const ORDERS = 4_096;

export class PlacementLog {
  readonly #cloids = new Float64Array(ORDERS);
  readonly #mids = new Float64Array(ORDERS);
  readonly #queues = new Float64Array(ORDERS);
  readonly #times = new Float64Array(ORDERS);

  /** An order goes out. `cloid` is at least 1. */
  placed(cloid: number, midTicks: number, queueAheadLots: number, nowNs: number): void {
    const at = cloid % ORDERS;
    this.#cloids[at] = cloid;
    this.#mids[at] = midTicks;
    this.#queues[at] = queueAheadLots;
    this.#times[at] = nowNs;
  }

  /** What was noted of an order; null where it is not, or not any longer, known. */
  find(cloid: number): Placement | null {
    const at = cloid % ORDERS;
    if (cloid <= 0 || this.#cloids[at] !== cloid) return null;
    return { midTicks: this.#mids[at], queueAheadLots: this.#queues[at], placedNs: this.#times[at] };
  }

  snapshot(): unknown {
    return {
      cloids: this.#cloids.slice(),
      mids: this.#mids.slice(),
      queues: this.#queues.slice(),
      times: this.#times.slice(),
    };
  }

  restore(state: unknown): void {
    const from = state as { cloids: Float64Array; mids: Float64Array; queues: Float64Array; times: Float64Array };
    this.#cloids.set(from.cloids);
    this.#mids.set(from.mids);
    this.#queues.set(from.queues);
    this.#times.set(from.times);
  }
}
