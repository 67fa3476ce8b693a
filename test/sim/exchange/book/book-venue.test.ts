import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../../core/market.ts';
import { BACKGROUND } from '../../../../sim/exchange/book/matching-engine.ts';
import { BookStand } from './book-stand.ts';

/** Bids of 300 at 1000 and 500 at 999, asks of 400 at 1001 and 600 at 1003, all of others. */
function standing(settings: ConstructorParameters<typeof BookStand>[0] = {}): BookStand {
  const stand = new BookStand(settings);
  stand.rest(BID, 1000, 300);
  stand.rest(BID, 999, 500);
  stand.rest(ASK, 1001, 400);
  stand.rest(ASK, 1003, 600);
  return stand;
}

describe('own orders in a book of single orders', () => {
  it('have impact: what they take is gone, and what they rest is seen', () => {
    const stand = standing();
    expect(stand.place(BID, 1002, 500, { tif: 'Gtc' })).toEqual({
      status: 'filled',
      oid: 1,
      filledLots: 400,
      averageTicks: 1001,
    });
    expect(stand.levels(1)).toEqual([
      [BID, 1002, 100, 1],
      [BID, 1000, 300, 1],
    ]);
    expect(stand.journal.take()).toEqual([
      'accepted 1 500',
      'filled 1 400@1001 taker position 400',
      'update 1 open 100/500',
    ]);
    expect(stand.engine.bestBidTicks).toBe(1002);
    expect(stand.engine.bestAskTicks).toBe(1003);
  });

  it('wait behind those who came before and in front of those who came after', () => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    stand.rest(BID, 1000, 50);
    stand.take(ASK, 1000, 350);
    expect(stand.journal.fills.map(fill => [fill.oid, fill.sizeLots, fill.crossed])).toEqual([[1, 50, false]]);
    stand.take(ASK, 1000, 60);
    expect(stand.journal.fills.map(fill => fill.sizeLots)).toEqual([50, 50]);
    expect(stand.levels(1)[0]).toEqual([BID, 1000, 40, 1]);
    // Of a partial fill only the fill tells (hyperliquid, section 1.5).
    expect(stand.journal.updates.map(update => update.status)).toEqual(['open', 'filled']);
  });

  it('move up when somebody in front cancels, and by nothing else', () => {
    const stand = new BookStand();
    const first = stand.rest(BID, 1000, 300);
    stand.place(BID, 1000, 100);
    const behind = stand.rest(BID, 1000, 300);
    stand.engine.cancel(behind);
    stand.take(ASK, 1000, 299);
    expect(stand.journal.fills).toEqual([]);
    stand.engine.cancel(first);
    stand.take(ASK, 1000, 1);
    expect(stand.journal.fills).toHaveLength(1);
  });

  it('keep the place when made smaller, and lose it when made larger or moved', () => {
    const stand = new BookStand();
    stand.place(BID, 1000, 100);
    stand.rest(BID, 1000, 300);
    expect(stand.modify(1, BID, 1000, 60)).toEqual({ status: 'resting', oid: 1 });
    stand.take(ASK, 1000, 10);
    expect(stand.journal.fills.map(fill => fill.sizeLots)).toEqual([10]);
    expect(stand.modify(1, BID, 1000, 51)).toEqual({ status: 'resting', oid: 2 });
    stand.take(ASK, 1000, 300);
    expect(stand.journal.fills).toHaveLength(1);
    expect(stand.levels(1)[0]).toEqual([BID, 1000, 51, 1]);
  });

  it('are held against by post-only orders of ours, and expire where we would trade with ourselves', () => {
    const stand = standing();
    stand.place(ASK, 1001, 100);
    stand.rest(ASK, 1001, 100);
    expect(stand.place(BID, 1001, 10).status).toBe('error');
    stand.journal.take();
    // The 400 of others stand in front of ours, 100 behind it.
    expect(stand.place(BID, 1001, 400, { tif: 'Ioc' })).toMatchObject({ filledLots: 400 });
    expect(stand.exchange.openOrders()).toHaveLength(1);
    expect(stand.place(BID, 1001, 50, { tif: 'Ioc' })).toMatchObject({ filledLots: 50 });
    expect(stand.journal.updates.map(update => update.status)).toContain('selfTradeCanceled');
    expect(stand.journal.userEvents).toEqual([{ type: 'nonUserCancel', instrument: 0, oid: 1 }]);
    // No public trade of it.
    expect(stand.trades.every(trade => trade.takerOwner !== trade.makerOwner)).toBe(true);
    expect(stand.levels(1)[1]).toEqual([BID, 999, 500, 1]);
    expect(stand.engine.levelLots(ASK, 1001)).toBe(50);
  });

  it('take part in every trade with the id that both sides share', () => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    stand.take(ASK, 1000, 350);
    const [ours] = stand.journal.fills;
    expect(stand.trades).toHaveLength(2);
    expect(stand.trades[1]).toMatchObject({ tid: ours.tid, takerOwner: BACKGROUND, lots: 50 });
    expect(stand.trades[0].tid).not.toBe(ours.tid);
  });

  it('end one after the other as reduce-only while the position closes under a single taker', () => {
    const stand = new BookStand({ startPositionLots: [-150] });
    stand.place(BID, 1000, 100);
    stand.place(BID, 999, 100, { reduceOnly: true });
    stand.place(BID, 998, 50, { reduceOnly: true });
    stand.rest(BID, 997, 100);
    stand.journal.take();
    stand.take(ASK, 1, 400);
    expect(stand.journal.take()).toEqual([
      'filled 1 100@1000 maker position -50',
      'removed 1 filled 0/100',
      'update 1 filled 0/100',
      'removed 2 expired 100/100',
      'update 2 reduceOnlyCanceled 100/100',
      'filled 3 50@998 maker position 0',
      'removed 3 filled 0/50',
      'update 3 filled 0/50',
    ]);
    expect(stand.exchange.positionLots(0)).toBe(0);
    expect(stand.engine.levels(BID)).toBe(0);
  });

  it('shrink in the book with the position', () => {
    const stand = new BookStand({ startPositionLots: [-150] });
    stand.place(BID, 999, 150, { reduceOnly: true });
    stand.rest(ASK, 1001, 100);
    stand.place(BID, 1001, 100, { tif: 'Ioc' });
    expect(stand.levels(1)).toEqual([[BID, 999, 50, 1]]);
    expect(stand.exchange.openOrders()).toMatchObject([{ oid: 1, remainingLots: 50, originalLots: 150 }]);
  });

  it('leave as marginCanceled where the margin is gone when they are met, and the taker goes on', () => {
    let enough = true;
    const asked: number[] = [];
    const stand = new BookStand({}, undefined, {
      mayMatch: (_order, lots) => {
        asked.push(lots);
        return enough;
      },
    });
    stand.place(BID, 1000, 100);
    stand.rest(BID, 999, 100);
    stand.take(ASK, 999, 30);
    enough = false;
    expect(stand.take(ASK, 999, 60)).toBe(0);
    expect(asked).toEqual([30, 60]);
    expect(stand.trades.map(({ ticks, lots }) => [ticks, lots])).toEqual([
      [1000, 30],
      [999, 60],
    ]);
    expect(stand.journal.updates.at(-1)).toMatchObject({ oid: 1, status: 'marginCanceled', remainingLots: 70 });
    expect(stand.journal.userEvents).toEqual([{ type: 'nonUserCancel', instrument: 0, oid: 1 }]);
  });

  it('see a subscriber shown 20 levels a side with the number of orders of each', () => {
    const stand = new BookStand();
    for (let level = 0; level < 25; level++) {
      stand.rest(BID, 1000 - level, 10);
      stand.rest(BID, 1000 - level, 10);
      stand.rest(ASK, 1001 + level, 10);
    }
    const frame = stand.exchange.bookFrame(0);
    expect(frame).toMatchObject({ count: 40, exchNs: stand.nowNs, updateId: 0 });
    expect(frame?.levels.orders[0]).toBe(2);
    expect(frame?.levels.priceTicks[39]).toBe(1020);
  });
});
