/**
 * Weights of the requests of the trailing minute (hyperliquid, section 5.1). The exchange counts them for one address on the
 * internet; this is the same count, kept on our side, so that its limit is foreseen and not run into.
 */
import type { RestRequest } from '../../port.ts';
import { NS_PER_S } from '../../scale.ts';

const WINDOW_NS = 60 * NS_PER_S;
/** Forgotten weights are cleared away in portions of this size. */
const COMPACT_AT = 256;
/** Orders or cancels of an action for which it weighs one more. */
const ITEMS_OF_ACTION = 40;

const REST_WEIGHTS: Readonly<Record<RestRequest, number>> = {
  openOrders: 20,
  clearinghouseState: 2,
  orderStatus: 2,
  userFillsByTime: 20,
  userRateLimit: 20,
  meta: 20,
};

/** Weight of an action with so many orders or cancels. */
export function actionWeight(items: number): number {
  return 1 + Math.floor(items / ITEMS_OF_ACTION);
}

/** Weight of a question to the exchange, without what a long answer adds. */
export function restWeight(request: RestRequest): number {
  return REST_WEIGHTS[request];
}

export class WeightWindow {
  #ns: number[] = [];
  #weights: number[] = [];
  #first = 0;
  #used = 0;

  add(weight: number, nowNs: number): void {
    this.#ns.push(nowNs);
    this.#weights.push(weight);
    this.#used += weight;
  }

  /** Sum of the weights that are younger than a minute. */
  used(nowNs: number): number {
    const fromNs = nowNs - WINDOW_NS;
    while (this.#first < this.#ns.length && this.#ns[this.#first] <= fromNs) {
      this.#used -= this.#weights[this.#first];
      this.#first++;
    }
    if (this.#first >= COMPACT_AT) {
      this.#ns.splice(0, this.#first);
      this.#weights.splice(0, this.#first);
      this.#first = 0;
    }
    return this.#used;
  }

  /** When so much weight will be free under a limit; now where it is already, Infinity where it never can be. */
  freeNs(weight: number, limit: number, nowNs: number): number {
    let used = this.used(nowNs);
    if (used + weight <= limit) return nowNs;
    for (let row = this.#first; row < this.#ns.length; row++) {
      used -= this.#weights[row];
      if (used + weight <= limit) return this.#ns[row] + WINDOW_NS;
    }
    return Number.POSITIVE_INFINITY;
  }

  snapshot(): unknown {
    return { ns: this.#ns.slice(this.#first), weights: this.#weights.slice(this.#first) };
  }

  restore(state: unknown): void {
    const from = state as { ns: readonly number[]; weights: readonly number[] };
    this.#ns = from.ns.slice();
    this.#weights = from.weights.slice();
    this.#first = 0;
    this.#used = 0;
    for (const weight of this.#weights) this.#used += weight;
  }
}
