/**
 * The exchange ends own orders by itself, and says so on the order stream alone (playbook 3.1), as it does with orders over the cap of
 * the open interest.
 */
import { NS_PER_MS } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { ORDER_SCOPE, OrderScope, orderToHit } from './aggressor.ts';
import { FILL_FAULT } from './armed-fills.ts';

/** Where no own order rests, it looks again after this time. */
const RETRY_NS = 50 * NS_PER_MS;

class OrderEndedUnasked implements Overlay {
  readonly #world: OverlayWorld;
  readonly #scope: OrderScope;
  #left: number;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#scope = new OrderScope(fault);
    this.#left = numberOf(fault, 'count');
  }

  begin(): void {
    this.#world.wakeAt(this.#world.nowNs);
  }

  end(): void {
    this.#left = 0;
  }

  due(): void {
    const { exchange, links, nowNs } = this.#world;
    while (this.#left > 0) {
      const found = orderToHit(this.#world, this.#scope);
      const order = found === null ? undefined : exchange.account.orders.byOid(found.oid);
      if (order === undefined) return this.#world.wakeAt(nowNs + RETRY_NS);
      this.#left--;
      exchange.account.end(nowNs, order, 'expired', 'openInterestCapCanceled');
      links.sendUserStreams();
      this.#world.tookEffect(`ended order ${order.oid} at the exchange`);
    }
  }

  snapshot(): unknown {
    return this.#left;
  }

  restore(state: unknown): void {
    this.#left = Number(state);
  }
}

export const orderEndedUnasked: FaultKind = {
  info: faultInfo({
    group: 'orders',
    forNs: FILL_FAULT.forNs,
    kind: 'order-ended-unasked',
    description: 'The exchange ends the best own order by itself, and says so on the order stream alone.',
    parameters: [
      ...ORDER_SCOPE,
      { name: 'count', type: 'integer', unit: '', min: 1, max: 100, default: 1, description: 'So many orders.' },
    ],
    primary: '3.1',
    allowed: ['1.4'],
    symptoms: ['position-mismatch'],
  }),
  create: (fault, world) => new OrderEndedUnasked(fault, world),
};
