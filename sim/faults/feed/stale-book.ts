/**
 * A feed of the book is alive and stands still: the book as it was when the fault began comes again and again, with new times and
 * numbers (playbook 2.2). Nothing in a single message shows it.
 */
import { FEEDS, type Feed } from '../../../core/market.ts';
import { type FaultKind, faultInfo } from '../fault-kind.ts';
import type { MarketItem } from '../market-item.ts';
import type { Overlay, OverlayWorld } from '../overlay.ts';
import type { Fault } from '../plan.ts';
import { BOOK_TARGETS, feedsOf } from './feed-targets.ts';

class StaleBook implements Overlay {
  readonly feeds: readonly Feed[];
  readonly #world: OverlayWorld;
  /** By feed and instrument: the book that comes again; null before the first. */
  readonly #first: (MarketItem | null)[];

  constructor(fault: Fault, world: OverlayWorld) {
    this.feeds = feedsOf(fault.target);
    this.#world = world;
    this.#first = new Array<MarketItem | null>(FEEDS.length * world.instruments.length).fill(null);
  }

  market(item: MarketItem): MarketItem {
    const { instruments, links, tookEffect } = this.#world;
    const slot = item.feed * instruments.length + item.instrument;
    const now = links.copyOf(item);
    const isWhole = now.kind === 'book' && (now.isSnapshot || now.feed === 'bbo');
    const first = this.#first[slot];
    if (first === null) {
      if (isWhole) this.#first[slot] = item;
      return item;
    }
    const old = links.copyOf(first);
    if (now.kind !== 'book' || old.kind !== 'book') return item;
    const { exchNs, sequence, updateId, previousUpdateId } = now;
    const message = { ...old, exchNs, sequence, updateId, previousUpdateId };
    links.recordAltered(message);
    tookEffect(`sent an old book of ${FEEDS[item.feed]} as a new one`);
    return { type: 'message', feed: item.feed, instrument: item.instrument, message };
  }

  snapshot(): unknown {
    return [...this.#first];
  }

  restore(state: unknown): void {
    for (const [slot, item] of (state as readonly (MarketItem | null)[]).entries()) this.#first[slot] = item;
  }
}

export const staleBook: FaultKind = {
  info: faultInfo({
    kind: 'stale-book',
    group: 'feed',
    description: 'The book of the fault’s beginning comes again and again, with new times and numbers: alive, and old.',
    targets: BOOK_TARGETS,
    defaultTarget: 'book',
    primary: '2.2',
    allowed: ['2.1', '2.3', '2.5', '1.1', '1.3'],
    symptoms: ['stale-quotes', 'orders-not-sending', 'position-mismatch'],
  }),
  create: (fault, world) => new StaleBook(fault, world),
};
