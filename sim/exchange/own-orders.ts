/**
 * The table of open orders: by oid, by cloid, and by side of each instrument in matching order, which is the better price
 * first and at one price the older place in the queue. Nothing here allocates but adding an order.
 */
import { BID, type Side } from '../../core/market.ts';
import type { OpenOrder } from '../../core/port.ts';
import type { OrderTruth } from '../truth.ts';

/** An own order at the exchange. What observers get is this object itself, seen as `OrderTruth`. */
export interface OwnOrder extends OrderTruth {
  readonly oid: number;
  readonly cloid: number;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly reduceOnly: boolean;
  /** The size as placed: the exchange's `origSz`, which a reduce-only cut leaves as it is (hyperliquid, section 3.3). */
  readonly placedLots: number;
  /** The size less what reduce-only cut off, so that filled and remaining always add up to it. */
  originalLots: number;
  remainingLots: number;
  /** Since when it stands in its queue. Trades that happened earlier do not reach it. */
  queuedNs: number;
  /** Its place among own orders at one price: the oid with which that place was taken. */
  priority: number;
  /** Recorded volume ahead in the queue; UNKNOWN_LOTS while the recording does not show the price. */
  frontLots: number;
  /** By how much frames of exchange time `pulledNs` have pulled the front down (`replay-matching.ts`). */
  pulledLots: number;
  pulledNs: number;
}

export class OwnOrders {
  /** Two for each instrument, bids then asks. */
  readonly #sides: OwnOrder[][] = [];
  /** Insertion order is the order of acceptance, and so that of oids. */
  readonly #byOid = new Map<number, OwnOrder>();
  readonly #byCloid = new Map<number, OwnOrder>();

  constructor(instruments: number) {
    for (let side = 0; side < 2 * instruments; side++) this.#sides.push([]);
  }

  get count(): number {
    return this.#byOid.size;
  }

  /** The live array of one side, in matching order. Adding and removing changes it in place. */
  side(instrument: number, side: Side): readonly OwnOrder[] {
    return this.#sides[2 * instrument + side];
  }

  /** True where an instrument has an open order. */
  any(instrument: number): boolean {
    return this.#sides[2 * instrument].length !== 0 || this.#sides[2 * instrument + 1].length !== 0;
  }

  byOid(oid: number): OwnOrder | undefined {
    return this.#byOid.get(oid);
  }

  byCloid(cloid: number): OwnOrder | undefined {
    return this.#byCloid.get(cloid);
  }

  add(order: OwnOrder): void {
    const orders = this.#sides[2 * order.instrument + order.side];
    let at = orders.length;
    while (at > 0 && standsBefore(order, orders[at - 1])) at--;
    orders.splice(at, 0, order);
    this.#byOid.set(order.oid, order);
    if (order.cloid !== 0) this.#byCloid.set(order.cloid, order);
  }

  remove(order: OwnOrder): void {
    const orders = this.#sides[2 * order.instrument + order.side];
    orders.splice(orders.indexOf(order), 1);
    this.#byOid.delete(order.oid);
    if (order.cloid !== 0) this.#byCloid.delete(order.cloid);
  }

  /** What a REST `openOrders` request shows, in order of oid. */
  list(): OpenOrder[] {
    const list: OpenOrder[] = [];
    for (const order of this.#byOid.values()) {
      const { oid, cloid, instrument, side, priceTicks, remainingLots, placedLots } = order;
      list.push({ oid, cloid, instrument, side, limitTicks: priceTicks, remainingLots, originalLots: placedLots });
    }
    return list;
  }

  snapshot(): unknown {
    return Array.from(this.#byOid.values(), order => ({ ...order }));
  }

  restore(state: unknown): void {
    for (const side of this.#sides) side.length = 0;
    this.#byOid.clear();
    this.#byCloid.clear();
    for (const order of state as OwnOrder[]) this.add({ ...order });
  }
}

/** Better price, then older place. Both orders are of one side. */
function standsBefore(a: OwnOrder, b: OwnOrder): boolean {
  if (a.priceTicks !== b.priceTicks) return a.side === BID ? a.priceTicks > b.priceTicks : a.priceTicks < b.priceTicks;
  return a.priority < b.priority;
}
