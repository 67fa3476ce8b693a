/**
 * The marked aggressor by itself: somebody trades with own orders again and again, so that what depends on fills can be seen in a
 * market that brings few (playbook 3.5). Nothing is wrong with these fills.
 */
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { AGGRESSOR_SHARE, hit, ORDER_SCOPE, OrderScope, orderToHit, shareOf } from './aggressor.ts';
import { FILL_FAULT } from './armed-fills.ts';

class AggressorFills implements Overlay {
  readonly #world: OverlayWorld;
  readonly #scope: OrderScope;
  readonly #everyNs: number;
  readonly #share: number;
  #left: number;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#scope = new OrderScope(fault);
    this.#everyNs = numberOf(fault, 'every');
    this.#share = numberOf(fault, 'share');
    this.#left = numberOf(fault, 'count');
  }

  begin(): void {
    this.#world.wakeAt(this.#world.nowNs);
  }

  end(): void {
    this.#left = 0;
  }

  due(): void {
    if (this.#left === 0) return;
    const order = orderToHit(this.#world, this.#scope);
    if (order !== null) {
      if (hit(this.#world, order, shareOf(order, this.#share)) > 0) this.#left--;
    }
    if (this.#left > 0) this.#world.wakeAt(this.#world.nowNs + this.#everyNs);
  }

  snapshot(): unknown {
    return this.#left;
  }

  restore(state: unknown): void {
    this.#left = Number(state);
  }
}

export const aggressorFills: FaultKind = {
  info: faultInfo({
    group: 'orders',
    forNs: FILL_FAULT.forNs,
    kind: 'aggressor-fills',
    description:
      'A marked aggressor fills the best own order again and again, one that brings the position back where there is one.',
    parameters: [
      ...ORDER_SCOPE,
      {
        name: 'count',
        type: 'integer',
        unit: '',
        min: 1,
        max: 10_000,
        default: 1,
        description: 'So many fills.',
      },
      {
        name: 'every',
        type: 'time',
        min: 10 * NS_PER_MS,
        max: 60 * NS_PER_S,
        default: NS_PER_S,
        description: 'Time from one to the next.',
      },
      AGGRESSOR_SHARE,
    ],
    primary: '3.5',
    allowed: [],
    symptoms: [],
  }),
  create: (fault, world) => new AggressorFills(fault, world),
};
