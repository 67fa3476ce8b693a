/**
 * Which quotes the pending events touch, merged to the scope of one reconciliation (playbook 2.1).
 *
 * Both sides: everything. One side as a whole outweighs single orders of that side. Single orders of one side are a union.
 */
import { BID, type Side } from '../market.ts';

export type ReconcileScope =
  | { type: 'None' }
  | { type: 'SideOnly'; side: Side }
  | { type: 'SideAndLevels'; side: Side; oids: readonly number[] }
  | { type: 'Full' };

export class AffectedTracker {
  #bid = false;
  #ask = false;
  /** A side was marked as a whole. With one side marked, it is that side. */
  #wholeSide = false;
  #oids: number[] = [];

  markBoth(): void {
    this.#bid = true;
    this.#ask = true;
  }

  markSide(side: Side): void {
    this.#mark(side);
    this.#wholeSide = true;
  }

  markOrder(side: Side, oid: number): void {
    this.#mark(side);
    if (!this.#oids.includes(oid)) this.#oids.push(oid);
  }

  #mark(side: Side): void {
    if (side === BID) this.#bid = true;
    else this.#ask = true;
  }

  scope(): ReconcileScope {
    if (this.#bid && this.#ask) return { type: 'Full' };
    if (!this.#bid && !this.#ask) return { type: 'None' };
    const side: Side = this.#bid ? 0 : 1;
    return this.#wholeSide ? { type: 'SideOnly', side } : { type: 'SideAndLevels', side, oids: this.#oids.slice() };
  }

  clear(): void {
    this.#bid = false;
    this.#ask = false;
    this.#wholeSide = false;
    if (this.#oids.length > 0) this.#oids = [];
  }

  snapshot(): unknown {
    return { bid: this.#bid, ask: this.#ask, wholeSide: this.#wholeSide, oids: this.#oids.slice() };
  }

  restore(state: unknown): void {
    const from = state as { bid: boolean; ask: boolean; wholeSide: boolean; oids: readonly number[] };
    this.#bid = from.bid;
    this.#ask = from.ask;
    this.#wholeSide = from.wholeSide;
    this.#oids = from.oids.slice();
  }
}
