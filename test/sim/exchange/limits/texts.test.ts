/**
 * Every text with which the exchange refuses something, provoked once. The tables of the fact sheet are its sections 2.5
 * (orders and actions), 2.3 and 3.8 (other actions, nonces) and 5.2 (the account's requests); those of sockets and of REST
 * are in test/sim/network/limits.test.ts, margin's also in test/sim/exchange/ledger.
 *
 * What cannot occur here, because the port has no such thing:
 * - spot: MinTradeSpotNtl, InsufficientSpotBalance;
 * - triggers, TP/SL, TWAP: BadTriggerPx, `Unexpected number of trigger orders`, all TWAP texts;
 * - market orders, which the exchange has for triggers only: MarketOrderNoLiquidity;
 * - signatures and wallets: `User or API Wallet … does not exist.`, `Must deposit before performing actions.`, `Unable to
 *   recover signer.`; vaults and sub-accounts; builders: `Builder fee has not been approved.`;
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
