/**
 * The account's streams fall silent while their connection stays open (playbook 2.3). At the end all that was withheld comes, in its
 * order.
 */
import type { Feed } from '../../../core/market.ts';
import type { Fill, Inbound, OrderUpdate } from '../../../core/port.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

const SILENCED = ['orderUpdates', 'userFills'] as const satisfies readonly Feed[];
const TARGETS: readonly string[] = ['all', ...SILENCED];

class UserSilence implements Overlay {
  readonly #target: string;
  readonly #world: OverlayWorld;
  #withheld: Inbound[] = [];

  constructor(target: string, world: OverlayWorld) {
    this.#target = target;
    this.#world = world;
  }

  #covers(feed: Feed): boolean {
    return this.#target === 'all' || this.#target === feed;
  }

  orderUpdates(updates: readonly OrderUpdate[]): readonly OrderUpdate[] {
    if (!this.#covers('orderUpdates') || updates.length === 0) return updates;
    this.#world.tookEffect('withheld order updates');
    this.#withheld.push({ kind: 'order-updates', nowNs: 0, updates });
    return [];
  }

  fills(fills: readonly Fill[]): readonly Fill[] {
    if (!this.#covers('userFills') || fills.length === 0) return fills;
    this.#world.tookEffect('withheld fills');
    this.#withheld.push({ kind: 'fills', nowNs: 0, isSnapshot: false, fills });
    return [];
  }

  end(): void {
    const { connections, links, nowNs } = this.#world;
    for (const message of this.#withheld.splice(0)) {
      const feed = message.kind === 'fills' ? 'userFills' : 'orderUpdates';
      if (connections.isSubscribed(feed, 0)) links.sendToUser(message, nowNs);
    }
  }

  snapshot(): unknown {
    return [...this.#withheld];
  }

  restore(state: unknown): void {
    this.#withheld = [...(state as readonly Inbound[])];
  }
}

export const userSilence: FaultKind = {
  info: faultInfo({
    kind: 'user-silence',
    group: 'connection',
    description:
      'One stream of the account or all fall silent while the connection stays open; at the end all comes that was withheld.',
    targets: TARGETS,
    defaultTarget: 'all',
    primary: '2.3',
    allowed: ['1.4', '3.1', '3.2', '3.4', '1.2'],
    symptoms: ['position-mismatch', 'stale-quotes', 'orders-not-sending'],
  }),
  create: ({ target }, world) => new UserSilence(target, world),
};
