/**
 * Orders come back under another name (playbook 1.4): answers and order updates of the orders that are accepted while it lasts carry
 * a CLOID that is none of ours. The orders themselves, and what the exchange keeps of them, are right.
 */
import type { OrderUpdate } from '../../../core/port.ts';
import type { ActionReply } from '../../exchange/exchange.ts';
import type { ArrivedPost } from '../../market/market.ts';
import type { OrderTruth } from '../../truth.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';

/** Far beyond all that a core numbers in a run, and below what a number holds exactly. */
const OFFSET = 1_000_000_000_000;

class WrongCloid implements Overlay {
  readonly #world: OverlayWorld;
  /** By oid: the CLOIDs of the orders that were accepted since it began and still stand. */
  readonly #cloids = new Map<number, number>();

  constructor(world: OverlayWorld) {
    this.#world = world;
  }

  orderAccepted({ oid, cloid }: OrderTruth): void {
    if (cloid !== 0) this.#cloids.set(oid, cloid + OFFSET);
  }

  postAnswered(_post: ArrivedPost, reply: ActionReply | null): ActionReply | null {
    if (reply === null) return null;
    const items = reply.items.map(item => {
      if (item.status !== 'resting' && item.status !== 'filled') return item;
      const cloid = this.#cloids.get(item.oid);
      if (cloid === undefined) return item;
      this.#world.tookEffect(`an answer names order ${item.oid} by another CLOID`);
      return { ...item, cloid };
    });
    return { error: reply.error, items };
  }

  orderUpdates(updates: readonly OrderUpdate[]): readonly OrderUpdate[] {
    return updates.map(update => {
      const cloid = this.#cloids.get(update.oid);
      if (cloid === undefined) return update;
      if (update.status !== 'open') this.#cloids.delete(update.oid);
      this.#world.tookEffect(`an update names order ${update.oid} by another CLOID`);
      return { ...update, cloid };
    });
  }

  end(): void {
    this.#cloids.clear();
  }

  snapshot(): unknown {
    return { oids: [...this.#cloids.keys()], cloids: [...this.#cloids.values()] };
  }

  restore(state: unknown): void {
    const { oids, cloids } = state as { oids: number[]; cloids: number[] };
    this.#cloids.clear();
    for (const [index, oid] of oids.entries()) this.#cloids.set(oid, cloids[index]);
  }
}

export const wrongCloid: FaultKind = {
  info: faultInfo({
    kind: 'wrong-cloid',
    group: 'requests',
    description:
      'Answers and order updates of orders that are accepted while it lasts carry a CLOID that is none of ours.',
    primary: '1.4',
    allowed: ['3.1', '3.2', '3.4'],
    symptoms: ['position-mismatch', 'orders-not-sending', 'stale-quotes'],
  }),
  create: (_fault, world) => new WrongCloid(world),
};
