/** Messages of market feeds are lost on their way, one by one (playbook 2.2). Their numbers are missing in what comes after them. */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { FEED_TARGETS, feedsOf } from './feed-targets.ts';
import { HitCount, MESSAGES_PARAMETER } from './hit-count.ts';

class FeedDrop implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #hits: HitCount;

  constructor(fault: Fault, world: OverlayWorld) {
    this.feeds = feedsOf(fault.target);
    this.#world = world;
    this.#hits = new HitCount(fault, world);
  }

  market(item: MarketItem): MarketItem | null {
    if (!this.#hits.isHit()) return item;
    this.#world.tookEffect(`lost a message of ${FEEDS[item.feed]}`);
    return null;
  }

  snapshot(): unknown {
    return this.#hits.snapshot();
  }

  restore(state: unknown): void {
    this.#hits.restore(state as number);
  }
}

export const feedDrop: FaultKind = {
  info: faultInfo({
    kind: 'feed-drop',
    group: 'feed',
    description: 'Messages of one feed or all market feeds are lost, each by the probability.',
    targets: FEED_TARGETS,
    hasProbability: true,
    parameters: [MESSAGES_PARAMETER],
    primary: '2.2',
    allowed: ['2.3', '2.4'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => new FeedDrop(fault, world),
};
