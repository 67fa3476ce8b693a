/**
 * What the exchange can tell of the account's past: fills by time and the last status of an order by its CLOID (hyperliquid,
 * section 2.1). As on the exchange only the newest are kept.
 */
import type { Fill, OrderUpdate } from '../../core/port.ts';

/** Fills that exist, and that one answer holds at most. */
const FILLS_KEPT = 10_000;
const FILLS_IN_ANSWER = 2_000;
/** Orders whose status is known; one that is open is never forgotten. */
const ORDERS_KEPT = 10_000;

export interface AccountRecordsState {
  fills: Fill[];
  updates: OrderUpdate[][];
}

export class AccountRecords {
  /** Oldest first; the newest FILLS_KEPT of them count. */
  #fills: Fill[] = [];
  /** Every change of status of an order, oldest first, by its CLOID, in the order in which orders were first heard of. */
  readonly #updates = new Map<number, OrderUpdate[]>();

  addFill(fill: Fill): void {
    this.#fills.push(fill);
    // Cut at twice the length, so that a fill costs the same however many there are.
    if (this.#fills.length > 2 * FILLS_KEPT) this.#fills = this.#fills.slice(-FILLS_KEPT);
  }

  /** Orders without a CLOID, which the exchange itself sends to liquidate, cannot be asked for. */
  addUpdate(update: OrderUpdate): void {
    if (update.cloid === 0) return;
    const known = this.#updates.get(update.cloid);
    if (known !== undefined) {
      known.push(update);
      return;
    }
    this.#updates.set(update.cloid, [update]);
    if (this.#updates.size > ORDERS_KEPT) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const [cloid, updates] of this.#updates) {
      if (updates[updates.length - 1].status === 'open') continue;
      this.#updates.delete(cloid);
      return;
    }
  }

  /** The newest `limit` fills, oldest first. */
  newestFills(limit: number): Fill[] {
    return this.#fills.slice(-limit);
  }

  /** Fills from `fromNs` to `asOfNs`, both included, oldest first, as many as one answer holds. */
  fillsBetween(fromNs: number, asOfNs: number): Fill[] {
    const kept = this.#fills.slice(-FILLS_KEPT);
    return kept.filter(({ exchNs }) => exchNs >= fromNs && exchNs <= asOfNs).slice(0, FILLS_IN_ANSWER);
  }

  /** The order's status as it was at `asOfNs`; null: the exchange knew of none. */
  orderStatus(cloid: number, asOfNs: number): OrderUpdate | null {
    const updates = this.#updates.get(cloid) ?? [];
    let at = updates.length - 1;
    while (at >= 0 && updates[at].statusNs > asOfNs) at--;
    return at < 0 ? null : updates[at];
  }

  snapshot(): AccountRecordsState {
    return { fills: [...this.#fills], updates: [...this.#updates.values()].map(updates => [...updates]) };
  }

  restore(state: AccountRecordsState): void {
    this.#fills = [...state.fills];
    this.#updates.clear();
    for (const updates of state.updates) this.#updates.set(updates[0].cloid, [...updates]);
  }
}
