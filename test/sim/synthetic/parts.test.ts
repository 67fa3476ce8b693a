import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { BACKGROUND, MatchingEngine } from '../../../sim/exchange/book/matching-engine.ts';
import { PREMIUM_SAMPLE_NS } from '../../../sim/exchange/ledger/funding.ts';
import { RandomStream } from '../../../sim/kernel/random.ts';
import { ActionList } from '../../../sim/synthetic/action-list.ts';
import { EventCourse } from '../../../sim/synthetic/event-course.ts';
import { HourlyPremium, impactTicks } from '../../../sim/synthetic/hourly-premium.ts';
import { LeveragedAccounts } from '../../../sim/synthetic/leveraged-accounts.ts';
import { LotScale } from '../../../sim/synthetic/lots.ts';
import { OpenInterest } from '../../../sim/synthetic/open-interest.ts';
import type { AccountParameters, MarketEvent } from '../../../sim/synthetic/parameters.ts';
import { PRESETS } from '../../../sim/synthetic/presets.ts';
import { middle } from '../../../sim/synthetic/reference-prices.ts';
import { TakerArrivals } from '../../../sim/synthetic/taker-arrivals.ts';
import { autocorrelation, excessKurtosis, quantile } from '../../bench/facts/statistics.ts';
import { listed } from '../../support/flow-bench.ts';

const quiet = { matched: () => undefined, expired: () => undefined, mayMatch: () => true };

describe('event course', () => {
  const event: MarketEvent = {
    atShare: 0.5,
    slideBps: -600,
    slideS: 20,
    recoveredShare: 0.5,
    recoveryS: 60,
    depthFactor: 0.2,
    spreadFactor: 3,
    takerFactor: 6,
  };

  it('slides and recovers by the shares asked for, at its share of the run', () => {
    const course = new EventCourse(event, 100 * NS_PER_S, 300 * NS_PER_S);
    const moveTo = (atS: number) => {
      let bps = 0;
      for (let s = 100; s < atS; s++) bps += course.moveBps(s * NS_PER_S, NS_PER_S);
      return bps;
    };
    expect(moveTo(200)).toBe(0);
    expect(moveTo(220)).toBeCloseTo(-600, 9);
    expect(moveTo(280)).toBeCloseTo(-300, 9);
    expect(moveTo(300)).toBeCloseTo(-300, 9);
  });

  it('changes makers and the takers of its direction from its first to its last moment', () => {
    const course = new EventCourse(event, 0, 200 * NS_PER_S);
    for (const atNs of [100 * NS_PER_S - 1, 120 * NS_PER_S]) {
      expect([course.depthFactor(atNs), course.spreadFactor(atNs), course.sellFactor(atNs)]).toEqual([1, 1, 1]);
    }
    for (const atNs of [100 * NS_PER_S, 120 * NS_PER_S - 1]) {
      expect([course.depthFactor(atNs), course.spreadFactor(atNs)]).toEqual([0.2, 3]);
      expect([course.buyFactor(atNs), course.sellFactor(atNs)]).toEqual([1, 6]);
    }
  });
});

describe('takers', () => {
  const view = { bestBidTicks: 99, bestAskTicks: 101, midTicks: 100, imbalance: 0, fairTicks: 100 };
  const count = (fairTicks: number) => {
    const { takers } = PRESETS.busy;
    const arrivals = new TakerArrivals(takers, 0, new EventCourse(null, 0, 1), new RandomStream('takers'));
    const sides = [0, 0];
    while (arrivals.nextNs < 2_000 * NS_PER_S) {
      const side = arrivals.arrive({ ...view, fairTicks });
      if (side !== null) sides[side]++;
    }
    return sides;
  };

  it('come at the rate asked for, excitement included', () => {
    const [bought, sold] = count(100);
    expect((bought + sold) / 2_000 / PRESETS.busy.takers.perS).toBeGreaterThan(0.9);
    expect((bought + sold) / 2_000 / PRESETS.busy.takers.perS).toBeLessThan(1.1);
    expect(Math.abs(bought / sold - 1)).toBeLessThan(0.15);
  });

  it('go where the fair price is', () => {
    const [bought, sold] = count(100.02);
    expect(bought).toBeGreaterThan(1.5 * sold);
  });
});

describe('leveraged accounts', () => {
  const parameters: AccountParameters = {
    accounts: 1,
    interestShare: 0.1,
    longShare: 1,
    liquidationMinBps: 100,
    liquidationMeanBps: 0,
    returnMeanS: 10,
  };

  function account(interestUsd: number) {
    const scale = new LotScale(listed('BTC'));
    const interest = new OpenInterest(scale.lots(interestUsd, 1_000_000), new RandomStream('interest'));
    const stream = new RandomStream('accounts');
    const accounts = new LeveragedAccounts(parameters, interestUsd, 1_000_000, 0, scale, interest, stream);
    const takes = new ActionList();
    const sent = () => {
      const lots = Array.from(takes.lots.slice(0, takes.count));
      takes.reset();
      return lots;
    };
    return { accounts, interest, takes, sent };
  }

  it('are left alone above their price and sold in full at it, when small', () => {
    const { accounts, interest, takes, sent } = account(100_000);
    accounts.markMoved(NS_PER_S, 990_001, takes);
    expect(sent()).toEqual([]);
    accounts.markMoved(NS_PER_S, 990_000, takes);
    expect(takes.sideAt(0)).toBe(ASK);
    const [lots] = sent();
    const before = interest.lots;
    accounts.liquidated(0, NS_PER_S, lots);
    expect(before - interest.lots).toBe(lots);
    // Gone, until it comes back.
    accounts.markMoved(NS_PER_S + 1, 980_000, takes);
    expect(sent()).toEqual([]);
    accounts.markMoved(1_000 * NS_PER_S, 980_000, takes);
    expect(interest.lots).toBeGreaterThan(before - lots);
  });

  it('are sold by a fifth first and by the rest 30 s later, when large', () => {
    const { accounts, takes, sent } = account(10_000_000);
    accounts.markMoved(0, 980_000, takes);
    const [fifth] = sent();
    accounts.liquidated(0, 0, fifth);
    accounts.markMoved(30 * NS_PER_S - 1, 980_000, takes);
    expect(sent()).toEqual([]);
    accounts.markMoved(30 * NS_PER_S, 980_000, takes);
    const [rest] = sent();
    expect(fifth).toBe(Math.floor((fifth + rest) / 5));
    // What finds nobody is sent again.
    accounts.liquidated(0, 30 * NS_PER_S, rest - 1);
    accounts.markMoved(33 * NS_PER_S, 980_000, takes);
    expect(sent()).toEqual([1]);
  });
});

describe('premium', () => {
  it('takes impact prices from as many levels as it needs', () => {
    const engine = new MatchingEngine(quiet);
    engine.rest(BACKGROUND, ASK, 100, 10);
    engine.rest(BACKGROUND, ASK, 200, 10);
    expect(impactTicks(engine, ASK, 500)).toBe(100);
    expect(impactTicks(engine, ASK, 1_000)).toBe(100);
    // 10 lots at 100 and 5 at 200.
    expect(impactTicks(engine, ASK, 2_000)).toBeCloseTo(2_000 / 15, 12);
    expect(impactTicks(engine, ASK, 3_001)).toBe(0);
    expect(impactTicks(engine, BID, 1)).toBe(0);
  });

  it('is averaged over the hour and forgotten at its end', () => {
    const engine = new MatchingEngine(quiet);
    engine.rest(BACKGROUND, BID, 1_010, 1_000);
    engine.rest(BACKGROUND, ASK, 1_011, 1_000);
    const premium = new HourlyPremium(engine, 1_000, false, 0);
    expect(premium.fundingPerHour).toBe(0.0000125);
    premium.sample(1_000);
    // 1 % of premium less 0.05 %, an eighth of it an hour.
    expect(premium.fundingPerHour).toBeCloseTo((0.01 - 0.0005) / 8, 10);
    engine.clear();
    while (premium.nextNs < 3_600 * NS_PER_S) premium.sample(1_000);
    expect(premium.fundingPerHour).toBeCloseTo((0.01 - 0.0005) / 8, 10);
    premium.sample(1_000);
    expect(premium.nextNs).toBe(3_600 * NS_PER_S + PREMIUM_SAMPLE_NS);
    expect(premium.fundingPerHour).toBe(0.0000125);
  });
});

describe('small things', () => {
  it('the middle of three is the same in any order', () => {
    for (const [a, b, c] of [
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
      [3, 2, 1],
    ]) {
      expect(middle(a, b, c)).toBe(2);
    }
    expect(middle(1, 1, 5)).toBe(1);
  });

  it('orders are never below the least notional', () => {
    const scale = new LotScale(listed('BTC'));
    for (const ticks of [1_000_000, 999_990, 123_450]) {
      const lots = scale.lots(0.01, ticks);
      expect(scale.usd(lots, ticks)).toBeGreaterThanOrEqual(10);
      expect(scale.usd(lots - 1, ticks)).toBeLessThan(10);
    }
    expect(scale.usd(scale.lots(50_000, 1_000_000), 1_000_000)).toBeCloseTo(50_000, 0);
  });

  it('statistics are those of the textbook', () => {
    const alternating = Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(autocorrelation(alternating, 1)).toBeCloseTo(-1, 2);
    expect(autocorrelation(alternating, 2)).toBeCloseTo(1, 2);
    expect(excessKurtosis(alternating)).toBeCloseTo(-2, 9);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(3);
  });
});
