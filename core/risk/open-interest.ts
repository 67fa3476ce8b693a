/**
 * How far open interest has fallen within a minute (playbook 1.3): the share that is missing from its highest of the trailing
 * window. It comes with the asset context, about every 3 s; between two of them it is taken to be what it was.
 */
import { NS_PER_S } from '../scale.ts';

/** The matrix, 1.3 (b). */
export const OPEN_INTEREST_WINDOW_NS = 60 * NS_PER_S;

export class OpenInterestWindow {
  readonly #windowNs: number;
  /** Descending: each is larger than all after it, so that the first is the highest. With the time that each was last true. */
  #lots: number[] = [];
  #untilNs: number[] = [];

  constructor(windowNs: number = OPEN_INTEREST_WINDOW_NS) {
    this.#windowNs = windowNs;
  }

  /** Takes a new figure. One that is no positive number says nothing. */
  observe(openInterestLots: number, nowNs: number): void {
    if (!(openInterestLots > 0 && openInterestLots < Number.POSITIVE_INFINITY)) return;
    const last = this.#lots.length - 1;
    // The figure before was true until now.
    if (last >= 0) this.#untilNs[last] = nowNs;
    this.#forget(nowNs);
    while (this.#lots.length > 0 && this.#lots[this.#lots.length - 1] <= openInterestLots) {
      this.#lots.pop();
      this.#untilNs.pop();
    }
    this.#lots.push(openInterestLots);
    this.#untilNs.push(nowNs);
  }

  /** Share that is missing now, 0 to 1; 0 before any figure. */
  drop(nowNs: number): number {
    this.#forget(nowNs);
    const last = this.#lots.length - 1;
    return last < 0 ? 0 : (this.#lots[0] - this.#lots[last]) / this.#lots[0];
  }

  /** The newest figure stays, whatever its age. */
  #forget(nowNs: number): void {
    while (this.#lots.length > 1 && this.#untilNs[0] < nowNs - this.#windowNs) {
      this.#lots.shift();
      this.#untilNs.shift();
    }
  }

  snapshot(): unknown {
    return { lots: this.#lots.slice(), untilNs: this.#untilNs.slice() };
  }

  restore(state: unknown): void {
    const from = state as { lots: readonly number[]; untilNs: readonly number[] };
    this.#lots = from.lots.slice();
    this.#untilNs = from.untilNs.slice();
  }
}
