/**
 * Reactive back-off: after several refusals in a row no new order goes out on that side for a while, longer with each refusal
 * that follows (playbook 1.1). Bid and ask are counted apart. One order that the exchange takes ends it, and so does a new
 * connection.
 *
 * Counted are replies, not orders: a batch of which nothing was taken on a side is one refusal of that side. So a cause of
 * refusals that stays costs two batches, and from the third on one each back-off (incident I-29: 25 entries of one batch once
 * silenced a side for two minutes). What counts at all `error-type.ts` says. Refusals that arrive while a side is held back answer
 * what was sent before that, and do not make it longer.
 */
import type { LogEntry } from '../../evidence.ts';
import { type BySide, SIDES, type Side } from '../../market.ts';
import { NS_PER_S } from '../../scale.ts';

export interface RejectionConfig {
  /** Refusals in a row from which on a side is held back. */
  startAfter: number;
  /** Back-off after the first of these; each further refusal doubles it. */
  initialBackoffNs: number;
  maxBackoffNs: number;
}

/** core-facts 1.1, per-side rejection back-off: 5, 10, 20 … 120 s. */
export const DEFAULT_REJECTION: RejectionConfig = {
  startAfter: 3,
  initialBackoffNs: 5 * NS_PER_S,
  maxBackoffNs: 120 * NS_PER_S,
};

export class RejectionRateLimiter {
  readonly #config: RejectionConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #refusals: BySide<number> = [0, 0];
  /** By side: when new orders may go out again; 0 while nothing holds them back. */
  readonly #untilNs: BySide<number> = [0, 0];
  /** By side: orders refused in all. */
  readonly #totals: BySide<number> = [0, 0];

  constructor(config: RejectionConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  /** A reply refused what it was asked to place on a side, so many `orders`, and took nothing there. */
  refused(side: Side, nowNs: number, orders = 1): void {
    this.#totals[side] += orders;
    if (this.holdsBack(side, nowNs)) return;
    this.#refusals[side] += this.countOf(orders);
    const refusals = this.#refusals[side];
    const { startAfter, initialBackoffNs, maxBackoffNs } = this.#config;
    if (refusals < startAfter) return;
    let backoffNs = initialBackoffNs;
    for (let more = startAfter; more < refusals && backoffNs < maxBackoffNs; more++) backoffNs *= 2;
    const untilNs = nowNs + Math.min(backoffNs, maxBackoffNs);
    this.#untilNs[side] = untilNs;
    this.#log({ type: 'rejection-backoff', atNs: nowNs, side, refusals, untilNs });
  }

  /** Refusals that a reply counts as which refused so many orders. */
  protected countOf(_orders: number): number {
    return 1;
  }

  /** An order of a side was taken. */
  accepted(side: Side): void {
    this.#refusals[side] = 0;
    this.#untilNs[side] = 0;
  }

  /** Both sides begin anew. */
  reset(): void {
    for (const side of SIDES) this.accepted(side);
  }

  /** Refusals in a row on a side. */
  consecutive(side: Side): number {
    return this.#refusals[side];
  }

  /** Orders of a side that were refused in all. */
  total(side: Side): number {
    return this.#totals[side];
  }

  /** True: no new order of this side goes out now. */
  holdsBack(side: Side, nowNs: number): boolean {
    return nowNs < this.#untilNs[side];
  }

  /** True where a back-off is over since this was last asked. */
  takeEnded(nowNs: number): boolean {
    let ended = false;
    for (const side of SIDES) {
      if (this.#untilNs[side] === 0 || this.holdsBack(side, nowNs)) continue;
      this.#untilNs[side] = 0;
      ended = true;
    }
    return ended;
  }

  snapshot(): unknown {
    return { refusals: [...this.#refusals], untilNs: [...this.#untilNs], totals: [...this.#totals] };
  }

  restore(state: unknown): void {
    const { refusals, untilNs, totals } = state as Record<'refusals' | 'untilNs' | 'totals', BySide<number>>;
    for (const side of SIDES) {
      this.#totals[side] = totals[side];
      this.#refusals[side] = refusals[side];
      this.#untilNs[side] = untilNs[side];
    }
  }
}
