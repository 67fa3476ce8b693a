/** That presets do what their descriptions say, for every listed coin and several seeds. */
import { describe, expect, it } from 'vitest';
import { NO_PRICE } from '../../../core/book.ts';
import { ASK, BID, type Side } from '../../../core/market.ts';
import { BPS, NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import type { MatchingEngine } from '../../../sim/exchange/book/matching-engine.ts';
import { RandomStreams } from '../../../sim/kernel/random.ts';
import { CHARACTER_NAMES } from '../../../sim/synthetic/characters.ts';
import { PRESETS, type PresetName } from '../../../sim/synthetic/presets.ts';
import { FlowBench } from '../../support/flow-bench.ts';

const BLOCK_NS = 70 * NS_PER_MS;
const SEEDS = ['1', '2'];

interface Course {
  atS: number[];
  mid: number[];
  spreadBps: number[];
  interest: number[];
  /** Of the best five levels: bid less ask by their sum. */
  imbalance: number[];
  boughtLots: number;
  soldLots: number;
  trades: number;
}

/** One instrument, seen after every block. */
function course(preset: PresetName, symbol: string, seed: string, runS: number): Course {
  const bench = new FlowBench(PRESETS[preset], [symbol], new RandomStreams(seed), runS * NS_PER_S);
  const [engine] = bench.engines;
  const seen: Course = {
    atS: [],
    mid: [],
    spreadBps: [],
    interest: [],
    imbalance: [],
    boughtLots: 0,
    soldLots: 0,
    trades: 0,
  };
  bench.onTrade = (_instrument, _owner, side, _ticks, lots) => {
    if (side === BID) seen.boughtLots += lots;
    else seen.soldLots += lots;
  };
  bench.runTo(runS * NS_PER_S, BLOCK_NS, () => {
    const { bestBidTicks, bestAskTicks } = engine;
    if (bestBidTicks === NO_PRICE || bestAskTicks === NO_PRICE) return;
    const mid = (bestBidTicks + bestAskTicks) / 2;
    const bid = bestLots(engine, BID);
    const ask = bestLots(engine, ASK);
    seen.atS.push(bench.nowNs / NS_PER_S);
    seen.mid.push(mid);
    seen.spreadBps.push(((bestAskTicks - bestBidTicks) / mid) * BPS);
    seen.interest.push(bench.market.context(0).openInterestLots);
    seen.imbalance.push((bid - ask) / (bid + ask));
  });
  seen.trades = bench.trades[0];
  return seen;
}

function bestLots(engine: MatchingEngine, side: Side): number {
  let lots = 0;
  let ticks = engine.bestTicks(side);
  for (let level = 0; level < 5 && ticks !== NO_PRICE; level++, ticks = engine.worseThan(side, ticks)) {
    lots += engine.levelLots(side, ticks);
  }
  return lots;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of the moments from which the mid moves by more than `bps` within `withinS`. */
function movingShare({ atS, mid }: Course, bps: number, withinS: number): number {
  let moments = 0;
  let moving = 0;
  for (let from = 0; atS[from] + withinS < atS[atS.length - 1]; from++) {
    moments++;
    for (let at = from; atS[at] <= atS[from] + withinS; at++) {
      if (Math.abs(mid[at] / mid[from] - 1) * BPS <= bps) continue;
      moving++;
      break;
    }
  }
  return moving / moments;
}

/** Largest share by which the open interest falls within 60 s, looking only at spans that begin between the two times. */
function interestDrop({ atS, interest }: Course, fromS: number, toS: number): number {
  let drop = 0;
  for (let from = 0; from < atS.length; from += 10) {
    if (atS[from] < fromS || atS[from] >= toS) continue;
    for (let at = from; atS[at] <= Math.min(atS[from] + 60, toS); at += 10) {
      drop = Math.max(drop, 1 - interest[at] / interest[from]);
    }
  }
  return drop;
}

describe('presets', () => {
  it.each(CHARACTER_NAMES)('volatile: the mid of %s moves more than 2 bps within nearly every 3 s', symbol => {
    for (const seed of SEEDS) expect(movingShare(course('volatile', symbol, seed, 60), 2, 3)).toBeGreaterThan(0.94);
  });

  it('calm and busy differ as they should, and the book is never gone', () => {
    const calm = course('calm', 'BTC', '1', 300);
    const busy = course('busy', 'BTC', '1', 300);
    expect(mean(calm.spreadBps)).toBeLessThan(1.2);
    expect(mean(busy.spreadBps)).toBeLessThan(1.2);
    expect(busy.trades).toBeGreaterThan(5 * calm.trades);
    expect(movingShare(calm, 2, 3)).toBeLessThan(0.15);
    expect(movingShare(busy, 2, 3)).toBeLessThan(0.6);
    for (const { atS } of [calm, busy]) expect(atS.length).toBe(Math.floor(300 / 0.07));
  });

  it('thin: fewer trades and a wider spread than calm', () => {
    const calm = course('calm', 'HYPE', '1', 300);
    const thin = course('thin', 'HYPE', '1', 300);
    expect(thin.trades).toBeLessThan(calm.trades / 2);
    expect(mean(thin.spreadBps)).toBeGreaterThan(4 * mean(calm.spreadBps));
  });

  it.each(['BTC', 'SOL', 'kPEPE'])(
    'flash-crash: %s falls about 6 % in 20 s at half of the run and recovers',
    symbol => {
      for (const seed of SEEDS) {
        const runS = 200;
        const { atS, mid } = course('flash-crash', symbol, seed, runS);
        const at = (second: number) => mid[atS.findIndex(s => s >= second)];
        const before = at(runS / 2);
        expect(Math.abs(at(runS / 2 - 10) / before - 1)).toBeLessThan(0.005);
        const low = Math.min(...mid.filter((_, index) => atS[index] > runS / 2 && atS[index] < runS / 2 + 25)) / before;
        expect(low).toBeLessThan(0.955);
        expect(low).toBeGreaterThan(0.92);
        expect(at(runS / 2 + 85) / before).toBeGreaterThan(0.97);
      }
    },
  );

  it.each(CHARACTER_NAMES)('cascade: open interest of %s falls by 2 % and more within 60 s, and not before', symbol => {
    for (const seed of SEEDS) {
      const runS = 200;
      const seen = course('cascade', symbol, seed, runS);
      expect(interestDrop(seen, 0, runS / 2)).toBeLessThan(0.02);
      expect(interestDrop(seen, runS / 2 - 5, runS)).toBeGreaterThan(0.02);
      expect(Math.min(...seen.interest)).toBeGreaterThan(0);
    }
  });

  it('one-sided: most of what is taken is bought, and bids are thicker', () => {
    for (const seed of SEEDS) {
      const { boughtLots, soldLots, imbalance } = course('one-sided', 'BTC', seed, 300);
      expect(boughtLots / (boughtLots + soldLots)).toBeGreaterThan(0.6);
      expect(mean(imbalance)).toBeGreaterThan(0.3);
    }
  });
});
