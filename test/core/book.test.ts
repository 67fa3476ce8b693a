/** The book against a plain map of levels. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Book, NO_PRICE } from '../../core/book.ts';
import { ASK, BID, newLevelColumns, SIDES, type Side } from '../../core/market.ts';
import { draws } from '../support/draws.ts';

/** Prices around the edges of words (32 ticks) and pages (512 ticks), and far apart. */
const ticks = fc.oneof(
  fc.integer({ min: 1, max: 1_100 }),
  fc.constantFrom(1, 31, 32, 33, 63, 64, 511, 512, 513, 1_023, 1_024, 50_000, 2_000_000),
);

function walk(book: Book, side: Side): number[] {
  const prices: number[] = [];
  for (let at = book.bestTicks(side); at !== NO_PRICE; at = book.worseThan(side, at)) prices.push(at);
  return prices;
}

it('has the levels that were set, best first, whatever came and went before', () => {
  const step = fc.record({
    side: fc.constantFrom<Side>(BID, ASK),
    ticks,
    lots: fc.constantFrom(0, 0, 1, 2.5, 7),
    chance: fc.integer({ min: 0, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const book = new Book();
      const known = [new Map<number, number>(), new Map<number, number>()];
      for (const { side, ticks: at, lots, chance } of steps) {
        if (chance === 0) {
          book.clear();
          for (const levels of known) levels.clear();
        }
        book.set(side, at, lots);
        if (lots === 0) known[side].delete(at);
        else known[side].set(at, lots);
        for (const each of SIDES) {
          const prices = [...known[each].keys()].sort((a, b) => (each === BID ? b - a : a - b));
          expect(walk(book, each)).toEqual(prices);
          expect(book.levels(each)).toBe(prices.length);
          for (const price of prices) expect(book.sizeLots(each, price)).toBe(known[each].get(price));
        }
        expect(book.sizeLots(side, at)).toBe(lots);
      }
    }),
    draws(1, 150),
  );
});

it('holds nothing of an earlier snapshot', () => {
  const levels = newLevelColumns(2);
  levels.side.set([BID, ASK]);
  const book = new Book();
  for (let at = 1_000; at < 3_000; at += 37) {
    levels.priceTicks.set([at, at + 3]);
    levels.sizeLots.set([at, 1]);
    book.applySnapshot(levels, 0, 2);
    expect([walk(book, BID), walk(book, ASK)]).toEqual([[at], [at + 3]]);
    expect(book.sizeLots(BID, at - 37)).toBe(0);
  }
});

it.each([-1, -950_280, Number.NaN])('has no level at a price of %s, and can be cleared after it', at => {
  const book = new Book();
  for (const side of [BID, ASK] as const) {
    book.set(side, 1_000 + side, 5);
    book.set(side, at, 5);
  }
  expect([walk(book, BID), walk(book, ASK)]).toEqual([[1_000], [1_001]]);
  book.clear();
  expect([book.levels(BID), book.levels(ASK)]).toEqual([0, 0]);
});
