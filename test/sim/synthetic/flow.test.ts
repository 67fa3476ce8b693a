import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PRICE } from '../../../core/book.ts';
import { BID, newLevelColumns } from '../../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { stepTicks } from '../../../core/strategy/price-grid.ts';
import { CANCELS, PLACES, TAKES } from '../../../sim/exchange/book/action-class.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import { RandomStreams } from '../../../sim/kernel/random.ts';
import { checkParameters } from '../../../sim/synthetic/check.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from '../../../sim/synthetic/presets.ts';
import { FlowBench } from '../../support/flow-bench.ts';

const BLOCK_NS = 70 * NS_PER_MS;
const SYMBOLS = ['BTC', 'HYPE', 'kPEPE'];

function market(preset: PresetName, seed: string, runS: number, symbols: readonly string[] = ['BTC']): FlowBench {
  return new FlowBench(PRESETS[preset], symbols, new RandomStreams(seed), runS * NS_PER_S);
}

/** Everything that can be seen of a market: its books in full, contexts and trades. */
function picture(bench: FlowBench): unknown {
  return bench.engines.map((engine, instrument) => {
    const levels = newLevelColumns(4_000);
    const count = engine.writeLevels(levels, 2_000);
    const rows = [levels.priceTicks, levels.sizeLots, levels.orders].map(column => Array.from(column.slice(0, count)));
    return { rows, context: bench.market.context(instrument), trades: bench.trades[instrument] };
  });
}

describe('synthetic order flow', () => {
  it('is the same for one seed and another for another', () => {
    const run = (seed: string) => {
      const bench = market('busy', seed, 20, SYMBOLS);
      bench.runTo(20 * NS_PER_S, BLOCK_NS);
      return picture(bench);
    };
    const first = run('1');
    expect(run('1')).toEqual(first);
    expect(run('2')).not.toEqual(first);
  });

  it('goes on after a restore as if nothing had been, at any block and between deciding and carrying out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PRESET_NAMES),
        fc.integer({ min: 0, max: 280 }),
        fc.boolean(),
        (preset, blocks, decided) => {
          const runS = 20;
          const original = market(preset, 'restore', runS, SYMBOLS);
          for (let block = 0; block < blocks; block++) {
            original.decide(BLOCK_NS);
            original.carryOut();
          }
          if (decided) original.decide(BLOCK_NS);
          const bytes = encodeState(original.snapshot());
          const restored = market(preset, 'another', runS, SYMBOLS);
          restored.restore(decodeState(bytes));
          for (const bench of [original, restored]) {
            if (decided) bench.carryOut();
            bench.runTo(bench.nowNs + 5 * NS_PER_S, BLOCK_NS);
          }
          expect(picture(restored)).toEqual(picture(original));
        },
      ),
      { seed: 1, numRuns: 10 },
    );
  });

  it('does not depend on how the time is cut into blocks before anything is carried out', () => {
    const whole = market('busy', '1', 10);
    const cut = market('busy', '1', 10);
    whole.decide(BLOCK_NS);
    for (let part = 0; part < 7; part++) cut.decide(BLOCK_NS / 7);
    whole.carryOut();
    cut.carryOut();
    expect(picture(cut)).toEqual(picture(whole));
  });

  it('carries out a class as far as it is asked to, in the order of arrival', () => {
    const bench = market('volatile', '1', 10);
    const [flow] = bench.market.flows;
    bench.decide(NS_PER_S);
    const all = flow.waiting(PLACES);
    flow.execute(PLACES, NS_PER_S / 2);
    const half = flow.waiting(PLACES);
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(all);
    bench.carryOut();
    expect([flow.waiting(PLACES), flow.waiting(CANCELS), flow.waiting(TAKES)]).toEqual([0, 0, 0]);
  });

  it.each(PRESET_NAMES)('%s keeps valid prices, an uncrossed book and finite figures', preset => {
    const runS = 60;
    const bench = market(preset, '3', runS, SYMBOLS);
    // Collected, because an expectation for each of a million figures takes longer than the market does.
    const wrong: string[] = [];
    const demand = (holds: boolean, what: string) => {
      if (!holds) wrong.push(`${what} at ${bench.nowNs}`);
    };
    const isPrice = (instrument: number, ticks: number) =>
      Number.isInteger(ticks) && ticks > 0 && ticks % stepTicks(bench.instruments[instrument], ticks) === 0;
    let blocks = 0;
    let empty = 0;
    bench.onTrade = (instrument, _owner, _side, ticks, lots) => {
      demand(isPrice(instrument, ticks), `trade at ${ticks}`);
      demand(Number.isSafeInteger(lots) && lots > 0, `trade of ${lots}`);
    };
    bench.runTo(runS * NS_PER_S, BLOCK_NS, () => {
      bench.engines.forEach((engine, instrument) => {
        const { bestBidTicks, bestAskTicks } = engine;
        blocks++;
        if (bestBidTicks === NO_PRICE || bestAskTicks === NO_PRICE) {
          empty++;
          return;
        }
        demand(bestBidTicks < bestAskTicks, 'crossed');
        demand(isPrice(instrument, bestBidTicks) && isPrice(instrument, bestAskTicks), 'touch off the grid');
        const context = bench.market.context(instrument);
        demand(Object.values(context).every(Number.isFinite), 'not finite');
        demand(Number.isSafeInteger(context.openInterestLots) && context.openInterestLots > 0, 'open interest');
        demand(Number.isSafeInteger(context.oracleTicks) && Number.isSafeInteger(context.markTicks), 'part of a tick');
        demand(Math.abs(context.fundingPerHour) <= 0.04, 'funding over the cap');
      });
    });
    expect(wrong).toEqual([]);
    expect(empty / blocks).toBeLessThan(0.001);
    expect(Math.min(...bench.trades)).toBeGreaterThan(0);
  });

  it('renews oracle and mark about every 3 s and keeps both near the mid', () => {
    const bench = market('calm', '1', 120);
    const versions: number[] = [];
    let farthest = 0;
    bench.runTo(120 * NS_PER_S, BLOCK_NS, () => {
      if (versions.at(-1) !== bench.market.contextVersion(0)) versions.push(bench.market.contextVersion(0));
      const { oracleTicks, markTicks, midTicks } = bench.market.context(0);
      farthest = Math.max(farthest, Math.abs(oracleTicks / midTicks - 1), Math.abs(markTicks / midTicks - 1));
    });
    expect(farthest).toBeLessThan(0.001);
    expect(versions.length).toBeGreaterThanOrEqual(36);
    expect(versions.length).toBeLessThanOrEqual(46);
  });

  it('moves instruments together, and each by itself', () => {
    const bench = market('busy', '1', 300, ['BTC', 'ETH']);
    const moves: [number[], number[]] = [[], []];
    let last = bench.market.flows.map(flow => flow.fairTicks);
    bench.runTo(300 * NS_PER_S, NS_PER_S, () => {
      const now = bench.market.flows.map(flow => flow.fairTicks);
      now.forEach((ticks, index) => {
        moves[index].push(ticks / last[index] - 1);
      });
      last = now;
    });
    const product = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * b[at], 0);
    const [btc, eth] = moves;
    const correlation = product(btc, eth) / Math.sqrt(product(btc, btc) * product(eth, eth));
    expect(correlation).toBeGreaterThan(0.4);
    expect(correlation).toBeLessThan(0.8);
  });
});

describe('impact of orders that are not of the background', () => {
  const OURS = 1;

  /** Two markets of one seed; in one of them somebody buys at 5 s. Mid 20 s later, in the one by the other. */
  function shiftBps(lots: number): number {
    const mids = [0, lots].map(bought => {
      const bench = market('calm', '1', 60);
      bench.runTo(5 * NS_PER_S, BLOCK_NS);
      if (bought > 0) expect(bench.take(OURS, BID, bought)).toBe(bought);
      bench.runTo(25 * NS_PER_S, BLOCK_NS);
      return bench.market.flows[0].fairTicks;
    });
    return (mids[1] / mids[0] - 1) * 10_000;
  }

  it('moves the fair price for good, by its size', () => {
    // 10 BTC at 95,000 USD and 2 bps a million.
    expect(shiftBps(1_000_000)).toBeGreaterThan(1);
    expect(Math.abs(shiftBps(100))).toBeLessThan(0.2);
  });

  it('finds the book filled again within seconds', () => {
    const bench = market('calm', '1', 60);
    bench.runTo(5 * NS_PER_S, BLOCK_NS);
    const [engine] = bench.engines;
    const before = engine.bestAskTicks - engine.bestBidTicks;
    bench.take(OURS, BID, 2_000_000);
    const after = engine.bestAskTicks - engine.bestBidTicks;
    expect(after).toBeGreaterThan(3 * before);
    bench.runTo(15 * NS_PER_S, BLOCK_NS);
    expect(engine.bestAskTicks - engine.bestBidTicks).toBeLessThan(after / 3);
  });

  it('lets a resting order inside the spread be traded against', () => {
    const bench = market('busy', '1', 60);
    bench.runTo(5 * NS_PER_S, BLOCK_NS);
    const [engine] = bench.engines;
    const bid = engine.bestBidTicks;
    const slot = engine.rest(OURS, BID, bid, 100);
    const generation = engine.generationOf(slot);
    bench.runTo(60 * NS_PER_S, BLOCK_NS);
    expect(engine.generationOf(slot) === generation && engine.lotsOf(slot) === 100).toBe(false);
  });

  it('has an order far above the fair price sniped at once', () => {
    const bench = market('busy', '1', 60);
    bench.runTo(5 * NS_PER_S, BLOCK_NS);
    const [engine] = bench.engines;
    bench.take(OURS, BID, 500_000);
    const slot = engine.rest(
      OURS,
      BID,
      engine.bestAskTicks - stepTicks(bench.instruments[0], engine.bestAskTicks),
      100,
    );
    const generation = engine.generationOf(slot);
    bench.runTo(8 * NS_PER_S, BLOCK_NS);
    expect(engine.generationOf(slot)).not.toBe(generation);
  });
});

describe('parameters', () => {
  it.each(PRESET_NAMES)('%s holds to the limits and survives JSON', preset => {
    checkParameters(PRESETS[preset]);
    expect(JSON.parse(JSON.stringify(PRESETS[preset]))).toEqual(PRESETS[preset]);
    expect(PRESETS[preset].description.length).toBeLessThan(120);
  });

  it('are refused by path outside their limits', () => {
    const { calm } = PRESETS;
    const refused = [
      [{ ...calm, price: { ...calm.price, commonShare: 1.1 } }, /price\.commonShare: 1\.1 is not from 0 to 1/],
      [{ ...calm, takers: { ...calm.takers, perS: Number.NaN } }, /takers\.perS/],
      [{ ...calm, takers: { ...calm.takers, selfExcitation: 0.9, crossExcitation: 0.1 } }, /multiply without end/],
      [{ ...calm, makers: [] }, /makers: at least one/],
      [{ ...calm, makers: [{ ...calm.makers[0], levels: 2.5 }] }, /makers\.0\.levels: 2\.5 is not a whole number/],
      [{ ...calm, makers: [{ ...calm.makers[0], levels: 30, levelRatio: 2 }] }, /farthest quote/],
    ] as const;
    for (const [parameters, message] of refused) expect(() => checkParameters(parameters)).toThrow(message);
  });
});
