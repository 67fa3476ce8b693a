/** Order updates are lost on their way to the core, while its socket stays open (playbook 1.4, 3.1). */
import type { OrderUpdate } from '../../../core/port.ts';
import { type FaultKind, faultInfo, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

/** By the parameter's words: which updates are meant. `ended` is every status after which an order is gone. */
const MATCHES: Readonly<Record<string, (status: string) => boolean>> = {
  all: () => true,
  open: status => status === 'open',
  filled: status => status === 'filled',
  canceled: status => status === 'canceled',
  ended: status => status !== 'open',
};

class LostOrderUpdate implements Overlay {
  readonly #world: OverlayWorld;
  readonly #isMeant: (status: string) => boolean;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#isMeant = MATCHES[textOf(fault, 'status')];
  }

  orderUpdates(updates: readonly OrderUpdate[]): readonly OrderUpdate[] {
    return updates.filter(({ status, oid }) => {
      if (!this.#isMeant(status) || !this.#world.hits()) return true;
      this.#world.tookEffect(`lost the update that order ${oid} is ${status}`);
      return false;
    });
  }
}

export const lostOrderUpdate: FaultKind = {
  info: faultInfo({
    kind: 'lost-order-update',
    group: 'orders',
    description: 'Updates of own orders never reach the core.',
    hasProbability: true,
    parameters: [
      {
        name: 'status',
        description:
          'Which of them: those that an order is open, was filled, was canceled, has ended in any way, or all.',
        type: 'choice',
        choices: Object.keys(MATCHES),
        default: 'all',
      },
    ],
    primary: '3.1',
    allowed: ['1.4'],
    symptoms: ['position-mismatch', 'orders-not-sending', 'stale-quotes'],
  }),
  create: (fault, world) => new LostOrderUpdate(fault, world),
};
