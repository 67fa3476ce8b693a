/**
 * Every text with which the exchange refuses something, provoked once. The tables of the fact sheet are its sections 2.5
 * (orders and actions), 2.3 and 3.8 (other actions, nonces) and 5.2 (the account's requests); those of sockets and of REST
 * are in test/sim/network/limits.test.ts, margin's limits in test/sim/exchange/ledger.
 *
 * Of the statuses in section 3.6 those that end in `Rejected` are here. A resting order's ends are provoked where they belong:
 * `marginCanceled` and `liquidatedCanceled` in ledger/clearing.test.ts, `selfTradeCanceled` and `reduceOnlyCanceled` in
 * actions.test.ts, `scheduledCancel` in whole-actions.test.ts, `openInterestCapCanceled` in market-limits.test.ts.
 *
 * What cannot occur here, because the port has no such thing:
 * - spot: MinTradeSpotNtl, InsufficientSpotBalance;
 * - triggers, TP/SL, TWAP: BadTriggerPx, `Unexpected number of trigger orders`, all TWAP texts; the statuses `triggered`,
 *   `siblingFilledCanceled`;
 * - market orders, which the exchange has for triggers only: MarketOrderNoLiquidity;
 * - signatures and wallets: `User or API Wallet … does not exist.`, `Must deposit before performing actions.`, `Unable to
 *   recover signer.`; vaults (`vaultWithdrawalCanceled`) and sub-accounts; builders: `Builder fee has not been approved.`;
 * - events that no market here has: `delistedCanceled`, `outcomeSettledCanceled`; and `internalCancel`, of which nothing is
 *   known but its name;
 * - what the types rule out before it is sent: `Error parsing JSON into valid websocket request`, status 422 for unknown
 *   requests, tifs or fractional leverage, CLOIDs of a wrong form.
 */
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../../core/market.ts';
import type { Action, AssetContext, PlaceOrder } from '../../../../core/port.ts';
import type { ActionReply } from '../../../../sim/exchange/exchange.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../../sim/exchange/limits/settings.ts';
import { COIN, Stand } from '../support.ts';

/** Bids from 1,000 and asks from 1,001 ticks: $100 and $100.1. A minimum of $10 are 100 lots there. */
function standing(limits: Partial<LimitSettings> = {}, positionLots = 0): Stand {
  const settings = { limits: { ...DEFAULT_LIMITS, ...limits }, startPositionLots: [positionLots] };
  const stand = new Stand(settings, [{ ...COIN, minNotionalUsd: 10 }]);
  stand.play({ kind: 'snapshot', bids: [[1000, 300]], asks: [[1001, 400]] });
  return stand;
}

const CONTEXT: AssetContext = {
  fundingPerHour: 0,
  openInterestLots: 10_000,
  oracleTicks: 1_000,
  markTicks: 1_000,
  midTicks: 1_000.5,
};

/** The same with an account of so much, which margin can refuse. */
function poor(
  equityUsd: number,
  more: { isCross?: boolean; leverage?: number; symbol?: string; positionLots?: number } = {},
): Stand {
  const { isCross = true, leverage = 3, symbol = COIN.symbol, positionLots = 0 } = more;
  const settings = { account: { equityUsd, leverage, isCross }, startPositionLots: [positionLots] };
  const stand = new Stand(settings, [{ ...COIN, minNotionalUsd: 10, symbol }]);
  stand.play({ kind: 'snapshot', bids: [[1000, 300]], asks: [[1001, 400]] });
  return stand;
}

/** A position of 100 lots, $10. */
function buy(stand: Stand): Stand {
  expect(stand.place(BID, 1001, 100, { tif: 'Ioc' })).toMatchObject({ status: 'filled' });
  stand.journal.take();
  return stand;
}

const leverage = (stand: Stand, value: number, isCross = true) =>
  stand.answer({ type: 'updateLeverage', instrument: 0, isCross, leverage: value });
const margin = (stand: Stand, microUsd: number) =>
  stand.answer({ type: 'updateIsolatedMargin', instrument: 0, microUsd });
const scheduled = (stand: Stand, aheadNs: number) =>
  stand.answer({ type: 'scheduleCancel', atNs: stand.nowNs + 1 + aheadNs });

function withContext(limits: Partial<LimitSettings>, positionLots = 0): Stand {
  const stand = standing(limits, positionLots);
  stand.exchange.contextMoved(0, 0, CONTEXT);
  return stand;
}

const bid = (stand: Stand, more: Partial<PlaceOrder> = {}) => stand.order(BID, 1000, 100, more);

/** One error for the whole action, and nothing of it is carried out. */
const WHOLE: [section: string, text: string, provoke: (stand: Stand) => ActionReply, stand?: () => Stand][] = [
  [
    '2.5 zero size',
    'Order has zero size.',
    stand => stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { sizeLots: 0 })] }),
  ],
  [
    '2.5 invalid size',
    'Order has invalid size.',
    stand => stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { sizeLots: 0.5 })] }),
  ],
  [
    '2.5 invalid price',
    'Order has invalid price.',
    stand => stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { priceTicks: -1 })] }),
  ],
  [
    '2.5 invalid price in a modification',
    'Order has invalid price.',
    stand => {
      const { oid } = stand.place(BID, 1000, 100) as { oid: number };
      return stand.answer({ type: 'batchModify', modifies: [{ oid, order: bid(stand, { priceTicks: 0.1 }) }] });
    },
  ],
  [
    '2.5 price band',
    'Order price cannot be more than 95% away from the reference price',
    stand => stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { priceTicks: 2_000 })] }),
  ],
  ['2.5 empty batch', 'Orders are empty.', stand => stand.answer({ type: 'order', orders: [] })],
  [
    '2.5 weight of an action',
    'Signed action over weight limit of 200.',
    stand =>
      stand.answer({ type: 'cancel', cancels: Array.from({ length: 201 }, (_, oid) => ({ instrument: 0, oid })) }),
  ],
  [
    '2.5 and 3.8 nonce used twice',
    'Invalid nonce: duplicate nonce 77',
    stand => {
      stand.exchange.handleAction(stand.nowNs, 77, { type: 'noop' });
      return stand.exchange.handleAction(stand.nowNs, 77, { type: 'order', orders: [bid(stand)] });
    },
  ],
  [
    '3.8 nonce a day ahead',
    'Invalid nonce: 86400000 is not within 2 days before and 1 day after the block',
    stand => stand.exchange.handleAction(stand.nowNs, 86_400_000, { type: 'order', orders: [bid(stand)] }),
  ],
  [
    '2.5 and 3.8 expired',
    'Action already expired',
    stand => stand.answer({ type: 'order', orders: [bid(stand)] }, stand.nowNs),
  ],
  [
    '5.2 requests of the account',
    'Too many cumulative requests sent (10001 > 9999) for cumulative volume traded $0. ' +
      'Place taker orders to free up 1 request per USDC traded.',
    stand => {
      stand.answer({ type: 'noop' });
      return stand.answer({ type: 'order', orders: [bid(stand)] });
    },
    () => standing({ addressStartQuota: 0 }),
  ],
  [
    '2.3 dead man’s switch without the volume',
    'Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $0.',
    stand => stand.answer({ type: 'scheduleCancel', atNs: 10e9 }),
  ],
  [
    '2.3 dead man’s switch less than 5 s ahead (its text is ours)',
    'Scheduled cancel time must be at least 5 seconds in the future.',
    stand => scheduled(stand, 5e9 - 1),
    () => standing({ addressStartVolumeUsd: 1_000_000 }),
  ],
  [
    '2.3 dead man’s switch for the eleventh time of a day (its text is ours)',
    'Cannot set scheduled cancel time: it has triggered 10 times today.',
    stand => {
      for (let times = 0; times < 10; times++) {
        expect(scheduled(stand, 5e9).error).toBeNull();
        stand.nowNs += 5e9;
        stand.exchange.passTime(stand.nowNs);
      }
      return scheduled(stand, 5e9);
    },
    () => standing({ addressStartVolumeUsd: 1_000_000 }),
  ],
  [
    '2.5 an asset that is not listed (its text is ours)',
    'Order has invalid asset. asset=7',
    stand => stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { instrument: 7 })] }),
  ],
  ['2.3 leverage above the highest', 'Invalid leverage value', stand => leverage(stand, 11)],
  ['2.3 leverage that is not whole', 'Invalid leverage value', stand => leverage(stand, 2.5)],
  ['2.3 leverage of nothing', 'Invalid leverage value', stand => leverage(stand, 0)],
  [
    '2.3 cross margin of an isolated asset',
    'Cross margin is not allowed for this asset.',
    stand => leverage(stand, 2),
    () => poor(5, { symbol: 'hyna:HYPE' }),
  ],
  [
    '2.3 another mode with a position',
    'Cannot switch leverage type with open position.',
    stand => leverage(buy(stand), 3, false),
  ],
  [
    '2.3 less leverage than the margin allows',
    'Cross position does not have sufficient margin available to decrease leverage. ' +
      'To decrease leverage, deposit more collateral.',
    stand => leverage(buy(stand), 1),
    () => poor(5),
  ],
  [
    '2.3 less leverage than an isolated margin allows',
    'Isolated position does not have sufficient margin available to decrease leverage. ' +
      'To decrease leverage, add margin to the position.',
    stand => leverage(buy(stand), 1, false),
    () => poor(5, { isCross: false }),
  ],
  ['2.3 no isolated margin', 'Update to isolated margin cannot be zero.', stand => margin(stand, 0)],
  ['2.3 isolated margin of nothing', 'Cannot update margin for empty position.', stand => margin(stand, 1)],
  [
    '2.5 isolated margin of a cross position',
    'Position does not use isolated margin.',
    stand => margin(buy(stand), 1_000_000),
  ],
  [
    '2.3 more isolated margin than there is',
    'Account does not have sufficient margin available for increase.',
    stand => margin(buy(stand), 2_000_000),
    () => poor(5, { isCross: false }),
  ],
  [
    '2.3 less isolated margin than the position needs',
    'Position does not have sufficient margin for reduction.',
    stand => margin(buy(stand), -500_000),
    () => poor(5, { isCross: false }),
  ],
  [
    '6.5 less margin of a strictly isolated position',
    'Cannot remove isolated margin for this asset. To remove margin, reduce the position.',
    stand => margin(buy(stand), -1),
    () => poor(5, { symbol: 'hyna:HYPE' }),
  ],
];

/** An error of one item. Those with a status are told on `orderUpdates` too. */
const ITEM: [
  section: string,
  text: string,
  status: string | null,
  provoke: (stand: Stand) => Action,
  stand?: () => Stand,
][] = [
  [
    '2.5 Tick',
    'Price must be divisible by tick size.',
    'tickRejected',
    stand => ({ type: 'order', orders: [bid(stand, { priceTicks: 123_451 })] }),
    () => standing({ priceBandShare: 1_000 }),
  ],
  [
    '2.5 MinTradeNtl',
    'Order must have minimum value of $10.',
    'minTradeNtlRejected',
    stand => ({ type: 'order', orders: [bid(stand, { sizeLots: 99 })] }),
  ],
  [
    '2.5 PerpMargin',
    'Insufficient margin to place order. asset=0',
    'perpMarginRejected',
    stand => ({ type: 'order', orders: [bid(stand)] }),
    () => poor(1),
  ],
  [
    '2.5 PerpMargin after the tiers were lowered',
    'Cannot automatically accept new margin tiers on COIN. Manually set leverage to acknowledge new margin tiers. ' +
      'Alternatively, reduce position using reduce-only orders or add collateral to meet initial margin requirement.',
    'perpMarginRejected',
    stand => {
      stand.exchange.clearing.account.setTiers(0, [{ lowerBoundUsd: 0, maxLeverage: 1 }]);
      return { type: 'order', orders: [bid(stand)] };
    },
    () => poor(5),
  ],
  [
    '2.5 and 4 PerpMaxPosition',
    'Order would cause position to exceed margin tier limit at current leverage',
    'perpMaxPositionRejected',
    // $15 M are held; the tier of ten ends at $20 M.
    stand => ({ type: 'order', orders: [bid(stand, { sizeLots: 60_000_000 })] }),
    () => poor(100_000_000, { leverage: 10, symbol: 'HYPE', positionLots: 150_000_000 }),
  ],
  [
    '2.5 ReduceOnly',
    'Reduce only order would increase position.',
    'reduceOnlyRejected',
    stand => ({ type: 'order', orders: [bid(stand, { reduceOnly: true })] }),
  ],
  [
    '2.5 BadAloPx',
    'Post only order would have immediately matched, bbo was 100@100.1. asset=0',
    'badAloPxRejected',
    stand => ({ type: 'order', orders: [bid(stand, { priceTicks: 1001 })] }),
  ],
  [
    '2.5 IocCancel',
    'Order could not immediately match against any resting orders. asset=0',
    'iocCancelRejected',
    stand => ({ type: 'order', orders: [bid(stand, { tif: 'Ioc' })] }),
  ],
  [
    '2.5 PositionIncreaseAtOpenInterestCap',
    'Order would increase open interest while open interest is capped',
    'positionIncreaseAtOpenInterestCapRejected',
    stand => ({ type: 'order', orders: [bid(stand)] }),
    () => withContext({ openInterestCapUsd: 1_000 }),
  ],
  [
    '2.5 PositionFlipAtOpenInterestCap',
    'Order would increase open interest while open interest is capped',
    'positionFlipAtOpenInterestCapRejected',
    stand => ({ type: 'order', orders: [stand.order(ASK, 1001, 101)] }),
    () => withContext({ openInterestCapUsd: 1_000 }, 100),
  ],
  [
    '2.5 TooAggressiveAtOpenInterestCap',
    'Order rejected due to price more aggressive than oracle while at open interest cap',
    'tooAggressiveAtOpenInterestCapRejected',
    stand => ({ type: 'order', orders: [stand.order(ASK, 989, 100)] }),
    () => withContext({ openInterestCapUsd: 1_000 }, 100),
  ],
  [
    '2.5 OpenInterestIncrease',
    'Order would increase open interest too quickly',
    'openInterestIncreaseRejected',
    stand => ({ type: 'order', orders: [bid(stand)] }),
    () => withContext({ openInterestGrowthShare: 0.001 }),
  ],
  [
    '2.5 Oracle',
    'Order price too far from oracle',
    'oracleRejected',
    stand => ({ type: 'order', orders: [bid(stand, { priceTicks: 499, sizeLots: 1_000 })] }),
    () => withContext({}),
  ],
  [
    '2.5 after an upgrade',
    'Only post-only orders allowed immediately after a network upgrade',
    'rejected',
    stand => ({ type: 'order', orders: [bid(stand, { tif: 'Gtc' })] }),
    () => standing({ postOnlyPhase: true }),
  ],
  [
    '4 largest order (its text is ours)',
    'Order must have maximum value of $20000000.',
    'rejected',
    stand => ({ type: 'order', orders: [bid(stand, { sizeLots: 200_000_001 })] }),
  ],
  [
    '4 open orders (its text is ours)',
    'Too many open orders.',
    'tooManyOpenOrdersRejected',
    stand => ({ type: 'order', orders: [bid(stand)] }),
    () => standing({ openOrders: 0 }),
  ],
  [
    '3.3 reduce-only at 1,000 open orders (its text is ours)',
    'Too many open orders.',
    'tooManyOpenOrdersRejected',
    stand => ({ type: 'order', orders: [stand.order(ASK, 1001, 50, { reduceOnly: true })] }),
    () => standing({ openOrdersReduceOnly: 0 }, 100),
  ],
  [
    '3.5 a CLOID that is live (not known what the exchange does)',
    'duplicate cloid',
    'rejected',
    stand => {
      stand.place(BID, 999, 200, { cloid: 77 });
      return { type: 'order', orders: [bid(stand, { cloid: 77 })] };
    },
  ],
  [
    '2.3 modification that takes (its text is ours)',
    'Modify must place an order that rests.',
    null,
    stand => {
      stand.place(BID, 999, 200);
      return { type: 'batchModify', modifies: [{ oid: 1, order: bid(stand, { tif: 'Ioc' }) }] };
    },
  ],
  [
    '2.5 MissingOrder',
    'Order was never placed, already canceled, or filled. asset=0',
    null,
    () => ({ type: 'cancel', cancels: [{ instrument: 0, oid: 9 }] }),
  ],
  [
    '2.5 MissingOrder by CLOID',
    'Order was never placed, already canceled, or filled. asset=0',
    null,
    () => ({ type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: 9 }] }),
  ],
  [
    '2.5 modification of an order that is gone',
    'Cannot modify canceled or filled order. asset=0',
    null,
    stand => ({ type: 'batchModify', modifies: [{ oid: 9, order: bid(stand) }] }),
  ],
  [
    '2.5 modification that loses the old order',
    'Error placing new order during modify: Order must have minimum value of $10.',
    'minTradeNtlRejected',
    stand => {
      stand.place(BID, 999, 200);
      stand.journal.take();
      return { type: 'batchModify', modifies: [{ oid: 1, order: bid(stand, { sizeLots: 99 }) }] };
    },
  ],
];

describe('texts of a whole action', () => {
  it.each(WHOLE)('%s', (_section, text, provoke, make = standing) => {
    const stand = make();
    expect(provoke(stand)).toEqual({ error: text, items: [] });
    // It is the last thing that was told, so nothing of the action came to pass.
    expect(stand.journal.take().at(-1)).toMatch(/^rejected \w+ /);
  });
});

describe('texts of an item', () => {
  it.each(ITEM)('%s', (_section, text, status, provoke, make = standing) => {
    const stand = make();
    const action = provoke(stand);
    stand.journal.take();
    expect(stand.answer(action)).toEqual({ error: null, items: [{ status: 'error', error: text }] });
    const told = stand.journal.take();
    expect(told).toContain(`rejected ${action.type} ${text}`);
    const updates = told.filter(line => line.startsWith('update') && line.includes('ejected'));
    expect(updates.map(line => line.split(' ')[2])).toEqual(status === null ? [] : [status]);
  });
});

describe('what is counted of an action (hyperliquid, section 5.2)', () => {
  const used = (stand: Stand) => stand.exchange.rateLimit().requestsUsed;

  it('is every item, also those that fail', () => {
    const stand = standing();
    stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { sizeLots: 1 })] });
    expect(used(stand)).toBe(2);
    stand.answer({ type: 'cancel', cancels: [7, 8, 9].map(oid => ({ instrument: 0, oid })) });
    expect(used(stand)).toBe(5);
    stand.answer({ type: 'noop' });
    expect(used(stand)).toBe(6);
  });

  it('is nothing where it is refused as a whole, and five times the items where it came too late', () => {
    const stand = standing();
    stand.answer({ type: 'order', orders: [] });
    stand.answer({ type: 'order', orders: [bid(stand), bid(stand, { sizeLots: 0 })] });
    stand.answer({ type: 'scheduleCancel', atNs: 10e9 });
    stand.exchange.handleAction(stand.nowNs, 77, { type: 'noop' });
    stand.exchange.handleAction(stand.nowNs, 77, { type: 'noop' });
    expect(used(stand)).toBe(1);
    stand.answer({ type: 'order', orders: [bid(stand), bid(stand)] }, stand.nowNs);
    expect(used(stand)).toBe(11);
  });

  it('is not the one action in 10 s beyond the cap where it is refused as a whole', () => {
    const stand = standing({ addressStartQuota: 0 });
    expect(leverage(stand, 11).error).toBe('Invalid leverage value');
    expect(stand.answer({ type: 'order', orders: [bid(stand)] }).error).toBeNull();
    expect(stand.answer({ type: 'order', orders: [bid(stand)] }).error).toContain('Too many cumulative requests');
  });

  it('is refused without using up the nonce', () => {
    const stand = standing({ addressStartQuota: 0 });
    const { exchange } = stand;
    const action: Action = { type: 'order', orders: [bid(stand)] };
    exchange.handleAction(0, 1, { type: 'noop' });
    expect(exchange.handleAction(1, 2, action).error).toContain('Too many cumulative requests');
    exchange.limits.address.leave(1);
    expect(exchange.handleAction(2, 2, action).items).toHaveLength(1);
  });

  it('frees requests as the account trades, and lets it cancel when it has none', () => {
    const stand = standing({ addressStartQuota: 0 });
    stand.answer({ type: 'noop' });
    expect(stand.answer({ type: 'order', orders: [bid(stand)] }).error).toContain('(10001 > 9999)');
    expect(stand.answer({ type: 'cancel', cancels: [{ instrument: 0, oid: 1 }] }).error).toBeNull();
    stand.exchange.limits.address.leave(0.0001);
    expect(stand.answer({ type: 'order', orders: [stand.order(BID, 1001, 100, { tif: 'Ioc' })] }).error).toBeNull();
    // $10.01 were traded, so ten requests more are free.
    expect(stand.exchange.rateLimit()).toEqual({ volumeUsd: 10.01, requestsUsed: 10_000, requestsCap: 10_010 });
    expect(stand.answer({ type: 'order', orders: [bid(stand)] }).error).toBeNull();
  });
});
