/** Messages of the order stream are lost: an order was taken, filled or ended, and we do not hear of it (playbook 1.4, 3.1). */
import type { OrderUpdate } from '../../../core/port.ts';
import { type FaultKind, numberOf, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { ORDER_SCOPE, OrderScope } from './aggressor.ts';
import { FILL_FAULT } from './armed-fills.ts';

/** `ended`: every one but `open` and `filled`. */
const STATUSES = ['any', 'open', 'filled', 'ended'] as const;

class LostOrderUpdate implements Overlay {
  readonly #world: OverlayWorld;
  readonly #scope: OrderScope;
  readonly #status: string;
  #left: number;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#scope = new OrderScope(fault);
    this.#status = textOf(fault, 'status');
    this.#left = numberOf(fault, 'count');
  }

  orderUpdates(updates: readonly OrderUpdate[]): readonly OrderUpdate[] {
    return updates.filter(update => {
      if (this.#left === 0 || !this.#scope.has(update) || !this.#means(update.status) || !this.#world.hits())
        return true;
      this.#left--;
      this.#world.tookEffect(`lost the update of order ${update.oid}: ${update.status}`);
      return false;
    });
  }

  #means(status: string): boolean {
    if (this.#status === 'any' || this.#status === status) return true;
    return this.#status === 'ended' && status !== 'open' && status !== 'filled';
  }

  snapshot(): unknown {
    return this.#left;
  }

  restore(state: unknown): void {
    this.#left = Number(state);
  }
}

export const lostOrderUpdate: FaultKind = {
  info: {
    ...FILL_FAULT,
    kind: 'lost-order-update',
    description:
      'Messages of the order stream are lost: an order was taken, filled or ended, and only its replies tell.',
    parameters: [
      ...ORDER_SCOPE,
      {
        name: 'status',
        type: 'choice',
        choices: STATUSES,
        default: 'any',
        description: 'Of which news: that it is open, that it is filled, that it ended otherwise, or any.',
      },
      {
        name: 'count',
        type: 'integer',
        unit: '',
        min: 1,
        max: 10_000,
        default: 10_000,
        description: 'So many are lost, the first ones in its time.',
      },
    ],
    primary: '3.1',
    allowed: ['1.4'],
    symptoms: ['position-mismatch'],
  },
  create: (fault, world) => new LostOrderUpdate(fault, world),
};
