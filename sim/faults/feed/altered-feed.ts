/** What faults have in common that change messages of market feeds: those that are hit are copied, changed and handed on. */
import { FEEDS, type Feed } from '../../../core/market.ts';
import type { MarketItem, MarketMessage } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { feedsOf } from './feed-targets.ts';
import { HitCount } from './hit-count.ts';

/** How one kind changes messages. */
export interface Alteration {
  /** Feeds that it looks at without changing them; none where it is not there. */
  readonly alsoSees?: readonly Feed[];
  /** Whether a message can be changed as the fault wants it; asked before the hit is drawn. */
  fits?(message: MarketMessage): boolean;
  /** Changes the message, a copy of its own. */
  alter(message: MarketMessage): void;
  /** A message goes on as it came. */
  passes?(message: MarketMessage): void;
  /** Plain data; needed where it has state. */
  snapshot?(): unknown;
  restore?(state: unknown): void;
}

export class AlteredFeed implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #altered: readonly Feed[];
  readonly #world: OverlayWorld;
  readonly #alteration: Alteration;
  readonly #hits: HitCount;
  readonly #effect: string;

  /** `effect`: what the truth records of each message: `crossed a book of`, followed by the feed. */
  constructor(fault: Fault, world: OverlayWorld, alteration: Alteration, effect: string) {
    this.#altered = feedsOf(fault.target);
    this.feeds = [...new Set([...this.#altered, ...(alteration.alsoSees ?? [])])];
    this.#world = world;
    this.#alteration = alteration;
    this.#hits = new HitCount(fault, world);
    this.#effect = effect;
  }

  market(item: MarketItem): MarketItem {
    const { links, tookEffect } = this.#world;
    const feed = FEEDS[item.feed];
    const message = links.copyOf(item);
    const isOurs = this.#altered.includes(feed) && this.#alteration.fits?.(message) !== false;
    if (!isOurs || !this.#hits.isHit()) {
      this.#alteration.passes?.(message);
      return item;
    }
    this.#alteration.alter(message);
    if (message.kind === 'book' || message.kind === 'trades') links.recordAltered(message);
    tookEffect(`${this.#effect} ${feed}`);
    return { type: 'message', feed: item.feed, instrument: item.instrument, message };
  }

  snapshot(): unknown {
    return { hits: this.#hits.snapshot(), alteration: this.#alteration.snapshot?.() ?? null };
  }

  restore(state: unknown): void {
    const from = state as { hits: number; alteration: unknown };
    this.#hits.restore(from.hits);
    this.#alteration.restore?.(from.alteration);
  }
}
