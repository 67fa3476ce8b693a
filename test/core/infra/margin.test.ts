import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MARGIN, MarginTracker } from '../../../core/infra/margin.ts';
import { ASK, BID, type Instrument, SIDES } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { lotUsd } from '../../../core/strategy/ladder.ts';
import { listed, order, stand } from '../../sim/exchange/ledger/support.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from './frames.ts';

const BTC = listed('BTC');
const BUILDER: Instrument = { ...BTC, symbol: 'hyna:HYPE' };
const FLAT_TIERS = [{ lowerBoundUsd: 0, maxLeverage: 40 }];

function fresh(instruments: readonly Instrument[] = [BTC], account: { equityUsd?: number; leverage?: number } = {}) {
  const log = new KeptLog();
  const start = { equityUsd: 1_000, leverage: 3, maxInventoryUsd: 1_000, ...account };
  return { log, tracker: new MarginTracker(DEFAULT_MARGIN, start, instruments, log.write) };
}

const account = (valueUsd: number, marginUsedUsd = 0) => ({ valueUsd, marginUsedUsd, withdrawableUsd: valueUsd });

describe('what the account can carry', () => {
  it('is four fifths of the free margin at its leverage', () => {
    const { tracker } = fresh();
    expect(tracker.growthUsd(0, BID)).toBe(2_400);
    tracker.setPosition(0, 600);
    expect(tracker.usedUsd).toBe(200);
    expect(tracker.availableUsd).toBe(800);
    expect(tracker.growthUsd(0, BID)).toBe(1_920);
    // Closing sets the position's margin free for the other side of zero.
    expect(tracker.growthUsd(0, ASK)).toBe(2_400);
  });

  it('shrinks with the equity, and leaves nothing to grow where that is gone', () => {
    const { tracker, log } = fresh();
    tracker.onAccount(account(200), [], 1);
    expect(tracker.growthUsd(0, BID)).toBeCloseTo(480, 9);
    tracker.onAccount(account(2), [], 2);
    expect(tracker.growthUsd(0, BID), 'under the smallest order of $10').toBeCloseTo(4.8, 9);
    tracker.onAccount(account(-5), [], 3);
    tracker.setPosition(0, 500);
    expect(tracker.availableUsd).toBe(0);
    for (const side of SIDES) expect(tracker.growthUsd(0, side)).toBe(0);
    expect(tracker.canPlace(0, ASK, 500), 'reducing needs none').toBeNull();
    expect(tracker.canPlace(0, ASK, 501)).toBe('NoAvailableMargin');
    expect(tracker.canPlace(0, BID, 10)).toBe('NoAvailableMargin');
    expect(log.of('margin').map(({ equityUsd }) => equityUsd)).toEqual([200, 2, -5]);
  });

  it('does not count margin as free that the exchange says is bound', () => {
    const { tracker } = fresh();
    tracker.onAccount(account(1_000, 900), [], 1);
    expect(tracker.growthUsd(0, BID)).toBe(240);
  });

  it('is bounded by the largest order and the largest position', () => {
    const { tracker } = fresh([BTC], { equityUsd: 1_000_000 });
    expect(tracker.growthUsd(0, BID)).toBe(10_000);
    tracker.setPosition(0, 95_000);
    expect(tracker.growthUsd(0, BID)).toBe(5_000);
    expect(tracker.canPlace(0, BID, 5_000)).toBeNull();
    expect(tracker.canPlace(0, BID, 5_000.01)).toBe('ExceedsMaxNotional');
  });

  it('says of an order what forbids it: leverage before notional before margin', () => {
    const { tracker } = fresh([BTC], { equityUsd: 50 });
    expect(tracker.canPlace(0, BID, 120)).toBeNull();
    expect(tracker.canPlace(0, BID, 120.01)).toBe('InsufficientMargin');
    expect(tracker.canPlace(0, BID, 200_000)).toBe('ExceedsMaxNotional');
    const tiers = [
      { lowerBoundUsd: 0, maxLeverage: 3 },
      { lowerBoundUsd: 5_000, maxLeverage: 2 },
    ];
    tracker.onRules([{ instrument: 0, tiers, onlyIsolated: false }], 0);
    expect(tracker.canPlace(0, BID, 5_000)).toBe('InsufficientMargin');
    expect(tracker.canPlace(0, BID, 5_000.01)).toBe('ExceedsMaxLeverage');
    expect(tracker.canPlace(0, BID, 200_000)).toBe('ExceedsMaxLeverage');
  });
});

describe('leverage', () => {
  it('is the exchange’s where that is less, by the tier of the largest position that is meant', () => {
    const { tracker, log } = fresh();
    const asset = tracker.asset(0);
    const rules = (tiers: { lowerBoundUsd: number; maxLeverage: number }[]) =>
      tracker.onRules([{ instrument: 0, tiers, onlyIsolated: false }], 7);
    rules(FLAT_TIERS);
    expect([asset.leverage, asset.maxLeverage, asset.limitUsd]).toEqual([3, 40, Infinity]);
    rules([
      { lowerBoundUsd: 0, maxLeverage: 3 },
      { lowerBoundUsd: 1_000, maxLeverage: 2 },
    ]);
    // A position of exactly the bound still has the tier below it.
    expect([asset.leverage, asset.leverageAt(1_000), asset.leverageAt(1_000.01)]).toEqual([3, 3, 2]);
    expect(asset.limitUsd).toBe(1_000);
    rules([
      { lowerBoundUsd: 0, maxLeverage: 3 },
      { lowerBoundUsd: 999, maxLeverage: 2 },
    ]);
    expect(asset.leverage).toBe(2);
    expect(tracker.takeActions()).toEqual([{ type: 'updateLeverage', instrument: 0, isCross: true, leverage: 2 }]);
    expect(tracker.takeActions(), 'once').toEqual([]);
    tracker.actionRefused(0);
    expect(tracker.takeActions()).toHaveLength(1);
    expect(log.of('leverage').map(({ leverage, maxLeverage }) => [leverage, maxLeverage])).toEqual([
      [3, 40],
      [3, 3],
      [2, 3],
    ]);
  });

  it('a builder’s asset, and one that knows no cross margin, is isolated, and the exchange is told', () => {
    const { tracker } = fresh([BTC, BUILDER, BTC]);
    expect(tracker.asset(0).mode).toBe('Cross');
    expect(tracker.asset(1).mode).toBe('Isolated');
    tracker.onRules(
      [
        { instrument: 2, tiers: [{ lowerBoundUsd: 0, maxLeverage: 2 }], onlyIsolated: true },
        // Of an instrument that is not traded here.
        { instrument: 9, tiers: FLAT_TIERS, onlyIsolated: false },
      ],
      0,
    );
    expect(tracker.takeActions()).toEqual([
      { type: 'updateLeverage', instrument: 1, isCross: false, leverage: 3 },
      { type: 'updateLeverage', instrument: 2, isCross: false, leverage: 2 },
    ]);
  });

  it('is set right where a position has another', () => {
    const { tracker } = fresh();
    const position = {
      instrument: 0,
      positionLots: 1,
      entryTicks: 1,
      marginUsedUsd: 0,
      unrealizedUsd: 0,
      liquidationTicks: null,
    };
    tracker.onAccount(account(1_000), [{ ...position, leverage: 20, isCross: true }], 0);
    expect(tracker.takeActions()).toEqual([{ type: 'updateLeverage', instrument: 0, isCross: true, leverage: 3 }]);
    tracker.onAccount(account(1_000), [{ ...position, leverage: 3, isCross: true }], 1);
    expect(tracker.takeActions()).toEqual([]);
  });
});

describe('what is asked of the exchange', () => {
  it('is everything at the start, the account every 10 s, the rules every minute', () => {
    const { tracker } = fresh();
    expect(tracker.isSynced).toBe(false);
    expect(tracker.takeDue(0)).toEqual(['clearinghouseState', 'meta']);
    expect(tracker.takeDue(10 * NS_PER_S - 1)).toEqual([]);
    expect(tracker.takeDue(10 * NS_PER_S)).toEqual(['clearinghouseState']);
    expect(tracker.takeDue(60 * NS_PER_S)).toEqual(['clearinghouseState', 'meta']);
    tracker.onAccount(account(1_000), [], 1);
    expect(tracker.isSynced).toBe(false);
    tracker.onRules([], 1);
    expect(tracker.isSynced).toBe(true);
  });

  it('is the account sooner after a fill, and the rules after a refusal, but not each time', () => {
    const { tracker } = fresh();
    tracker.takeDue(0);
    tracker.requestRefresh();
    expect(tracker.takeDue(NS_PER_S - 1)).toEqual([]);
    expect(tracker.takeDue(NS_PER_S)).toEqual(['clearinghouseState']);
    tracker.refused();
    expect(tracker.takeDue(2 * NS_PER_S)).toEqual(['clearinghouseState']);
    const two = fresh().tracker;
    two.restore(structuredClone(tracker.snapshot()));
    expect(two.takeDue(10 * NS_PER_S - 1)).toEqual([]);
    expect(two.takeDue(10 * NS_PER_S)).toEqual(['meta']);
  });
});

it('the simulated exchange takes every order that fits, and every one that only reduces', () => {
  const markTicks = 60_000 * 10;
  const usdPerLot = lotUsd(BTC, markTicks);
  const lots = (usd: number) => Math.floor(usd / usdPerLot);
  const leverage = fc.integer({ min: 1, max: 3 });
  fc.assert(
    fc.property(
      fc.record({
        startLots: fc.integer({ min: -lots(1_500), max: lots(1_500) }),
        equityUsd: fc.double({ min: 0.5, max: 2_000, noNaN: true }),
        first: leverage,
        second: leverage,
        boundUsd: fc.integer({ min: 100, max: 2_000 }),
        share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      }),
      ({ startLots, equityUsd, first, second, boundUsd, share }) => {
        const { account: exchange } = stand([BTC], [markTicks], { equityUsd: 1_000 }, [], [startLots]);
        const { tracker } = fresh();
        // The tiers are cut and the equity changes under a position that is held.
        exchange.accountState();
        const tiers =
          second < first
            ? [
                { lowerBoundUsd: 0, maxLeverage: first },
                { lowerBoundUsd: boundUsd, maxLeverage: second },
              ]
            : [{ lowerBoundUsd: 0, maxLeverage: first }];
        exchange.setTiers(0, tiers);
        exchange.deposit(equityUsd - 1_000);
        tracker.onRules(exchange.rules(), 0);
        tracker.onAccount(exchange.accountState(), exchange.positions(), 0);
        tracker.setPosition(0, startLots * usdPerLot);
        for (const action of tracker.takeActions()) {
          if (action.type === 'updateLeverage' && exchange.updateLeverage(action) !== null) tracker.actionRefused(0);
        }
        for (const side of SIDES) {
          const reducing = Math.max(0, side === BID ? -startLots : startLots);
          if (reducing > 0) expect(exchange.refusal(order(side, markTicks, reducing))).toBeNull();
          const growth = lots(tracker.growthUsd(0, side) * share);
          if (growth === 0) continue;
          // What is beyond the position counts with what closing it sets free.
          const refusal = exchange.refusal(order(side, markTicks, reducing + growth));
          expect(refusal, `${growth} lots on side ${side}`).toBeNull();
        }
      },
    ),
    draws(1, 500),
  );
});
