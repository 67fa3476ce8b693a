import { describe, expect, it } from 'vitest';
import { MarketBook } from '../../../core/infra/market-book.ts';
import { ASK, BID, type Side } from '../../../core/market.ts';
import type { BookMessage } from '../../../core/port.ts';
import { bookFrame } from './frames.ts';

type Level = readonly [side: 0 | 1, ticks: number, lots: number];

function message(change: Partial<BookMessage>, rows: readonly Level[]): BookMessage {
  const levelsOf = (of: Side) => rows.filter(([side]) => side === of).map(([, ticks, lots]) => [ticks, lots] as const);
  return bookFrame({ ...change, bids: levelsOf(BID), asks: levelsOf(ASK) });
}

const BOOK: readonly Level[] = [
  [BID, 99, 1],
  [BID, 98, 2],
  [ASK, 101, 3],
  [ASK, 102, 4],
];

describe('market book', () => {
  it('has no mid before it has two sides', () => {
    const market = new MarketBook();
    expect(market.midTicks).toBe(0);
    market.apply(message({}, [[BID, 99, 1]]));
    expect(market.midTicks).toBe(0);
    market.apply(message({}, BOOK));
    expect(market.midTicks).toBe(100);
  });

  it('ignores deltas before a snapshot, and those that a snapshot holds already', () => {
    const market = new MarketBook();
    expect(market.apply(message({ isSnapshot: false, updateId: 5 }, [[BID, 100, 1]]))).toBe(false);
    market.apply(message({ updateId: 10 }, BOOK));
    expect(market.apply(message({ isSnapshot: false, updateId: 10 }, [[BID, 100, 1]]))).toBe(false);
    expect(market.midTicks).toBe(100);
    expect(market.apply(message({ isSnapshot: false, updateId: 11 }, [[BID, 100, 1]]))).toBe(true);
    expect(market.book.bestBidTicks).toBe(100);
  });

  it('ignores a best bid and ask older than the book', () => {
    const market = new MarketBook();
    market.apply(message({ updateId: 10 }, BOOK));
    const touch: readonly Level[] = [
      [BID, 100, 1],
      [ASK, 103, 1],
    ];
    expect(market.apply(message({ feed: 'bbo', updateId: 9 }, touch))).toBe(false);
    expect(market.book.bestBidTicks).toBe(99);
    expect(market.apply(message({ feed: 'bbo', updateId: 10 }, touch))).toBe(true);
    expect(market.book.bestAskTicks).toBe(103);
  });

  it('keeps a newer touch when older levels come after it', () => {
    const market = new MarketBook();
    market.apply(message({ updateId: 10 }, BOOK));
    market.apply(
      message({ feed: 'bbo', updateId: 20 }, [
        [BID, 104, 7],
        [ASK, 106, 8],
      ]),
    );
    // As of update 15 the ask was still at 103: laid over the newer bid it would cross.
    market.apply(
      message({ isSnapshot: false, updateId: 15 }, [
        [ASK, 103, 5],
        [BID, 97, 6],
      ]),
    );
    expect([market.book.bestBidTicks, market.book.bestAskTicks]).toEqual([104, 106]);
    expect(market.book.sizeLots(BID, 97)).toBe(6);
    market.apply(message({ isSnapshot: false, updateId: 21 }, [[BID, 105, 1]]));
    expect(market.book.bestBidTicks).toBe(105);
  });

  it('takes frames without update ids in the order in which they come', () => {
    const market = new MarketBook();
    market.apply(
      message({ feed: 'bbo' }, [
        [BID, 104, 7],
        [ASK, 106, 8],
      ]),
    );
    market.apply(message({}, BOOK));
    expect(market.midTicks).toBe(100);
  });

  it('is the same after a restore', () => {
    const market = new MarketBook();
    market.apply(message({ updateId: 10 }, BOOK));
    market.apply(
      message({ feed: 'bbo', updateId: 20 }, [
        [BID, 99, 7],
        [ASK, 101, 8],
      ]),
    );
    const other = new MarketBook();
    other.apply(message({}, [[BID, 50, 1]]));
    other.restore(structuredClone(market.snapshot()));
    expect(other.snapshot()).toEqual(market.snapshot());
    for (const each of [market, other]) each.apply(message({ isSnapshot: false, updateId: 15 }, [[ASK, 100, 1]]));
    expect(other.book.bestAskTicks).toBe(market.book.bestAskTicks);
  });
});
