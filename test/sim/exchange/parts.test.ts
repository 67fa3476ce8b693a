import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { FeeRate } from '../../../sim/exchange/fees.ts';
import { Nonces } from '../../../sim/exchange/nonces.ts';
import { tradeId } from '../../../sim/exchange/trade-id.ts';
import { COIN, type Level, Stand } from './support.ts';

describe('fees', () => {
  it('are notional × rate cut after six decimals, as decimal.js has it', () => {
    const cases = fc.record({
      priceDecimals: fc.integer({ min: 0, max: 8 }),
      sizeDecimals: fc.integer({ min: 0, max: 8 }),
      ticks: fc.integer({ min: 1, max: 0x7fff_ffff }),
      lots: fc.integer({ min: 1, max: 2 ** 40 }),
      bps: fc.constantFrom(1.5, 4.5, -0.3, 1.425, 0),
    });
    fc.assert(
      fc.property(cases, ({ priceDecimals, sizeDecimals, ticks, lots, bps }) => {
        const Exact = Decimal.clone({ precision: 60 });
        const notional = new Exact(ticks).times(lots).div(new Exact(10).pow(priceDecimals + sizeDecimals));
        // Fees of larger trades have more digits than a number holds.
        fc.pre(notional.lt(1e12));
        const fee = new FeeRate({ ...COIN, priceDecimals, sizeDecimals }, bps).feeUsd(ticks, lots);
        const expected = notional.times(bps).div(10_000).toDecimalPlaces(6, Decimal.ROUND_DOWN);
        // + 0: a rebate that is cut to nothing is 0 and not -0.
        expect(fee).toBe(expected.toNumber() + 0);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('agree with the recorded sample of 0.001 BTC at 79,146', () => {
    const btc = { ...COIN, priceDecimals: 1, sizeDecimals: 5 };
    expect(new FeeRate(btc, 1.5).feeUsd(791_460, 100)).toBe(0.011871);
  });
});

describe('trade ids', () => {
  it('are 50-bit numbers, never the same twice and not in order', () => {
    const ids = Array.from({ length: 50_000 }, (_, count) => tradeId(count));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(id => Number.isSafeInteger(id) && id >= 0 && id < 2 ** 50)).toBe(true);
    expect(ids.filter((id, at) => at > 0 && id > ids[at - 1]).length).toBeGreaterThan(20_000);
    expect(ids.filter((id, at) => at > 0 && id < ids[at - 1]).length).toBeGreaterThan(20_000);
  });
});

describe('nonces', () => {
  it('takes each once, in any order, down to the hundredth highest', () => {
    const nonces = new Nonces();
    for (let nonce = 1_000; nonce < 1_200; nonce += 2) expect(nonces.use(nonce)).toBe(true);
    expect(nonces.use(1_198)).toBe(false);
    expect(nonces.use(1_000)).toBe(false);
    expect(nonces.use(999)).toBe(false);
    expect(nonces.use(1_001)).toBe(true);
    expect(nonces.use(1_001)).toBe(false);
    expect(nonces.use(1_000)).toBe(false);
    expect(nonces.use(2_000)).toBe(true);
  });
});

describe('the book for a new subscriber', () => {
  const many = (from: number, step: number, count: number): Level[] =>
    Array.from({ length: count }, (_, level): Level => [from + level * step, 5]);

  it('is null before the first frame', () => {
    const stand = new Stand();
    expect(stand.exchange.bookFrame(0)).toBeNull();
    stand.sell(1000, 1);
    expect(stand.exchange.bookFrame(0)).toBeNull();
  });

  it('has 20 levels a side of a market made of snapshots', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: many(1000, -1, 25), asks: many(1001, 1, 22), updateId: 5 });
    const frame = stand.exchange.bookFrame(0);
    expect(frame).toMatchObject({ count: 40, updateId: 5, exchNs: stand.nowNs });
    expect(frame?.levels.priceTicks[0]).toBe(1000);
    expect(frame?.levels.priceTicks[19]).toBe(981);
    expect(frame?.levels.priceTicks[20]).toBe(1001);
    expect(frame?.levels.side[20]).toBe(ASK);
  });

  it('has all levels of a market made of deltas, with the id of the last of them', () => {
    const stand = new Stand();
    stand.play({ kind: 'delta', bids: many(1000, -1, 30), asks: many(1001, 1, 31), updateId: 8 });
    stand.play({ kind: 'bbo', bids: [[1000, 6]], asks: [[1001, 7]], updateId: 9 });
    expect(stand.exchange.bookFrame(0)).toMatchObject({ count: 61, updateId: 8, exchNs: stand.nowNs });
  });
});

describe('a fast book', () => {
  it('replaces the five levels that it shows and leaves the deeper ones', () => {
    const stand = new Stand();
    const { exchange } = stand;
    stand.play({
      kind: 'snapshot',
      bids: Array.from({ length: 20 }, (_, level): Level => [1000 - level, 5]),
      asks: Array.from({ length: 20 }, (_, level): Level => [1001 + level, 5]),
    });
    stand.play({
      kind: 'fast',
      bids: [1002, 1000, 998, 996, 994].map((ticks): Level => [ticks, 9]),
      asks: [1003, 1005, 1006, 1007, 1008].map((ticks): Level => [ticks, 9]),
    });
    const book = exchange.book(0);
    expect([book.bestBidTicks, book.bestAskTicks]).toEqual([1002, 1003]);
    expect(book.sizeLots(BID, 999)).toBe(0);
    expect(book.sizeLots(BID, 993)).toBe(5);
    expect(book.sizeLots(ASK, 1004)).toBe(0);
    expect(book.sizeLots(ASK, 1009)).toBe(5);
    expect(book.levels(BID)).toBe(5 + 13);
  });

  it('empties a side that it leaves out', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: [[1000, 5]], asks: [[1001, 5]] });
    stand.play({ kind: 'fast', bids: [[1000, 5]] });
    expect(stand.exchange.book(0).bestAskTicks).toBe(0);
  });
});
