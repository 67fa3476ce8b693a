/** A handler of the core takes longer than it should: a call in it waits for something (playbook 4.3). */
import type { Inbound } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

/** Kinds of messages that come again and again. */
const KINDS = [
  'book',
  'trades',
  'all-mids',
  'asset-context',
  'order-updates',
  'fills',
  'post-reply',
  'rest-reply',
  'timer',
] as const satisfies readonly Inbound['kind'][];

class SlowHandler implements Overlay {
  readonly #target: string;
  readonly #extraNs: number;
  readonly #world: OverlayWorld;

  constructor(target: string, extraNs: number, world: OverlayWorld) {
    this.#target = target;
    this.#extraNs = extraNs;
    this.#world = world;
  }

  handlerExtraNs(kind: Inbound['kind']): number {
    if (kind !== this.#target || !this.#world.hits()) return 0;
    this.#world.tookEffect(`held the handler of ${kind} up`);
    return this.#extraNs;
  }
}

export const slowHandler: FaultKind = {
  info: faultInfo({
    kind: 'slow-handler',
    group: 'host',
    description:
      'The handler of one kind of message (the target) takes longer each time, and the event loop stands meanwhile.',
    targets: KINDS,
    hasProbability: true,
    parameters: [
      {
        name: 'extra',
        type: 'time',
        description: 'How much longer it takes.',
        min: NS_PER_MS,
        max: 10 * NS_PER_S,
        default: 20 * NS_PER_MS,
      },
    ],
    primary: '4.3',
    allowed: ['1.2', '3.2', '4.1', '4.4'],
    symptoms: ['high-latency', 'stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  create: (fault, world) => new SlowHandler(fault.target, numberOf(fault, 'extra'), world),
};
