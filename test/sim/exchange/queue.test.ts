import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { FLAG_BACKLOG, FLAG_REPEATED } from '../../../recordings/tape.ts';
import { COIN, type Level, Stand } from './support.ts';

/** 1,000 ticks are $100; bids 1000, 999, 998; asks 1001, 1002, 1003. */
function openMarket(stand: Stand): void {
  stand.play({
    kind: 'snapshot',
    bids: [
      [1000, 300],
      [999, 500],
      [998, 700],
    ],
    asks: [
      [1001, 400],
      [1002, 500],
      [1003, 600],
    ],
  });
}

function standing(): Stand {
  const stand = new Stand();
  openMarket(stand);
  return stand;
}

describe('the queue at one price, worked by hand', () => {
  it('fills what a trade has left after the volume that was shown when the order came', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.sell(1000, 299);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual([]);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['1:1@1000']);
    stand.sell(1000, 1000);
    expect(stand.fills()).toEqual(['1:1@1000', '1:199@1000']);
    expect(stand.exchange.openOrders()).toEqual([]);
    expect(stand.exchange.positionLots(0)).toBe(200);
  });

  it('does the same for an ask and a buyer, and leaves the other side alone', () => {
    const stand = standing();
    stand.place(ASK, 1001, 200);
    stand.place(BID, 1000, 200);
    stand.buy(1001, 450);
    expect(stand.fills()).toEqual(['1:50@1001']);
    expect(stand.exchange.positionLots(0)).toBe(-50);
  });

  it('moves up when the level shows less than was thought to be ahead, and not when it shows more', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'delta', bids: [[1000, 100]] });
    stand.play({ kind: 'delta', bids: [[1000, 900]] });
    stand.sell(1000, 130);
    expect(stand.fills()).toEqual(['1:30@1000']);
  });

  it('stands at the front where the level vanishes, and stays there when others come', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'delta', bids: [[1000, 0]] });
    stand.play({ kind: 'delta', bids: [[1000, 50]] });
    stand.sell(1000, 30);
    expect(stand.fills()).toEqual(['1:30@1000']);
  });

  it('stands at the front inside the spread', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: [[1000, 5]], asks: [[1010, 5]] });
    stand.place(BID, 1005, 200);
    stand.sell(1005, 150);
    expect(stand.fills()).toEqual(['1:150@1005']);
  });

  it('shares one trade among own orders: what one takes is not there for the next', () => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    stand.place(BID, 1000, 100);
    stand.sell(1000, 450);
    expect(stand.fills()).toEqual(['1:100@1000', '2:50@1000']);
  });

  it('keeps recorded volume that came between two own orders between them', () => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    stand.play({ kind: 'delta', bids: [[1000, 360]] });
    stand.place(BID, 1000, 100);
    // 300 are ahead of the first, then the first itself, then 60 more, then the second.
    stand.sell(1000, 460);
    expect(stand.fills()).toEqual(['1:100@1000']);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['1:100@1000', '2:1@1000']);
  });

  it('fills whole and at the own price by a trade through it, best price first', () => {
    const stand = standing();
    stand.place(BID, 999, 100);
    stand.place(BID, 1000, 100);
    stand.sell(998, 1);
    expect(stand.fills()).toEqual(['2:100@1000', '1:100@999']);
    expect(stand.journal.fills.every(fill => !fill.crossed)).toBe(true);
  });

  it.each([
    ['backlog', FLAG_BACKLOG],
    ['repeated', FLAG_REPEATED],
  ])('ignores trades flagged as %s', (_name, flags) => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    stand.play({ kind: 'trades', trades: [{ aggressor: ASK, ticks: 990, lots: 1 }], flags });
    expect(stand.fills()).toEqual([]);
  });

  it('ignores rows of a frame that are older than the order, and not one of its own nanosecond', () => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    const placedNs = stand.nowNs;
    const trade = { aggressor: ASK, ticks: 990, lots: 1 } as const;
    stand.play({ kind: 'trades', trades: [{ ...trade, exchNs: placedNs - 1 }] });
    expect(stand.fills()).toEqual([]);
    stand.play({ kind: 'trades', trades: [{ ...trade, exchNs: placedNs }] });
    expect(stand.fills()).toEqual(['1:100@1000']);
  });
});

describe('a trade that the book has already shown', () => {
  it('is not counted twice when the book of the same time comes first', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'bbo', bids: [[1000, 180]], asks: [[1001, 400]] });
    stand.sell(1000, 120, 0);
    stand.sell(1000, 180, 1);
    expect(stand.fills()).toEqual([]);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['1:1@1000']);
  });

  it('comes to the same in either order, cancellations between included', () => {
    const trade = (stand: Stand) => stand.sell(1000, 120, 0);
    const book = (stand: Stand) => stand.play({ kind: 'bbo', bids: [[1000, 150]], asks: [[1001, 400]] }, 0);
    for (const steps of [
      [book, trade],
      [trade, book],
    ]) {
      const stand = standing();
      stand.place(BID, 1000, 200);
      stand.nowNs += 10;
      for (const step of steps) step(stand);
      stand.sell(1000, 150);
      expect(stand.fills()).toEqual([]);
      stand.sell(1000, 7);
      expect(stand.fills()).toEqual(['1:7@1000']);
    }
  });

  it('counts in full when it happened after the book', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'bbo', bids: [[1000, 180]], asks: [[1001, 400]] });
    stand.sell(1000, 181, 1);
    expect(stand.fills()).toEqual(['1:1@1000']);
  });
});

describe('the book crossing own prices', () => {
  it.each([
    ['above the bid: nothing', 1001, []],
    ['at the bid: the whole order as maker', 1000, ['1:200@1000']],
    ['below the bid: at the own price all the same', 997, ['1:200@1000']],
  ])('best ask %s', (_name, ask, fills) => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'snapshot', bids: [[996, 10]], asks: [[ask, 1]] });
    expect(stand.fills()).toEqual(fills);
  });

  it('fills own asks the same way, best price and then oldest first', () => {
    const stand = standing();
    stand.place(ASK, 1002, 100);
    stand.place(ASK, 1001, 100);
    stand.place(ASK, 1001, 150);
    stand.play({ kind: 'bbo', bids: [[1001, 1]], asks: [[1004, 1]] });
    expect(stand.fills()).toEqual(['2:100@1001', '3:150@1001']);
    stand.play({ kind: 'delta', bids: [[1003, 1]] });
    expect(stand.fills()).toEqual(['2:100@1001', '3:150@1001', '1:100@1002']);
  });

  it('fills nobody from a book that is crossed in itself, and goes on with the next', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'delta', asks: [[999, 5]] });
    expect(stand.exchange.book(0).bestAskTicks).toBe(999);
    expect(stand.fills()).toEqual([]);
    stand.play({
      kind: 'delta',
      bids: [
        [1000, 0],
        [999, 0],
      ],
    });
    expect(stand.fills()).toEqual(['1:200@1000']);
  });

  it('leaves orders of another instrument alone', () => {
    const stand = new Stand({}, [COIN, COIN]);
    openMarket(stand);
    stand.play({ kind: 'snapshot', bids: [[1000, 1]], asks: [[1001, 1]], instrument: 1 });
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'snapshot', bids: [[900, 1]], asks: [[901, 1]], instrument: 1 });
    stand.play({ kind: 'trades', trades: [{ aggressor: ASK, ticks: 1, lots: 1 }], instrument: 1 });
    expect(stand.fills()).toEqual([]);
  });
});

describe('prices that the recording does not show', () => {
  const levels = (from: number, step: number): Level[] =>
    Array.from({ length: 20 }, (_, level): Level => [from + level * step, 50]);

  it('has no volume ahead until the price is shown, and then all that is shown', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: levels(1000, -1), asks: levels(1001, 1) });
    stand.place(BID, 980, 200);
    stand.sell(980, 1000);
    expect(stand.fills()).toEqual([]);
    stand.play({ kind: 'snapshot', bids: levels(990, -1), asks: levels(991, 1) });
    stand.sell(980, 55);
    expect(stand.fills()).toEqual(['1:5@980']);
  });

  it('takes a price inside the shown range for empty, and one a tick beyond it not', () => {
    const stand = new Stand();
    const bids = levels(1000, -1).filter(([ticks]) => ticks !== 985);
    stand.play({ kind: 'snapshot', bids: [...bids, [980, 50]], asks: levels(1001, 1) });
    stand.place(BID, 985, 200);
    stand.place(BID, 979, 200);
    stand.sell(985, 7);
    stand.sell(979, 7);
    expect(stand.fills()).toEqual(['1:7@985', '1:193@985']);
  });

  it('takes a side of fewer than 20 levels for shown whole', () => {
    const stand = standing();
    stand.place(BID, 900, 200);
    stand.sell(900, 7);
    expect(stand.fills()).toEqual(['1:7@900']);
  });

  it('keeps the place of an order that goes out of sight', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: levels(1000, -1), asks: levels(1001, 1) });
    stand.place(BID, 985, 200);
    stand.play({ kind: 'snapshot', bids: levels(1020, -1), asks: levels(1021, 1) });
    stand.sell(985, 55);
    expect(stand.fills()).toEqual(['1:5@985']);
  });

  it('does not take prices that a bbo jumped over for empty', () => {
    const stand = standing();
    stand.play({ kind: 'bbo', bids: [[1010, 5]], asks: [[1012, 5]] });
    stand.place(BID, 1005, 200);
    stand.sell(1005, 100);
    expect(stand.fills()).toEqual([]);
    stand.play({
      kind: 'snapshot',
      bids: [
        [1010, 5],
        [1005, 30],
      ],
      asks: [[1012, 5]],
    });
    stand.sell(1005, 31);
    expect(stand.fills()).toEqual(['1:1@1005']);
  });
});
