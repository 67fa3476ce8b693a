/**
 * Tombstones: the closed orders of the recent past, found by the exchange's id or by ours, so that word of an order that comes
 * after its end still finds it (playbook 1.4, 3.2). The oldest is forgotten first.
 */
import type { TrackedOrder } from './tracked-order.ts';

export class ClosedOrders {
  readonly #capacity: number;
  /** Closed orders, oldest first from `#oldest` on once the ring is full. */
  #ring: TrackedOrder[] = [];
  #oldest = 0;
  readonly #byOid = new Map<number, TrackedOrder>();
  readonly #byCloid = new Map<number, TrackedOrder>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(order: TrackedOrder): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(order);
    } else {
      this.#forget(this.#ring[this.#oldest]);
      this.#ring[this.#oldest] = order;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
    this.#byCloid.set(order.cloid, order);
    if (order.oid !== 0) this.#byOid.set(order.oid, order);
  }

  #forget(order: TrackedOrder): void {
    if (this.#byCloid.get(order.cloid) === order) this.#byCloid.delete(order.cloid);
    if (this.#byOid.get(order.oid) === order) this.#byOid.delete(order.oid);
  }

  /** The exchange told the id only after the end. */
  learnOid(order: TrackedOrder, oid: number): void {
    order.oid = oid;
    this.#byOid.set(oid, order);
  }

  /** By oid, else by cloid; 0 stands for an id that is not known. An order with another oid is not meant. */
  find(oid: number, cloid: number): TrackedOrder | null {
    const byOid = oid === 0 ? undefined : this.#byOid.get(oid);
    if (byOid !== undefined) return byOid;
    const byCloid = this.#byCloid.get(cloid);
    if (byCloid === undefined) return null;
    return byCloid.oid === 0 || oid === 0 || byCloid.oid === oid ? byCloid : null;
  }

  /** The orders, oldest first. */
  snapshot(): unknown {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)].map(order => ({ ...order }));
  }

  restore(state: unknown): void {
    this.#ring = [];
    this.#oldest = 0;
    this.#byOid.clear();
    this.#byCloid.clear();
    for (const order of state as readonly TrackedOrder[]) this.add({ ...order });
  }
}
