/** Queries of the account are answered from a picture that is older than the streams (playbook 3.1, 3.4; incident I-26). */
import type { RestCommand } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';

/** Queries that are answered with the account as it was. */
const ACCOUNT_QUERIES = ['openOrders', 'clearinghouseState', 'orderStatus', 'userFillsByTime'] as const;

class LaggingSnapshot implements Overlay {
  readonly #world: OverlayWorld;
  readonly #target: string;
  readonly #lagNs: number;

  constructor(fault: Fault, world: OverlayWorld) {
    this.#world = world;
    this.#target = fault.target;
    this.#lagNs = numberOf(fault, 'lag');
  }

  pictureAgeNs({ request }: RestCommand): number {
    const isMeant =
      this.#target === request || (this.#target === 'all' && ACCOUNT_QUERIES.some(one => one === request));
    if (!isMeant) return 0;
    this.#world.tookEffect(`answered ${request} with an old picture`);
    return this.#lagNs;
  }
}

export const laggingSnapshot: FaultKind = {
  info: faultInfo({
    kind: 'lagging-snapshot',
    group: 'requests',
    description: 'Queries of the account are answered from a picture that is older than the streams.',
    targets: ['all', ...ACCOUNT_QUERIES],
    defaultTarget: 'all',
    parameters: [
      {
        name: 'lag',
        type: 'time',
        min: NS_PER_MS,
        max: 60 * NS_PER_S,
        default: 5 * NS_PER_S,
        description: 'How much older than otherwise the picture is.',
      },
    ],
    primary: '3.1',
    allowed: ['3.4'],
    symptoms: ['position-mismatch'],
  }),
  pictureLagNs: fault => numberOf(fault, 'lag'),
  create: (fault, world) => new LaggingSnapshot(fault, world),
};
