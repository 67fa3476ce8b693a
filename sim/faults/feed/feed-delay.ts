/**
 * Messages of market feeds arrive later than they would, in the order in which they were sent (playbook 2.3). What is still kept
 * back at the end comes at once: nothing overtakes it.
 */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { FEED_TARGETS, feedsOf } from './feed-targets.ts';

interface Kept {
  readonly dueNs: number;
  readonly item: MarketItem;
}

class FeedDelay implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #byNs: number;
  /** In the order in which they are due. */
  #kept: Kept[] = [];

  constructor(fault: Fault, world: OverlayWorld) {
    this.feeds = feedsOf(fault.target);
    this.#world = world;
    this.#byNs = numberOf(fault, 'by');
  }

  market(item: MarketItem): null {
    const dueNs = this.#world.nowNs + this.#byNs;
    this.#kept.push({ dueNs, item });
    this.#world.tookEffect(`delayed a message of ${FEEDS[item.feed]}`);
    this.#world.wakeAt(dueNs);
    return null;
  }

  due(): void {
    const { links, nowNs } = this.#world;
    let count = 0;
    while (count < this.#kept.length && this.#kept[count].dueNs <= nowNs) count++;
    for (const { item } of this.#kept.splice(0, count)) links.passOn(item);
  }

  end(): void {
    for (const { item } of this.#kept.splice(0)) this.#world.links.release(item);
  }

  snapshot(): unknown {
    return [...this.#kept];
  }

  restore(state: unknown): void {
    this.#kept = [...(state as readonly Kept[])];
  }
}

export const feedDelay: FaultKind = {
  info: faultInfo({
    kind: 'feed-delay',
    group: 'feed',
    description:
      'Messages of one feed or all market feeds arrive later, in their order. What is still on its way at the end comes at once.',
    targets: FEED_TARGETS,
    parameters: [
      {
        name: 'by',
        type: 'time',
        min: NS_PER_MS,
        max: 60 * NS_PER_S,
        default: NS_PER_S,
        description: 'How much later each message arrives.',
      },
    ],
    primary: '2.3',
    allowed: ['2.1', '2.2', '1.2', '1.3'],
    symptoms: ['stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  create: (fault, world) => new FeedDelay(fault, world),
};
