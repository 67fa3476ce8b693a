/** Messages of market feeds that come more than once: twice as a rule (playbook 2.2), or as a storm of events (playbook 2.1). */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { FEED_TARGETS, feedsOf } from './feed-targets.ts';
import { HitCount, MESSAGES_PARAMETER } from './hit-count.ts';

class FeedCopies implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #hits: HitCount;
  readonly #copies: number;

  /** `copies`: how often a message comes beside the one time that it should. */
  constructor(fault: Fault, world: OverlayWorld, copies: number) {
    this.feeds = feedsOf(fault.target);
    this.#world = world;
    this.#hits = new HitCount(fault, world);
    this.#copies = copies;
  }

  market(item: MarketItem): MarketItem {
    if (!this.#hits.isHit()) return item;
    this.#world.tookEffect(`repeated a message of ${FEEDS[item.feed]}`);
    for (let copy = 0; copy < this.#copies; copy++) this.#world.links.passOn(item);
    return item;
  }

  snapshot(): unknown {
    return this.#hits.snapshot();
  }

  restore(state: unknown): void {
    this.#hits.restore(state as number);
  }
}

export const feedDuplicate: FaultKind = {
  info: faultInfo({
    kind: 'feed-duplicate',
    group: 'feed',
    description: 'Messages of one feed or all market feeds come twice, the second with the number of the first.',
    targets: FEED_TARGETS,
    hasProbability: true,
    parameters: [MESSAGES_PARAMETER],
    primary: '2.2',
    allowed: ['2.1', '3.3'],
    symptoms: [],
  }),
  create: (fault, world) => new FeedCopies(fault, world, 1),
};

export const eventStorm: FaultKind = {
  info: faultInfo({
    kind: 'event-storm',
    group: 'feed',
    description: 'Every message of one feed or all market feeds comes many times at once.',
    targets: FEED_TARGETS,
    defaultTarget: 'all',
    hasProbability: true,
    parameters: [
      {
        name: 'times',
        type: 'integer',
        unit: '',
        min: 2,
        max: 1_000,
        default: 100,
        description: 'How often each message comes.',
      },
      MESSAGES_PARAMETER,
    ],
    primary: '2.1',
    allowed: ['2.2', '4.3', '4.1'],
    symptoms: ['high-latency'],
  }),
  create: (fault, world) => new FeedCopies(fault, world, numberOf(fault, 'times') - 1),
};
