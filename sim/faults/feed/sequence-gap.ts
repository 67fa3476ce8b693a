/**
 * The numbers of a feed's messages jump, as if some had been lost (playbook 2.2). The exchange itself counts on from there, so
 * nothing goes back when the fault ends.
 */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { FEED_TARGETS, feedsOf } from './feed-targets.ts';
import { HitCount, MESSAGES_PARAMETER } from './hit-count.ts';

class SequenceGap implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #hits: HitCount;
  readonly #missing: number;

  constructor(fault: Fault, world: OverlayWorld) {
    this.feeds = feedsOf(fault.target);
    this.#world = world;
    this.#hits = new HitCount(fault, world);
    this.#missing = numberOf(fault, 'missing');
  }

  market(item: MarketItem): MarketItem {
    const { connections, links, tookEffect } = this.#world;
    const sequence = item.type === 'frame' ? item.sequence : item.message.sequence;
    // Before the first message of a subscription there is none that could be missing.
    if (sequence === 1 || !this.#hits.isHit()) return item;
    const missing = this.#missing;
    for (let number = 0; number < missing; number++) connections.nextSequence(item.feed, item.instrument);
    tookEffect(`left a gap of ${missing} messages in ${FEEDS[item.feed]}`);
    if (item.type === 'frame') return { ...item, sequence: sequence + missing };
    return { ...item, message: { ...links.copyOf(item), sequence: sequence + missing } };
  }

  snapshot(): unknown {
    return this.#hits.snapshot();
  }

  restore(state: unknown): void {
    this.#hits.restore(state as number);
  }
}

export const sequenceGap: FaultKind = {
  info: faultInfo({
    kind: 'sequence-gap',
    group: 'feed',
    description: 'The numbers of a feed’s messages jump, as if so many had been lost.',
    targets: FEED_TARGETS,
    hasProbability: true,
    parameters: [
      {
        name: 'missing',
        type: 'integer',
        unit: '',
        min: 1,
        max: 10_000,
        default: 11,
        description: 'How many messages seem to be missing.',
      },
      MESSAGES_PARAMETER,
    ],
    primary: '2.2',
    allowed: ['2.3'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => new SequenceGap(fault, world),
};
