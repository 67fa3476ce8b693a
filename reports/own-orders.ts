/**
 * Own orders as the exchange has them, kept from the truth by whoever needs to look back at them: observers must not keep
 * the objects that they are shown. Iteration is in the order of acceptance.
 */

import { BID, type Side } from '../core/market.ts';
import type { Fill } from '../core/port.ts';
import type { OrderTruth } from '../sim/truth.ts';

export interface OwnOrder {
  readonly oid: number;
  readonly cloid: number;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly originalLots: number;
  readonly acceptedNs: number;
  filledLots: number;
}

/** Index of an instrument's side, for columns that hold both. */
export function slotOf(instrument: number, side: Side): number {
  return instrument * 2 + side;
}

export class OwnOrders {
  readonly #byOid = new Map<number, OwnOrder>();

  /** The exchange took it. What was filled of it before this call counts as filled. */
  accepted(atNs: number, order: OrderTruth): void {
    this.#byOid.set(order.oid, {
      oid: order.oid,
      cloid: order.cloid,
      instrument: order.instrument,
      side: order.side,
      priceTicks: order.priceTicks,
      originalLots: order.originalLots,
      acceptedNs: atNs,
      filledLots: order.originalLots - order.remainingLots,
    });
  }

  /** Counts the fill; an order filled to its end is gone from here. Returns the order as it is now, if it was known. */
  filled(fill: Fill): OwnOrder | undefined {
    const order = this.#byOid.get(fill.oid);
    if (order === undefined) return undefined;
    order.filledLots += fill.sizeLots;
    if (order.filledLots >= order.originalLots) this.#byOid.delete(order.oid);
    return order;
  }

  removed(oid: number): void {
    this.#byOid.delete(oid);
  }

  get size(): number {
    return this.#byOid.size;
  }

  all(): IterableIterator<OwnOrder> {
    return this.#byOid.values();
  }

  /** What rests on a side, lots. */
  restingLots(instrument: number, side: Side): number {
    let lots = 0;
    for (const order of this.#byOid.values()) {
      if (order.instrument === instrument && order.side === side) lots += order.originalLots - order.filledLots;
    }
    return lots;
  }

  /** Number of orders on a side. */
  count(instrument: number, side: Side): number {
    let count = 0;
    for (const order of this.#byOid.values()) if (order.instrument === instrument && order.side === side) count++;
    return count;
  }

  /** Price of a side's best order, the nearest to the other side; 0 where none rests. */
  bestTicks(instrument: number, side: Side): number {
    let best = 0;
    for (const order of this.#byOid.values()) {
      if (order.instrument !== instrument || order.side !== side) continue;
      if (best === 0 || (side === BID ? order.priceTicks > best : order.priceTicks < best)) best = order.priceTicks;
    }
    return best;
  }

  /** When the newest of a side's orders was accepted, ns; -Infinity where none rests. */
  newestAcceptedNs(instrument: number, side: Side): number {
    let newest = Number.NEGATIVE_INFINITY;
    for (const order of this.#byOid.values()) {
      if (order.instrument === instrument && order.side === side) newest = Math.max(newest, order.acceptedNs);
    }
    return newest;
  }

  snapshot(): unknown {
    return Array.from(this.#byOid.values(), order => ({ ...order }));
  }

  restore(state: unknown): void {
    this.#byOid.clear();
    for (const order of state as readonly OwnOrder[]) this.#byOid.set(order.oid, { ...order });
  }
}
