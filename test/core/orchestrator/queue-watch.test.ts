import { describe, expect, it } from 'vitest';
import { Book } from '../../../core/book.ts';
import type { TrackedOrder } from '../../../core/execution/tracked-order.ts';
import { ASK, BID } from '../../../core/market.ts';
import { DEFAULT_QUEUE_WATCH, QueueWatch } from '../../../core/orchestrator/queue-watch.ts';
import { NS_PER_S } from '../../../core/scale.ts';

const ORDER: TrackedOrder = {
  cloid: 1,
  oid: 11,
  instrument: 0,
  side: BID,
  priceTicks: 1_000,
  originalLots: 10,
  tif: 'Alo',
  reduceOnly: false,
  replacesCloid: 0,
  filledLots: 0,
  streamLots: 0,
  state: 'Resting',
  placedNs: 0,
  lastChangeNs: 0,
  cancelSentNs: 0,
};

const second = (count: number): number => count * NS_PER_S;

/** A watch that has seen 100 lots a minute sold for long, with an order that stands 100 lots back at the best price. */
function watched(order: TrackedOrder = ORDER) {
  const watch = new QueueWatch(DEFAULT_QUEUE_WATCH);
  const book = new Book();
  book.set(BID, 1_000, 110);
  book.set(ASK, 1_001, 100);
  for (let at = 1; at <= 120; at++) watch.onTrade(ASK, 100 / 60, second(at));
  expect(watch.check(book, [order], second(120))).toEqual([]);
  return { watch, book };
}

describe('an own order in its queue', () => {
  it('has lost its place when so much has come before it that a fill is hardly likely, once', () => {
    const { watch, book } = watched();
    book.set(BID, 1_001, 5_000);
    expect(watch.check(book, [ORDER], second(121))).toEqual([ORDER]);
    expect(watch.check(book, [ORDER], second(122))).toEqual([]);
    book.set(BID, 1_001, 0);
    expect(watch.check(book, [ORDER], second(123))).toEqual([]);
    book.set(BID, 1_001, 5_000);
    expect(watch.check(book, [ORDER], second(124)), 'again, after it was likely').toEqual([ORDER]);
  });

  it('does not lose it to those who come later at its own price', () => {
    const { watch, book } = watched();
    book.set(BID, 1_000, 90_000);
    expect(watch.check(book, [ORDER], second(121))).toEqual([]);
  });

  it('loses it when nobody sells any longer, however much is bought', () => {
    const { watch, book } = watched();
    for (let at = 121; at < 3_000; at++) watch.onTrade(BID, 100, second(at));
    expect(watch.check(book, [ORDER], second(3_000))).toEqual([ORDER]);
  });

  it('keeps it where nothing stands before it', () => {
    const { watch, book } = watched();
    book.set(BID, 1_000, 10);
    expect(watch.check(book, [ORDER], second(90_000))).toEqual([]);
  });

  it('is not judged before the market was watched for a while, nor before it rests', () => {
    const watch = new QueueWatch(DEFAULT_QUEUE_WATCH);
    const book = new Book();
    book.set(BID, 1_000, 9_000);
    watch.onTrade(ASK, 500, second(1));
    expect(watch.check(book, [ORDER], second(1))).toEqual([]);
    book.set(BID, 1_001, 900_000);
    expect(watch.check(book, [ORDER], second(30))).toEqual([]);
    const { watch: other, book: full } = watched({ ...ORDER, state: 'Placed' });
    full.set(BID, 1_001, 900_000);
    expect(other.check(full, [{ ...ORDER, state: 'Placed' }], second(121))).toEqual([]);
  });

  it('goes on from a snapshot, and forgets orders that have ended', () => {
    const { watch, book } = watched();
    const restored = new QueueWatch(DEFAULT_QUEUE_WATCH);
    restored.restore(watch.snapshot());
    book.set(BID, 1_001, 5_000);
    expect(restored.check(book, [ORDER], second(121))).toEqual([ORDER]);
    restored.check(book, [], second(122));
    expect(restored.snapshot()).toMatchObject({ entries: [] });
  });
});
