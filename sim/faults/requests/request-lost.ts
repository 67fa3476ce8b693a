/** Actions are lost on their way to the exchange (playbook 1.2): nothing is carried out, and nothing is answered. */
import type { PostCommand } from '../../../core/port.ts';
import { type FaultKind, faultInfo, textOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import { goesBy, WAY } from './post-way.ts';

class RequestLost implements Overlay {
  readonly #way: string;
  readonly #world: OverlayWorld;

  constructor(way: string, world: OverlayWorld) {
    this.#way = way;
    this.#world = world;
  }

  postDelayNs({ via }: PostCommand): number {
    if (!goesBy(this.#way, via) || !this.#world.hits()) return 0;
    this.#world.tookEffect('lost an action on its way');
    return Number.POSITIVE_INFINITY;
  }
}

export const requestLost: FaultKind = {
  info: faultInfo({
    kind: 'request-lost',
    group: 'requests',
    description: 'An action never reaches the exchange.',
    hasProbability: true,
    parameters: [WAY],
    primary: '1.2',
    allowed: ['1.4', '3.1', '4.4'],
    symptoms: ['orders-not-sending', 'stale-quotes', 'high-latency', 'position-mismatch'],
  }),
  create: (fault, world) => new RequestLost(textOf(fault, 'way'), world),
};
