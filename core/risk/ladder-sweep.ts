/**
 * The ladder-sweep rule (core-facts, patterns, 10): four orders of one side filled within two seconds are a market that runs
 * through the ladder. Before the next cycle nothing may grow on that side any more, and for some seconds after.
 *
 * Counted are orders, each at its first fill of late: one order that small takers nibble at is no sweep, however many fills
 * that makes.
 *
 * What only reduces the position may stay: the reducing side is never blocked.
 */
import type { LogEntry } from '../evidence.ts';
import { type BySide, SIDES, type Side } from '../market.ts';
import { NS_PER_S } from '../scale.ts';

export interface LadderSweepConfig {
  /** So many orders of one side filled, in whole or in part … */
  orders: number;
  /** … in less than this, from the first to the last. */
  windowNs: number;
  coolDownNs: number;
}

/**
 * core-facts 1.3, count burst, but for the cool-down. There it is 5 s; in the simulated volatile market, which sweeps a ladder
 * every half minute and comes back, that left one side empty for an eighth of the time.
 */
export const DEFAULT_LADDER_SWEEP: LadderSweepConfig = { orders: 4, windowNs: 2 * NS_PER_S, coolDownNs: NS_PER_S };

export class LadderSweepGuard {
  readonly #config: LadderSweepConfig;
  readonly #log: (entry: LogEntry) => void;
  /** By side: orders filled of late, and when each first was; oldest first, at most `orders` of them. */
  readonly #oids: BySide<number[]> = [[], []];
  readonly #firstNs: BySide<number[]> = [[], []];
  readonly #untilNs: BySide<number> = [0, 0];

  constructor(config: LadderSweepConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  /** An own fill. True where it completes a sweep: what can grow on its side is to be cancelled now. */
  onFill(side: Side, oid: number, nowNs: number): boolean {
    const { orders, windowNs, coolDownNs } = this.#config;
    const oids = this.#oids[side];
    const firstNs = this.#firstNs[side];
    if (oids.includes(oid)) return false;
    oids.push(oid);
    firstNs.push(nowNs);
    if (oids.length > orders) {
      oids.shift();
      firstNs.shift();
    }
    if (oids.length < orders || nowNs - firstNs[0] >= windowNs) return false;
    const wasCut = this.isCut(side, nowNs);
    this.#untilNs[side] = nowNs + coolDownNs;
    if (wasCut) return false;
    this.#log({ type: 'ladder-sweep', atNs: nowNs, side, orders, untilNs: this.#untilNs[side] });
    return true;
  }

  /** True: nothing may grow on this side. */
  isCut(side: Side, nowNs: number): boolean {
    return nowNs < this.#untilNs[side];
  }

  /** When the next of the cuts that are running ends; Infinity while none is. For a timer. */
  nextEndNs(nowNs: number): number {
    let endNs = Number.POSITIVE_INFINITY;
    for (const untilNs of this.#untilNs) if (nowNs < untilNs) endNs = Math.min(endNs, untilNs);
    return endNs;
  }

  snapshot(): unknown {
    const copy = (lists: BySide<number[]>) => lists.map(list => list.slice());
    return { oids: copy(this.#oids), firstNs: copy(this.#firstNs), untilNs: [...this.#untilNs] };
  }

  restore(state: unknown): void {
    const from = state as { oids: BySide<number[]>; firstNs: BySide<number[]>; untilNs: BySide<number> };
    for (const side of SIDES) {
      this.#oids[side] = from.oids[side].slice();
      this.#firstNs[side] = from.firstNs[side].slice();
      this.#untilNs[side] = from.untilNs[side];
    }
  }
}
