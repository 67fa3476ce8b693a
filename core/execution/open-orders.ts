/**
 * The orders that are not closed: those that are or may be live, oldest first, and those off the book that wait for their last
 * fills. Kept in dense arrays, because every quote cycle walks the live ones, and found by either id.
 */
import { isLive, type TrackedOrder } from './tracked-order.ts';

export class OpenOrders {
  readonly live: TrackedOrder[] = [];
  readonly liveBySide: readonly [TrackedOrder[], TrackedOrder[]] = [[], []];
  /** In the order in which they left the book. */
  readonly leaving: TrackedOrder[] = [];
  readonly #byCloid = new Map<number, TrackedOrder>();
  readonly #byOid = new Map<number, TrackedOrder>();

  byCloid(cloid: number): TrackedOrder | null {
    return this.#byCloid.get(cloid) ?? null;
  }

  byOid(oid: number): TrackedOrder | null {
    return this.#byOid.get(oid) ?? null;
  }

  /** Puts an order where its state belongs. */
  add(order: TrackedOrder): void {
    if (isLive(order.state)) {
      this.live.push(order);
      this.liveBySide[order.side].push(order);
    } else {
      this.leaving.push(order);
    }
    this.#byCloid.set(order.cloid, order);
    if (order.oid !== 0) this.#byOid.set(order.oid, order);
  }

  /** The exchange told the id. */
  learnOid(order: TrackedOrder, oid: number): void {
    order.oid = oid;
    this.#byOid.set(oid, order);
  }

  /** Off the book, and not closed. Its state still is the one in which it was live. */
  leave(order: TrackedOrder): void {
    this.#dropLive(order);
    this.leaving.push(order);
  }

  /** Takes an order out. Its state still is the one in which it was open. */
  remove(order: TrackedOrder): void {
    if (isLive(order.state)) this.#dropLive(order);
    else drop(this.leaving, order);
    this.#byCloid.delete(order.cloid);
    // A modification that only makes an order smaller leaves its oid to the order that takes its place.
    if (this.#byOid.get(order.oid) === order) this.#byOid.delete(order.oid);
  }

  #dropLive(order: TrackedOrder): void {
    drop(this.live, order);
    drop(this.liveBySide[order.side], order);
  }

  snapshot(): unknown {
    // Those off the book first: where one of them shares its oid with the order that took its place, the oid is that one's.
    return [...this.leaving, ...this.live].map(order => ({ ...order }));
  }

  restore(state: unknown): void {
    for (const list of [this.live, this.liveBySide[0], this.liveBySide[1], this.leaving]) list.length = 0;
    this.#byCloid.clear();
    this.#byOid.clear();
    for (const order of state as readonly TrackedOrder[]) this.add({ ...order });
  }
}

function drop(orders: TrackedOrder[], order: TrackedOrder): void {
  const at = orders.indexOf(order);
  if (at >= 0) orders.splice(at, 1);
}
