/**
 * Looks for a side on which nothing of ours is quoted though cycles run (playbook 1.1, 1.3): one sided quoting is how a cut ladder, a
 * limit or a side that is held back shows. It only tells.
 */
import type { LogEntry } from '../evidence.ts';
import type { TrackedOrder } from '../execution/tracked-order.ts';
import { type BySide, SIDES, type Side } from '../market.ts';
import { NS_PER_S } from '../scale.ts';

/** For longer than this a side is empty: as long as it takes until orders count as not sent (playbook matrix). */
const EMPTY_NS = 10 * NS_PER_S;

export class SideWatch {
  readonly #log: (entry: LogEntry) => void;
  /** By side: when there was an order last, or cycles did not run; Infinity before there ever was one. */
  readonly #lastNs: BySide<number> = [Infinity, Infinity];
  readonly #isEmpty: BySide<boolean> = [false, false];

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /** The check of every second. `orders`: those that are or may be live, by side; `isStopped`: no cycle runs through. */
  check(orders: (side: Side) => readonly TrackedOrder[], isStopped: boolean, nowNs: number): void {
    for (const side of SIDES) {
      const isQuoted = orders(side).length > 0;
      if (isQuoted || (isStopped && this.#lastNs[side] !== Infinity)) this.#lastNs[side] = nowNs;
      const isEmpty = nowNs - this.#lastNs[side] > EMPTY_NS;
      if (isEmpty === this.#isEmpty[side]) continue;
      this.#isEmpty[side] = isEmpty;
      this.#log({ type: 'side-empty', atNs: nowNs, side, isEmpty });
    }
  }

  snapshot(): unknown {
    // Infinity is no plain number in every codec.
    return { lastNs: this.#lastNs.map(ns => (ns === Infinity ? null : ns)), isEmpty: [...this.#isEmpty] };
  }

  restore(state: unknown): void {
    const { lastNs, isEmpty } = state as { lastNs: (number | null)[]; isEmpty: boolean[] };
    for (const side of SIDES) {
      this.#lastNs[side] = lastNs[side] ?? Infinity;
      this.#isEmpty[side] = isEmpty[side];
    }
  }
}
