/** How often things happened of late: counts of the trailing ten seconds, second by second, in constant room. */
import { NS_PER_S } from '../../scale.ts';

/** Seconds that are kept, the one under way included. */
const SECONDS = 10;

export class TrailingCounts {
  readonly #kinds: number;
  /** By second, as a ring, and kind. */
  readonly #counts: Float64Array;
  /** The second under way. */
  #second = 0;

  /** `kinds`: how many things are told apart, by number from 0. */
  constructor(kinds: number) {
    this.#kinds = kinds;
    this.#counts = new Float64Array(SECONDS * kinds);
  }

  add(kind: number, nowNs: number): void {
    this.#moveTo(nowNs);
    this.#counts[(this.#second % SECONDS) * this.#kinds + kind]++;
  }

  /** How often in the last nine seconds and the one under way. */
  total(kind: number, nowNs: number): number {
    this.#moveTo(nowNs);
    let total = 0;
    for (let at = kind; at < this.#counts.length; at += this.#kinds) total += this.#counts[at];
    return total;
  }

  #moveTo(nowNs: number): void {
    const second = Math.floor(nowNs / NS_PER_S);
    const passed = Math.min(SECONDS, second - this.#second);
    for (let step = 1; step <= passed; step++) {
      const at = ((second - passed + step) % SECONDS) * this.#kinds;
      this.#counts.fill(0, at, at + this.#kinds);
    }
    this.#second = Math.max(this.#second, second);
  }

  snapshot(): unknown {
    return { counts: this.#counts.slice(), second: this.#second };
  }

  restore(state: unknown): void {
    const from = state as { counts: Float64Array; second: number };
    this.#counts.set(from.counts);
    this.#second = from.second;
  }
}
