import { describe, expect, it } from 'vitest';
import { NO_PRICE } from '../../../../core/book.ts';
import { ASK, BID, type Instrument } from '../../../../core/market.ts';
import type { PlaceOrder } from '../../../../core/port.ts';
import { Limits } from '../../../../sim/exchange/limits/limits.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../../sim/exchange/limits/settings.ts';
import { perpFor } from '../../../../sim/exchange/perps.ts';
import { decodeState, encodeState } from '../../../../sim/kernel/codec.ts';
import { Stand } from '../support.ts';

/** Not listed: tenfold leverage, so $2 M to take at once and $20 M to rest. A lot at 1,000 ticks is worth $0.1. */
const COIN: Instrument = {
  symbol: 'COIN',
  priceDecimals: 1,
  sizeDecimals: 3,
  significantFigures: 5,
  minNotionalUsd: 1,
};
const LISTED: Instrument = perpFor({ ...COIN, symbol: 'hyna:HYPE', priceDecimals: 4, sizeDecimals: 2 });

const limitsOf = (settings: Partial<LimitSettings> = {}, volumeUsd = 0) =>
  new Limits([COIN, LISTED], { ...DEFAULT_LIMITS, ...settings }, { volumeMicroUsd: volumeUsd * 1e6 });

const order = (place: Partial<PlaceOrder> = {}): PlaceOrder => ({
  cloid: 0,
  instrument: 0,
  side: BID,
  priceTicks: 1_000,
  sizeLots: 100,
  tif: 'Alo',
  reduceOnly: false,
  ...place,
});

describe('price band', () => {
  const { market } = limitsOf();
  const TOO_FAR = 'Order price cannot be more than 95% away from the reference price';

  it.each([
    [1_950, null],
    [1_951, TOO_FAR],
    [50, null],
    [49, TOO_FAR],
  ])('around the middle of the book, at %i ticks', (priceTicks, error) => {
    expect(market.bandError(order({ priceTicks }), 999, 1_001)).toBe(error);
  });

  it('is around the one side that there is, and nothing where there is none', () => {
    expect(market.bandError(order({ priceTicks: 1_951 }), 1_000, NO_PRICE)).toBe(TOO_FAR);
    expect(market.bandError(order({ priceTicks: 1_951 }), NO_PRICE, 1_000)).toBe(TOO_FAR);
    expect(market.bandError(order({ priceTicks: 1_951 }), NO_PRICE, NO_PRICE)).toBeNull();
  });

  it('is around the oracle where that is known', () => {
    const limits = limitsOf();
    limits.market.contextMoved(0, 0, 2_000, 0);
    expect(limits.market.bandError(order({ priceTicks: 3_900 }), 999, 1_001)).toBeNull();
    expect(limits.market.bandError(order({ priceTicks: 99 }), 999, 1_001)).toBe(TOO_FAR);
    limits.change({ priceBandShare: 0.8 });
    expect(limits.market.bandError(order({ priceTicks: 3_900 }), 999, 1_001)).toBe(
      'Order price cannot be more than 80% away from the reference price',
    );
  });
});

describe('oracle', () => {
  it('refuses prices too far from it, where it is known', () => {
    const limits = limitsOf({ oracleBandShare: 0.1 });
    expect(limits.market.refusal(order({ priceTicks: 1_101 }), 0)).toBeNull();
    limits.market.contextMoved(0, 0, 1_000, 0);
    expect(limits.market.refusal(order({ priceTicks: 1_100 }), 0)).toBeNull();
    expect(limits.market.refusal(order({ priceTicks: 1_101 }), 0)).toEqual({
      error: 'Order price too far from oracle',
      status: 'oracleRejected',
    });
    expect(limits.market.refusal(order({ priceTicks: 899 }), 0)).not.toBeNull();
  });
});

describe('largest order', () => {
  it('is ten times as large for an order that may rest', () => {
    const { market } = limitsOf();
    expect(market.refusal(order({ tif: 'Ioc', sizeLots: 20_000_000 }), 0)).toBeNull();
    expect(market.refusal(order({ tif: 'Ioc', sizeLots: 20_000_001 }), 0)).toEqual({
      error: 'Order must have maximum value of $2000000.',
      status: 'rejected',
    });
    expect(market.refusal(order({ tif: 'Gtc', sizeLots: 200_000_000 }), 0)).toBeNull();
    expect(market.refusal(order({ tif: 'Alo', sizeLots: 200_000_001 }), 0)).not.toBeNull();
  });

  it('can be turned down', () => {
    const limits = limitsOf();
    limits.change({ orderNotionalUsd: 10 });
    expect(limits.market.refusal(order(), 0)).toBeNull();
    expect(limits.market.refusal(order({ sizeLots: 101 }), 0)).not.toBeNull();
  });
});

describe('open interest', () => {
  const INCREASE = 'Order would increase open interest while open interest is capped';
  const atCap = () => {
    const limits = limitsOf({ openInterestCapUsd: 1_000 });
    // 10,000 lots at $100 are $1,000.
    limits.market.contextMoved(0, 0, 1_000, 10_000);
    return limits;
  };

  it('is capped from the cap on', () => {
    const limits = atCap();
    expect(limits.market.isAtOpenInterestCap(0)).toBe(true);
    limits.market.contextMoved(0, 0, 1_000, 9_999);
    expect(limits.market.isAtOpenInterestCap(0)).toBe(false);
    expect(limits.market.refusal(order(), 0)).toBeNull();
  });

  describe('resting orders, once it is at the cap', () => {
    const resting = (positionLots: number) => {
      const limits = { ...DEFAULT_LIMITS, openInterestCapUsd: 1_000 };
      const stand = new Stand({ limits, startPositionLots: [positionLots] }, [COIN]);
      stand.play({ kind: 'snapshot', bids: [[1_000, 300]], asks: [[1_001, 400]] });
      return stand;
    };
    const told = (stand: Stand, oracleTicks: number, openInterestLots: number): string[] => {
      stand.journal.take();
      const context = { fundingPerHour: 0, openInterestLots, oracleTicks, markTicks: 1_000, midTicks: 1_000.5 };
      stand.exchange.contextMoved(++stand.nowNs, 0, context);
      const ended = stand.journal.take().filter(line => line.startsWith('update'));
      const unasked = stand.journal.userEvents.splice(0).map(event => ('oid' in event ? event.oid : -1));
      expect(unasked).toEqual(ended.map(line => Number(line.split(' ')[1])));
      return ended;
    };

    it('end where they would add to it, and not before', () => {
      const stand = resting(0);
      stand.place(BID, 999, 100);
      stand.place(ASK, 1_002, 100);
      expect(told(stand, 1_000, 9_999)).toEqual([]);
      expect(told(stand, 1_000, 10_000)).toEqual([
        'update 1 openInterestCapCanceled 100/100',
        'update 2 openInterestCapCanceled 100/100',
      ]);
      expect(stand.exchange.openOrders()).toEqual([]);
    });

    it('stay where they only close, in part or whole, and end where they would turn the position', () => {
      const stand = resting(100);
      stand.place(ASK, 1_002, 60);
      stand.place(ASK, 1_002, 100);
      stand.place(ASK, 1_003, 101);
      stand.place(ASK, 1_003, 40, { reduceOnly: true });
      expect(told(stand, 1_000, 10_000)).toEqual(['update 3 openInterestCapCanceled 101/101']);
      expect(stand.exchange.openOrders().map(({ oid }) => oid)).toEqual([1, 2, 4]);
    });

    it('end where a fill has left less to close', () => {
      const stand = resting(100);
      stand.place(ASK, 1_002, 60);
      stand.place(ASK, 1_003, 60);
      expect(told(stand, 1_000, 10_000)).toEqual([]);
      stand.buy(1_002, 60);
      expect(told(stand, 1_000, 10_000)).toEqual(['update 2 openInterestCapCanceled 60/60']);
    });

    it('end where their price is more aggressive than the oracle by 1 %, even to close', () => {
      const stand = resting(100);
      stand.place(ASK, 1_002, 60);
      expect(told(stand, 1_012, 10_000)).toEqual([]);
      expect(told(stand, 1_013, 10_000)).toEqual(['update 1 openInterestCapCanceled 60/60']);
    });
  });

  it('has a cap of its own for a listed instrument', () => {
    const { market } = limitsOf();
    // $50 M at $10 a coin.
    market.contextMoved(0, 1, 100_000, 500_000_000);
    expect(market.isAtOpenInterestCap(1)).toBe(true);
    market.contextMoved(0, 1, 100_000, 499_999_999);
    expect(market.isAtOpenInterestCap(1)).toBe(false);
  });

  it('refuses what opens or adds, and what turns the position; what closes passes', () => {
    const { market } = atCap();
    const increase = { error: INCREASE, status: 'positionIncreaseAtOpenInterestCapRejected' };
    expect(market.refusal(order(), 0)).toEqual(increase);
    expect(market.refusal(order(), 50)).toEqual(increase);
    expect(market.refusal(order({ side: ASK, sizeLots: 51 }), 50)).toEqual({
      error: INCREASE,
      status: 'positionFlipAtOpenInterestCapRejected',
    });
    expect(market.refusal(order({ side: ASK, sizeLots: 50 }), 50)).toBeNull();
    expect(market.refusal(order({ side: ASK, sizeLots: 51, reduceOnly: true }), 50)).toBeNull();
  });

  it('refuses prices more aggressive than the oracle, also of what closes', () => {
    const { market } = atCap();
    const text = 'Order rejected due to price more aggressive than oracle while at open interest cap';
    const close = (side: typeof BID | typeof ASK, priceTicks: number) =>
      market.refusal(order({ side, priceTicks }), side === BID ? -100 : 100);
    expect(close(ASK, 990)).toBeNull();
    expect(close(ASK, 989)).toEqual({ error: text, status: 'tooAggressiveAtOpenInterestCapRejected' });
    expect(close(BID, 1_010)).toBeNull();
    expect(close(BID, 1_011)).toEqual({ error: text, status: 'tooAggressiveAtOpenInterestCapRejected' });
  });

  it('may not grow too quickly, where that is limited', () => {
    const limits = limitsOf({ openInterestGrowthShare: 0.1, openInterestGrowthWindowNs: 100 });
    limits.market.contextMoved(0, 0, 1_000, 1_000);
    expect(limits.market.refusal(order({ sizeLots: 100 }), 0)).toBeNull();
    expect(limits.market.refusal(order({ sizeLots: 101 }), 0)).toEqual({
      error: 'Order would increase open interest too quickly',
      status: 'openInterestIncreaseRejected',
    });
    expect(limits.market.refusal(order({ sizeLots: 101 }), -101)).toBeNull();
    limits.market.contextMoved(99, 0, 1_000, 1_050);
    expect(limits.market.refusal(order({ sizeLots: 51 }), 0)).not.toBeNull();
    // A new window measures from what there is at its beginning.
    limits.market.contextMoved(100, 0, 1_000, 1_050);
    expect(limits.market.refusal(order({ sizeLots: 105 }), 0)).toBeNull();
  });
});

describe('the phase after an upgrade', () => {
  it('takes post-only orders only', () => {
    const limits = limitsOf();
    limits.change({ postOnlyPhase: true });
    expect(limits.market.refusal(order(), 0)).toBeNull();
    const refused = {
      error: 'Only post-only orders allowed immediately after a network upgrade',
      status: 'rejected',
    };
    expect(limits.market.refusal(order({ tif: 'Ioc' }), 0)).toEqual(refused);
    expect(limits.market.refusal(order({ tif: 'Gtc' }), 0)).toEqual(refused);
    limits.change({ postOnlyPhase: false });
    expect(limits.market.refusal(order({ tif: 'Ioc' }), 0)).toBeNull();
  });
});

describe('Limits', () => {
  it('allows 1,000 open orders and one more for every $5 M traded, at most 5,000', () => {
    const at = (volumeUsd: number) => limitsOf({}, volumeUsd).maxOpenOrders;
    expect([0, 4_999_999, 5_000_000, 20_000_000_000, 30_000_000_000].map(at)).toEqual([
      1_000, 1_000, 1_001, 5_000, 5_000,
    ]);
  });

  it('does not touch the settings that it was made from, and comes back with what was changed', () => {
    const limits = limitsOf();
    limits.change({ actionWeight: 3, openInterestCapUsd: 1_000, addressInitialRequests: 5 });
    limits.market.contextMoved(0, 0, 1_000, 10_000);
    expect(DEFAULT_LIMITS.actionWeight).toBe(200);
    expect(limits.address.requestsCap).toBe(5);
    const restored = limitsOf();
    restored.restore(decodeState(encodeState(limits.snapshot())));
    expect(restored.values.actionWeight).toBe(3);
    expect(restored.address.requestsCap).toBe(5);
    expect(restored.market.isAtOpenInterestCap(0)).toBe(true);
    expect(restored.snapshot()).toEqual(limits.snapshot());
  });
});
