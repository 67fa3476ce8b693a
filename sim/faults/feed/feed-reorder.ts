/** Messages of market feeds come after the one that was sent after them: with an old number and an old time (playbook 2.2). */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { FEED_TARGETS, feedsOf } from './feed-targets.ts';
import { HitCount, MESSAGES_PARAMETER } from './hit-count.ts';

class FeedReorder implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #hits: HitCount;
  /** By feed and instrument: the message that waits for the next one to overtake it. */
  readonly #waiting: (MarketItem | null)[];

  constructor(fault: Fault, world: OverlayWorld) {
    this.feeds = feedsOf(fault.target);
    this.#world = world;
    this.#hits = new HitCount(fault, world);
    this.#waiting = new Array<MarketItem | null>(FEEDS.length * world.instruments.length).fill(null);
  }

  market(item: MarketItem): MarketItem | null {
    const slot = item.feed * this.#world.instruments.length + item.instrument;
    const late = this.#waiting[slot];
    if (late === null) {
      if (!this.#hits.isHit()) return item;
      this.#waiting[slot] = item;
      return null;
    }
    this.#waiting[slot] = null;
    this.#world.tookEffect(`swapped two messages of ${FEEDS[item.feed]}`);
    this.#world.links.passOn(item);
    this.#world.links.passOn(late);
    return null;
  }

  end(): void {
    const waiting = this.#waiting.filter(item => item !== null);
    this.#waiting.fill(null);
    for (const item of waiting) this.#world.links.release(item);
  }

  snapshot(): unknown {
    return { hits: this.#hits.snapshot(), waiting: [...this.#waiting] };
  }

  restore(state: unknown): void {
    const from = state as { hits: number; waiting: readonly (MarketItem | null)[] };
    this.#hits.restore(from.hits);
    for (const [slot, item] of from.waiting.entries()) this.#waiting[slot] = item;
  }
}

export const feedReorder: FaultKind = {
  info: faultInfo({
    kind: 'feed-reorder',
    group: 'feed',
    description: 'Messages of one feed or all market feeds are overtaken by the next one of their feed.',
    targets: FEED_TARGETS,
    hasProbability: true,
    parameters: [MESSAGES_PARAMETER],
    primary: '2.2',
    allowed: ['2.3'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => new FeedReorder(fault, world),
};
