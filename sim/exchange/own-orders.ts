/**
 * The table of open orders: by oid, by cloid, and by side of each instrument in matching order, which is the better price
 * first and at one price the older place in the queue. Nothing here allocates but adding an order.
 */
import { BID, type Side } from '../../core/market.ts';
import type { OpenOrder } from '../../core/port.ts';
import type { OrderTruth } from '../truth.ts';
import type { QueuePlace } from './replay/queue-place.ts';

/** An own order at the exchange. What observers get is this object itself, seen as `OrderTruth`. */
export interface OwnOrder extends OrderTruth, QueuePlace {
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
  /** Its place among own orders at one price: the oid with which that place was taken. */
  priority: number;
  /** Its slot in a book of single orders (`book/matching-engine.ts`), NO_SLOT while it is in none. */
  slot: number;
}

export class OwnOrders {
  /** Two for each instrument, bids then asks. */
  readonly #sides: OwnOrder[][] = [];
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

  /** All of them in order of oid, as a list of its own: orders may end while it is walked. */
  all(): OwnOrder[] {
    return [...this.#byOid.values()].sort((a, b) => a.oid - b.oid);
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
    for (const order of this.all()) {
      const { oid, cloid, instrument, side, priceTicks, remainingLots, placedLots } = order;
      list.push({ oid, cloid, instrument, side, limitTicks: priceTicks, remainingLots, originalLots: placedLots });
    }
    return list;
  }

  snapshot(): unknown {
    return this.all().map(order => ({ ...order }));
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
