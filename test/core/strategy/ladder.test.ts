import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID, type Instrument } from '../../../core/market.ts';
import { DEFAULT_LADDER, Ladder, type LadderInput, lotUsd, minimumLots } from '../../../core/strategy/ladder.ts';
import { roundDown } from '../../../core/strategy/price-grid.ts';
import { draws } from '../../support/draws.ts';
import { BTC } from '../../support/script-host.ts';

const COARSE: Instrument = {
  symbol: 'Y',
  priceDecimals: 6,
  sizeDecimals: 0,
  significantFigures: 5,
  minNotionalUsd: 10,
};

function input(change: Partial<LadderInput> = {}): LadderInput {
  return {
    midTicks: 500_005,
    bestBidTicks: 500_000,
    bestAskTicks: 500_010,
    halfSpreadBps: 5,
    skewBps: 0,
    capacityLots: [2_000, 2_000],
    sizeFactor: 1,
    closing: false,
    ...change,
  };
}

function sizes(ladder: Ladder, side: 0 | 1): number[] {
  const { sizeLots, count } = ladder.side(side);
  return [...sizeLots.slice(0, count)];
}

function prices(ladder: Ladder, side: 0 | 1): number[] {
  const { priceTicks, count } = ladder.side(side);
  return [...priceTicks.slice(0, count)];
}

function made(change: Partial<LadderInput> = {}, instrument = BTC, settings = DEFAULT_LADDER): Ladder {
  const ladder = new Ladder(instrument, settings);
  ladder.generate(input(change));
  return ladder;
}

describe('ladder', () => {
  it('has five levels of $200, each 1.2 times as far as the one before', () => {
    const ladder = made();
    const bids = prices(ladder, BID).map(price => ((500_005 - price) / 500_005) * 10_000);
    expect(bids).toHaveLength(5);
    for (let level = 0; level < 5; level++) {
      const depth = [5, 6, 7.2, 8.64, 10.368][level];
      expect(bids[level]).toBeGreaterThanOrEqual(depth);
      expect(bids[level]).toBeLessThan(depth + 0.21);
    }
    expect(sizes(ladder, BID)).toEqual([399, 399, 399, 399, 399]);
  });

  it('fits into the maximum inventory with its default size', () => {
    const total = sizes(made({ capacityLots: [1_999, 1_999] }), ASK).reduce((sum, lots) => sum + lots, 0);
    expect(total).toBe(1_995);
  });

  it('shifts both sides down while long', () => {
    const level = made();
    const long = made({ skewBps: 3 });
    expect(prices(long, BID)[0]).toBeLessThan(prices(level, BID)[0]);
    expect(prices(long, ASK)[0]).toBeLessThan(prices(level, ASK)[0]);
  });

  it('never reaches the other side of the market, however it is skewed', () => {
    const ladder = made({ skewBps: -40, bestAskTicks: 500_010 });
    expect(prices(ladder, BID)[0]).toBe(500_000);
    expect(new Set(prices(ladder, BID)).size).toBe(5);
    const down = made({ skewBps: 40 });
    expect(prices(down, ASK)[0]).toBe(500_010);
  });

  it('fills the capacity from the best level on, and gives its rest to the last one', () => {
    expect(sizes(made({ capacityLots: [1_000, 2_000] }), BID)).toEqual([399, 399, 202]);
    expect(sizes(made({ capacityLots: [0, 2_000] }), BID)).toEqual([]);
  });

  it('leaves a rest out that is worth less than the minimum, unless it closes the position', () => {
    const minimum = minimumLots(BTC, 499_750);
    expect(minimum).toBe(21);
    expect(sizes(made({ capacityLots: [399 + 20, 0] }), BID)).toEqual([399]);
    expect(sizes(made({ capacityLots: [399 + 21, 0] }), BID)).toEqual([399, 21]);
    expect(sizes(made({ capacityLots: [399 + 3, 0], closing: true }), BID)).toEqual([399, 3]);
  });

  it('quotes the minimum where a level would be worth less', () => {
    const ladder = made({}, BTC, { ...DEFAULT_LADDER, levelUsd: 4 });
    for (const lots of sizes(ladder, ASK)) expect(lots).toBe(20);
  });

  it('takes the sizes of a model, none beyond the most that an order may have', () => {
    const ladder = new Ladder(BTC, DEFAULT_LADDER);
    const wanted = Float64Array.of(100, 200, 300, 400, 500);
    ladder.generate(input({ capacityLots: [700, 2_000] }), { bidLots: wanted, askLots: wanted, maxOrderLots: 350 });
    expect(sizes(ladder, BID)).toEqual([100, 200, 300, 100]);
    expect(sizes(ladder, ASK)).toEqual([100, 200, 300, 350, 350]);
  });

  it('raises a model’s size to the minimum, but not beyond the room (I-69) nor beyond the most of an order', () => {
    const ladder = new Ladder(BTC, DEFAULT_LADDER);
    const wanted = Float64Array.of(24, 0, 0, 0, 0);
    const model = { bidLots: wanted, askLots: wanted, maxOrderLots: 100 };
    ladder.generate(input({ capacityLots: [24 + 21 + 20, 23] }), model);
    expect(sizes(ladder, BID)).toEqual([24, 21]);
    expect(sizes(ladder, ASK)).toEqual([23]);
    ladder.generate(input({ capacityLots: [20, 20] }), model);
    expect(sizes(ladder, BID)).toEqual([]);
    ladder.generate(input(), { ...model, maxOrderLots: 19 });
    expect(ladder.count).toBe(0);
  });

  it.each([40, 1_000])('makes %d levels a side', levels => {
    const ladder = new Ladder(BTC, { ...DEFAULT_LADDER, levels });
    const wanted = new Float64Array(levels).fill(30);
    ladder.generate(input({ capacityLots: [1e9, 1e9] }), { bidLots: wanted, askLots: wanted, maxOrderLots: 500 });
    expect(ladder.count).toBe(2 * levels);
    expect(new Set(prices(ladder, BID)).size).toBe(levels);
    expect(new Set(prices(ladder, ASK)).size).toBe(levels);
  });

  it('quotes nothing with a size of zero', () => {
    expect(made({ sizeFactor: 0 }).count).toBe(0);
  });

  it('keeps levels apart where ticks are coarse', () => {
    const ladder = made(
      { midTicks: 1_200.5, bestBidTicks: 1_200, bestAskTicks: 1_201, capacityLots: [1e9, 1e9] },
      COARSE,
    );
    expect(prices(ladder, BID)).toEqual([1_199, 1_198, 1_197, 1_196, 1_195]);
    expect(prices(ladder, ASK)).toEqual([1_202, 1_203, 1_204, 1_205, 1_206]);
  });

  it('counts a notional of exactly the minimum as enough', () => {
    // 10,000 USD, lots of 0.00001: $0.1 a lot.
    expect(minimumLots(BTC, 100_000)).toBe(100);
    expect(lotUsd(BTC, 100_000) * 100).toBeCloseTo(10, 12);
  });

  it('obeys all rules for any input', () => {
    fc.assert(
      fc.property(
        fc.record({
          mid: fc.integer({ min: 1_000, max: 2_000_000 }),
          half: fc.double({ min: 2, max: 70, noNaN: true }),
          skew: fc.double({ min: -40, max: 40, noNaN: true }),
          bidRoom: fc.integer({ min: 0, max: 100_000 }),
          askRoom: fc.integer({ min: 0, max: 100_000 }),
          coarse: fc.boolean(),
        }),
        ({ mid, half, skew, bidRoom, askRoom, coarse }) => {
          const instrument = coarse ? COARSE : BTC;
          const ladder = made(
            {
              midTicks: mid,
              bestBidTicks: mid - 1,
              bestAskTicks: mid + 1,
              halfSpreadBps: half,
              skewBps: skew,
              capacityLots: [bidRoom, askRoom],
            },
            instrument,
          );
          for (const side of [BID, ASK] as const) {
            const rungs = prices(ladder, side);
            const lots = sizes(ladder, side);
            expect(lots.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(side === BID ? bidRoom : askRoom);
            for (let level = 0; level < rungs.length; level++) {
              expect(roundDown(instrument, rungs[level])).toBe(rungs[level]);
              expect(side === BID ? rungs[level] <= mid : rungs[level] >= mid).toBe(true);
              expect(lots[level]).toBeGreaterThanOrEqual(minimumLots(instrument, rungs[level]));
              if (level > 0) {
                expect(side === BID ? rungs[level] < rungs[level - 1] : rungs[level] > rungs[level - 1]).toBe(true);
              }
            }
          }
        },
      ),
      draws(1, 500),
    );
  });
});
