/**
 * Whole books and best bids and asks come crossed: every bid is lifted, so far that the best one lies at or above the best ask
 * (playbook 2.2). Deltas of feeds that send them stay as they are: alone they do not cross.
 */
import { BID } from '../../../core/market.ts';
import { BPS } from '../../../core/scale.ts';
import { type FaultKind, faultInfo, numberOf } from '../fault-kind.ts';
import type { MarketMessage } from '../market-item.ts';
import { AlteredFeed } from './altered-feed.ts';
import { BOOK_TARGETS } from './feed-targets.ts';
import { MESSAGES_PARAMETER } from './hit-count.ts';

/** Rows of the best bid and ask of a message, or -1: bids stand first, best to worst, then the asks. */
function touch(message: MarketMessage): { bid: number; ask: number } {
  if (message.kind !== 'book' || !(message.isSnapshot || message.feed === 'bbo')) return { bid: -1, ask: -1 };
  const { side } = message.levels;
  let ask = 0;
  while (ask < message.count && side[ask] === BID) ask++;
  return { bid: ask === 0 ? -1 : 0, ask: ask === message.count ? -1 : ask };
}

function cross(message: MarketMessage, byBps: number): void {
  if (message.kind !== 'book') return;
  const { bid, ask } = touch(message);
  const { priceTicks } = message.levels;
  const spreadTicks = priceTicks[ask] - priceTicks[bid];
  const liftTicks = spreadTicks + Math.round((priceTicks[ask] * byBps) / BPS);
  for (let row = 0; row < ask; row++) priceTicks[row] += liftTicks;
}

export const crossedBook: FaultKind = {
  info: faultInfo({
    kind: 'crossed-book',
    group: 'feed',
    description: 'Whole books and best bids and asks come crossed: all bids are lifted to the best ask and beyond.',
    targets: BOOK_TARGETS,
    defaultTarget: 'book',
    hasProbability: true,
    parameters: [
      {
        name: 'by',
        type: 'number',
        unit: 'bps',
        min: 0,
        max: 9_000,
        default: 5,
        description: 'How far the best bid lies above the best ask; at 0 they are equal.',
      },
      MESSAGES_PARAMETER,
    ],
    primary: '2.2',
    allowed: ['2.5'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
  }),
  create: (fault, world) => {
    const byBps = numberOf(fault, 'by');
    const alteration = {
      fits: (message: MarketMessage) => {
        const { bid, ask } = touch(message);
        return bid >= 0 && ask >= 0;
      },
      alter: (message: MarketMessage) => cross(message, byBps),
    };
    return new AlteredFeed(fault, world, alteration, 'crossed a book of');
  },
};
