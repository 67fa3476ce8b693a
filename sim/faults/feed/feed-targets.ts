/** What a fault of market feeds can act on: one feed, those of the book, or all. */
import { BOOK_FEEDS, FEEDS, type Feed, MARKET_FEEDS } from '../../../core/market.ts';

export const FEED_TARGETS: readonly string[] = ['all', 'book', ...MARKET_FEEDS];
/** Targets of a fault that needs prices and sizes. */
export const BOOK_TARGETS: readonly string[] = ['book', ...BOOK_FEEDS];

/** The feeds of a target. */
export function feedsOf(target: string): readonly Feed[] {
  if (target === 'all') return MARKET_FEEDS;
  if (target === 'book') return BOOK_FEEDS;
  return FEEDS.filter(feed => feed === target);
}
