import { describe, expect, it } from 'vitest';
import { ASK, BID, type Instrument } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import type { ExchangeSettings } from '../../../sim/exchange/exchange.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../sim/exchange/limits/settings.ts';
import { formatTicks, isPriceOnGrid } from '../../../sim/exchange/order-rules.ts';
import { COIN, Stand } from './support.ts';

/** The exchange's own minimum: $10, which are 1,000 ticks × 100 lots. */
const TEN_DOLLARS: Instrument = { ...COIN, minNotionalUsd: 10 };
/** Prices may be anywhere. */
const WITHOUT_BAND: LimitSettings = { ...DEFAULT_LIMITS, priceBandShare: Number.MAX_VALUE };

function standing(settings: Partial<ExchangeSettings> = {}, instrument = COIN): Stand {
  const stand = new Stand(settings, [instrument]);
  stand.play({
    kind: 'snapshot',
    bids: [
      [1000, 300],
      [999, 500],
    ],
    asks: [
      [1001, 400],
      [1003, 600],
    ],
  });
  return stand;
}

describe('refusals', () => {
  const cases: [what: string, order: Partial<PlaceOrder>, error: string, status: string | null][] = [
    ['a price of zero', { priceTicks: 0 }, 'Order has invalid price.', null],
    ['a negative price', { priceTicks: -1 }, 'Order has invalid price.', null],
    ['half a tick', { priceTicks: 999.5 }, 'Order has invalid price.', null],
    ['a price that is none', { priceTicks: Number.NaN }, 'Order has invalid price.', null],
    ['a price beyond the columns', { priceTicks: 2 ** 31 }, 'Order has invalid price.', null],
    ['half a lot', { sizeLots: 100.5 }, 'Order has invalid size.', null],
    ['a negative size', { sizeLots: -100 }, 'Order has invalid size.', null],
    ['no size', { sizeLots: 0 }, 'Order has zero size.', null],
    ['an unknown asset', { instrument: 7 }, 'Order has invalid asset. asset=7', null],
    ['six figures', { priceTicks: 123_451 }, 'Price must be divisible by tick size.', 'tickRejected'],
    ['a lot under $10', { sizeLots: 99 }, 'Order must have minimum value of $10.', 'minTradeNtlRejected'],
    [
      'reduce-only without a position',
      { reduceOnly: true },
      'Reduce only order would increase position.',
      'reduceOnlyRejected',
    ],
    [
      'a post-only bid at the ask',
      { priceTicks: 1001 },
      'Post only order would have immediately matched, bbo was 100@100.1. asset=0',
      'badAloPxRejected',
    ],
    [
      'a post-only ask at the bid',
      { side: ASK },
      'Post only order would have immediately matched, bbo was 100@100.1. asset=0',
      'badAloPxRejected',
    ],
    [
      'an immediate order that finds nothing',
      { tif: 'Ioc' },
      'Order could not immediately match against any resting orders. asset=0',
      'iocCancelRejected',
    ],
  ];
  it.each(cases)('%s', (_what, order, error, status) => {
    const stand = standing({ limits: WITHOUT_BAND }, TEN_DOLLARS);
    // An error of form is the whole action's.
    const answer = status === null ? { error, items: [] } : { error: null, items: [{ status: 'error', error }] };
    const orders = [stand.order(BID, 1000, 100, order)];
    expect(stand.answer({ type: 'order', orders })).toEqual(answer);
    const told = [`rejected order ${error}`];
    const size = order.sizeLots ?? 100;
    if (status !== null) told.push(`update 1 ${status} ${size}/${size}`);
    expect(stand.journal.take()).toEqual(told);
    // Errors of form take no oid, all others do.
    expect(stand.place(BID, 1000, 100)).toEqual({ status: 'resting', oid: status === null ? 1 : 2 });
  });

  it('takes orders on the edge: $10 exactly, five figures, six of a whole number', () => {
    const stand = standing({ limits: WITHOUT_BAND }, TEN_DOLLARS);
    expect(stand.place(BID, 1000, 100).status).toBe('resting');
    expect(stand.place(ASK, 12_345, 100).status).toBe('resting');
    expect(stand.place(ASK, 123_450, 100).status).toBe('resting');
    expect(stand.place(ASK, 1_234_560, 100).status).toBe('resting');
  });

  it('lets orders under $10 close, but not open or turn the position', () => {
    const stand = standing({ startPositionLots: [50] }, TEN_DOLLARS);
    expect(stand.place(ASK, 1002, 50).status).toBe('resting');
    expect(stand.place(ASK, 1002, 51)).toMatchObject({ error: 'Order must have minimum value of $10.' });
    expect(stand.place(BID, 1000, 50)).toMatchObject({ error: 'Order must have minimum value of $10.' });
    expect(stand.place(ASK, 1000, 50, { tif: 'Ioc' }).status).toBe('filled');
  });

  it('refuses a second live order of one cloid, and takes the cloid again when the first is gone', () => {
    const stand = standing();
    stand.place(BID, 1000, 100, { cloid: 77 });
    expect(stand.place(BID, 999, 100, { cloid: 77 })).toEqual({ status: 'error', error: 'duplicate cloid' });
    stand.act({ type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: 77 }] });
    expect(stand.place(BID, 999, 100, { cloid: 77 }).status).toBe('resting');
    expect(stand.place(BID, 999, 100, { cloid: 0 }).status).toBe('resting');
    expect(stand.place(BID, 999, 100, { cloid: 0 }).status).toBe('resting');
  });

  it('refuses what would rest beyond the cap of open orders', () => {
    const stand = standing({ limits: { ...DEFAULT_LIMITS, openOrders: 2 } });
    stand.place(BID, 1000, 100);
    stand.place(BID, 999, 100);
    expect(stand.place(BID, 998, 100)).toEqual({ status: 'error', error: 'Too many open orders.' });
    expect(stand.place(BID, 1001, 100, { tif: 'Ioc' }).status).toBe('filled');
    expect(stand.modify(1, BID, 998, 100).status).toBe('resting');
    stand.cancel(2);
    expect(stand.place(BID, 997, 100).status).toBe('resting');
  });

  it('refuses whole batches: empty, over the limit, or with a nonce that was used', () => {
    const stand = standing({ limits: { ...DEFAULT_LIMITS, actionWeight: 3 } });
    const { exchange } = stand;
    const batch = (size: number) => ({
      type: 'order' as const,
      orders: Array.from({ length: size }, () => stand.order(BID, 999, 100)),
    });
    expect(exchange.handleAction(1, 10, batch(0))).toEqual({ error: 'Orders are empty.', items: [] });
    expect(exchange.handleAction(1, 11, batch(4))).toEqual({
      error: 'Signed action over weight limit of 3.',
      items: [],
    });
    expect(exchange.handleAction(1, 12, batch(3)).items).toHaveLength(3);
    expect(exchange.handleAction(1, 12, batch(3))).toEqual({
      error: 'Invalid nonce: duplicate nonce 12',
      items: [],
    });
    expect(exchange.openOrders()).toHaveLength(3);
  });

  it('answers item by item, in order', () => {
    const stand = standing();
    const items = stand.act({
      type: 'order',
      orders: [stand.order(BID, 1001, 100), stand.order(BID, 1000, 100), stand.order(BID, 1000, 1)],
    });
    expect(items.map(item => item.status)).toEqual(['error', 'resting', 'error']);
  });
});

describe('taking', () => {
  it('fills an immediate order level by level up to its limit and drops the rest', () => {
    const stand = standing();
    stand.journal.take();
    expect(stand.place(BID, 1002, 500, { tif: 'Ioc' })).toEqual({
      status: 'filled',
      oid: 1,
      filledLots: 400,
      averageTicks: 1001,
    });
    expect(stand.journal.take()).toEqual([
      'accepted 1 500',
      'filled 1 400@1001 taker position 400',
      'removed 1 canceled 100/500',
      'update 1 canceled 100/500',
    ]);
  });

  it('averages the price over levels, for sells too', () => {
    const stand = standing();
    expect(stand.place(BID, 1003, 500, { tif: 'Ioc' })).toMatchObject({
      filledLots: 500,
      averageTicks: (1001 * 400 + 1003 * 100) / 500,
    });
    expect(stand.place(ASK, 999, 600, { tif: 'Gtc' })).toMatchObject({
      filledLots: 600,
      averageTicks: (1000 * 300 + 999 * 300) / 600,
    });
    expect(stand.exchange.positionLots(0)).toBe(-100);
  });

  it('does not use the recorded book up', () => {
    const stand = standing();
    stand.place(BID, 1001, 400, { tif: 'Ioc' });
    expect(stand.place(BID, 1001, 400, { tif: 'Ioc' })).toMatchObject({ filledLots: 400 });
    expect(stand.exchange.book(0).sizeLots(ASK, 1001)).toBe(400);
  });

  it('rests what remains of a crossing GTC order under its oid and calls it filled', () => {
    const stand = standing();
    stand.journal.take();
    expect(stand.place(BID, 1002, 500, { tif: 'Gtc' })).toMatchObject({ status: 'filled', oid: 1, filledLots: 400 });
    expect(stand.journal.take()).toEqual([
      'accepted 1 500',
      'filled 1 400@1001 taker position 400',
      'update 1 open 100/500',
    ]);
    expect(stand.exchange.openOrders()).toMatchObject([
      { oid: 1, limitTicks: 1002, remainingLots: 100, originalLots: 500 },
    ]);
    // The recording still shows the ask that was taken: its next word fills the rest, as maker.
    stand.play({ kind: 'bbo', bids: [[1000, 300]], asks: [[1001, 400]] });
    expect(stand.journal.take()).toEqual([
      'filled 1 100@1002 maker position 500',
      'removed 1 filled 0/500',
      'update 1 filled 0/500',
    ]);
  });

  it('rests a GTC order that does not cross', () => {
    const stand = standing();
    expect(stand.place(BID, 1000, 100, { tif: 'Gtc' })).toEqual({ status: 'resting', oid: 1 });
  });

  it('tells fills with position before, fee and time', () => {
    const stand = standing({ startPositionLots: [-7] });
    stand.place(BID, 1001, 400, { tif: 'Ioc', cloid: 5 });
    const [fill] = stand.journal.fills;
    expect(fill).toMatchObject({
      oid: 1,
      cloid: 5,
      instrument: 0,
      side: BID,
      priceTicks: 1001,
      sizeLots: 400,
      startPositionLots: -7,
      crossed: true,
      exchNs: stand.nowNs,
    });
    // $100.1 × 0.4 × 4.5 bps = 0.018018 dollars.
    expect(fill.feeUsd).toBe(0.018018);
  });
});

describe('own orders against own orders', () => {
  it('cancels the resting one when a taker reaches it, and only then', () => {
    const stand = standing();
    stand.place(ASK, 1002, 100);
    stand.place(ASK, 1003, 100);
    stand.journal.take();
    stand.place(BID, 1003, 400, { tif: 'Ioc' });
    expect(stand.journal.take()).toEqual([
      'accepted 3 400',
      'filled 3 400@1001 taker position 400',
      'removed 3 filled 0/400',
      'update 3 filled 0/400',
    ]);
    stand.place(BID, 1003, 500, { tif: 'Ioc' });
    expect(stand.journal.take()).toEqual([
      'accepted 4 500',
      'filled 4 400@1001 taker position 800',
      'removed 1 expired 100/100',
      'update 1 selfTradeCanceled 100/100',
      'removed 2 expired 100/100',
      'update 2 selfTradeCanceled 100/100',
      'filled 4 100@1003 taker position 900',
      'removed 4 filled 0/500',
      'update 4 filled 0/500',
    ]);
  });

  it('holds a post-only order against own orders too', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: [[1000, 1]], asks: [[1010, 1]] });
    stand.place(ASK, 1005, 100);
    expect(stand.place(BID, 1005, 100)).toEqual({
      status: 'error',
      error: 'Post only order would have immediately matched, bbo was 100@100.5. asset=0',
    });
    expect(stand.place(BID, 1004, 100).status).toBe('resting');
  });

  it('rests a GTC bid where an own ask was', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: [[1000, 1]], asks: [[1010, 1]] });
    stand.place(ASK, 1005, 100);
    expect(stand.place(BID, 1006, 100, { tif: 'Gtc' })).toEqual({ status: 'resting', oid: 2 });
    expect(stand.exchange.openOrders().map(order => order.oid)).toEqual([2]);
  });

  it('ends an own order in the way of an immediate one that finds nothing else', () => {
    const stand = new Stand();
    stand.play({ kind: 'snapshot', bids: [[1000, 1]], asks: [[1010, 1]] });
    stand.place(ASK, 1005, 100);
    expect(stand.place(BID, 1006, 100, { tif: 'Ioc' }).status).toBe('error');
    expect(stand.journal.updates.map(update => update.status)).toEqual([
      'open',
      'selfTradeCanceled',
      'iocCancelRejected',
    ]);
  });
});

describe('cancelling', () => {
  it('cancels by oid and by cloid, once', () => {
    const stand = standing();
    const missing = 'Order was never placed, already canceled, or filled. asset=0';
    stand.place(BID, 1000, 100);
    stand.place(BID, 999, 100, { cloid: 50 });
    stand.journal.take();
    expect(stand.cancel(1)).toEqual({ status: 'success' });
    expect(stand.cancel(1)).toEqual({ status: 'error', error: missing });
    const byCloid = { type: 'cancelByCloid', cancels: [{ instrument: 0, cloid: 50 }] } as const;
    expect(stand.act(byCloid)).toEqual([{ status: 'success' }]);
    expect(stand.act(byCloid)).toEqual([{ status: 'error', error: missing }]);
    expect(stand.journal.take()).toEqual([
      'removed 1 canceled 100/100',
      'update 1 canceled 100/100',
      `rejected cancel ${missing}`,
      'removed 2 canceled 100/100',
      'update 2 canceled 100/100',
      `rejected cancelByCloid ${missing}`,
    ]);
  });

  it('does not find an order under another asset, nor one that was filled', () => {
    const stand = new Stand({}, [COIN, COIN]);
    stand.play({ kind: 'snapshot', bids: [[1000, 1]], asks: [[1010, 1]] });
    stand.place(BID, 1001, 100);
    expect(stand.cancel(1, 1)).toEqual({
      status: 'error',
      error: 'Order was never placed, already canceled, or filled. asset=1',
    });
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['1:100@1001']);
    expect(stand.cancel(1).status).toBe('error');
  });

  it('tells of what remains when a partly filled order is cancelled', () => {
    const stand = standing();
    stand.place(BID, 1000, 100);
    stand.sell(1000, 330);
    stand.cancel(1);
    expect(stand.journal.lines.at(-1)).toBe('update 1 canceled 70/100');
    expect(stand.journal.updates.map(update => update.status)).toEqual(['open', 'canceled']);
  });
});

describe('modifying', () => {
  it('gives a new oid and goes to the back of the queue', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.sell(1000, 299);
    stand.journal.take();
    expect(stand.modify(1, BID, 1000, 201)).toEqual({ status: 'resting', oid: 2 });
    expect(stand.journal.take()).toEqual([
      'removed 1 modified 200/200',
      'update 1 canceled 200/200',
      'accepted 2 201 for 1',
      'update 2 open 201/201',
    ]);
    stand.sell(1000, 300);
    expect(stand.fills()).toEqual([]);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['2:1@1000']);
  });

  it('keeps oid and place of an order that only gets smaller, before orders that came between', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.place(BID, 1000, 200);
    stand.sell(1000, 290);
    stand.journal.take();
    expect(stand.modify(1, BID, 1000, 150, { cloid: 70 })).toEqual({ status: 'resting', oid: 1 });
    expect(stand.journal.take()).toEqual([
      'removed 1 modified 200/200',
      'accepted 1 150 for 1',
      'update 1 open 150/150',
    ]);
    expect(stand.exchange.openOrders().map(order => [order.oid, order.cloid])).toEqual([
      [1, 70],
      [2, 2],
    ]);
    stand.sell(1000, 170);
    expect(stand.fills()).toEqual(['1:150@1000', '2:10@1000']);
    expect(stand.place(BID, 999, 100)).toMatchObject({ oid: 3 });
  });

  it('loses an order whose smaller self is refused', () => {
    const stand = standing({}, TEN_DOLLARS);
    stand.place(BID, 1000, 200);
    const error = 'Error placing new order during modify: Order must have minimum value of $10.';
    expect(stand.modify(1, BID, 1000, 99)).toEqual({ status: 'error', error });
    expect(stand.exchange.openOrders()).toEqual([]);
    expect(stand.place(BID, 999, 200)).toMatchObject({ oid: 3 });
  });

  it('places with alwaysPlace as it was sent, also where the old order is gone', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    const always = (oid: number, order: PlaceOrder) =>
      stand.act({ type: 'batchModify', modifies: [{ oid, order }], alwaysPlace: true })[0];
    expect(always(1, stand.order(BID, 1001, 100, { tif: 'Gtc' }))).toMatchObject({ status: 'filled', oid: 2 });
    expect(always(1, stand.order(BID, 999, 100))).toEqual({ status: 'resting', oid: 3 });
    expect(always(3, stand.order(BID, 1001, 100, { tif: 'Ioc' }))).toMatchObject({ status: 'filled', oid: 4 });
    expect(always(9, stand.order(BID, 1000, 100, { tif: 'Ioc' }))).toEqual({
      status: 'error',
      error: 'Order could not immediately match against any resting orders. asset=0',
    });
    expect(stand.exchange.openOrders()).toEqual([]);
    expect(stand.exchange.positionLots(0)).toBe(200);
  });

  it('measures smaller against what remains', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.sell(1000, 400);
    stand.modify(1, BID, 1000, 101);
    stand.sell(1000, 300);
    expect(stand.fills()).toEqual(['1:100@1000']);
  });

  it('loses the place at another price', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.modify(1, BID, 999, 200);
    stand.modify(2, BID, 1000, 200);
    stand.sell(1000, 301);
    expect(stand.fills()).toEqual(['3:1@1000']);
  });

  it('comes too late for an order that is gone, and takes no oid then', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.sell(999, 1);
    expect(stand.modify(1, BID, 999, 200)).toEqual({
      status: 'error',
      error: 'Cannot modify canceled or filled order. asset=0',
    });
    expect(stand.place(BID, 1000, 200)).toMatchObject({ oid: 2 });
  });

  it('does not find an order under another asset', () => {
    const stand = new Stand({}, [COIN, COIN]);
    stand.play({ kind: 'snapshot', bids: [[1000, 1]], asks: [[1010, 1]] });
    stand.place(BID, 1001, 100);
    expect(stand.modify(1, BID, 1000, 100, { instrument: 1 })).toEqual({
      status: 'error',
      error: 'Cannot modify canceled or filled order. asset=1',
    });
    expect(stand.exchange.openOrders()).toHaveLength(1);
  });

  it('loses the old order where the new one is refused', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    stand.journal.take();
    const error =
      'Error placing new order during modify: Post only order would have immediately matched, bbo was 100@100.1. asset=0';
    expect(stand.modify(1, BID, 1001, 200)).toEqual({ status: 'error', error });
    expect(stand.journal.take()).toEqual([
      'removed 1 canceled 200/200',
      'update 1 canceled 200/200',
      `rejected batchModify ${error}`,
      'update 2 badAloPxRejected 200/200',
    ]);
    expect(stand.exchange.openOrders()).toEqual([]);
  });

  it('leaves the old order where the new one is wrong in form or would not rest', () => {
    const stand = standing();
    stand.place(BID, 1000, 200);
    const modifies = [{ oid: 1, order: stand.order(BID, 1000, 0) }];
    expect(stand.answer({ type: 'batchModify', modifies })).toEqual({ error: 'Order has zero size.', items: [] });
    expect(stand.modify(1, BID, 1000, 100, { tif: 'Ioc' }).status).toBe('error');
    expect(stand.exchange.openOrders()).toMatchObject([{ oid: 1, remainingLots: 200 }]);
  });

  it('turns GTC into post-only and may send the same cloid again', () => {
    const stand = standing();
    stand.place(BID, 1000, 200, { cloid: 9 });
    expect(stand.modify(1, BID, 999, 200, { cloid: 9, tif: 'Gtc' })).toEqual({ status: 'resting', oid: 2 });
    expect(stand.modify(2, BID, 1001, 200, { cloid: 9, tif: 'Gtc' }).status).toBe('error');
  });
});

describe('reduce-only', () => {
  const short = () => standing({ startPositionLots: [-150] });

  it('is cut to the position when placed, with its placed size kept for the owner', () => {
    const stand = short();
    stand.place(BID, 1000, 400, { reduceOnly: true });
    expect(stand.journal.take()).toEqual(['accepted 1 150', 'update 1 open 150/400']);
    expect(stand.exchange.openOrders()).toMatchObject([{ remainingLots: 150, originalLots: 400 }]);
    expect(stand.place(ASK, 1002, 400, { reduceOnly: true }).status).toBe('error');
  });

  it('loses the oldest where several come to more than the position', () => {
    const stand = short();
    stand.place(BID, 1000, 100, { reduceOnly: true });
    stand.place(BID, 999, 50, { reduceOnly: true });
    stand.journal.take();
    stand.place(BID, 998, 100, { reduceOnly: true });
    expect(stand.journal.take()).toEqual([
      'accepted 3 100',
      'update 3 open 100/100',
      'removed 1 expired 100/100',
      'update 1 reduceOnlyCanceled 100/100',
    ]);
    expect(stand.journal.userEvents).toEqual([]);
  });

  it('never turns the position, and ends when it is flat', () => {
    const stand = short();
    stand.place(BID, 1000, 100);
    stand.place(BID, 999, 100, { reduceOnly: true });
    stand.place(BID, 998, 50, { reduceOnly: true });
    stand.journal.take();
    stand.sell(1, 1);
    expect(stand.journal.take()).toEqual([
      'filled 1 100@1000 maker position -50',
      'removed 1 filled 0/100',
      'update 1 filled 0/100',
      'filled 2 50@999 maker position 0',
      'removed 2 filled 0/50',
      'update 2 filled 0/100',
      'removed 3 expired 50/50',
      'update 3 reduceOnlyCanceled 50/50',
    ]);
  });

  it('is cut when another order closes part of the position', () => {
    const stand = short();
    stand.place(BID, 999, 150, { reduceOnly: true });
    stand.place(BID, 1001, 100, { tif: 'Ioc' });
    expect(stand.exchange.openOrders()).toMatchObject([{ oid: 1, remainingLots: 50 }]);
    stand.place(BID, 1001, 100, { tif: 'Ioc' });
    expect(stand.exchange.openOrders()).toEqual([]);
    expect(stand.journal.updates.at(-1)).toMatchObject({ oid: 1, status: 'reduceOnlyCanceled' });
  });

  it('takes no more than the position', () => {
    const stand = short();
    expect(stand.place(BID, 1003, 900, { tif: 'Ioc', reduceOnly: true })).toMatchObject({ filledLots: 150 });
    expect(stand.exchange.positionLots(0)).toBe(0);
  });
});

describe('prices in texts and on the grid', () => {
  it('writes ticks as the exchange does', () => {
    expect(formatTicks(909_010, 1)).toBe('90901');
    expect(formatTicks(909_011, 1)).toBe('90901.1');
    expect(formatTicks(1, 6)).toBe('0.000001');
    expect(formatTicks(120_000, 5)).toBe('1.2');
    expect(formatTicks(42, 0)).toBe('42');
    expect(formatTicks(0, 2)).toBe('0');
  });

  it.each([
    // hyperliquid, section 4.
    ['123456', 0, 123_456, true],
    ['12345.6', 1, 123_456, false],
    ['1234.5', 2, 123_450, true],
    ['1234.56', 2, 123_456, false],
    ['0.001234', 6, 1_234, true],
    ['0.0123456', 7, 123_456, false],
    ['0.01234', 5, 1_234, true],
  ])('%s', (_price, priceDecimals, ticks, valid) => {
    const instrument: Instrument = { ...COIN, priceDecimals };
    expect(isPriceOnGrid(instrument, ticks)).toBe(valid);
    expect(isPriceOnGrid({ ...instrument, significantFigures: 0 }, ticks)).toBe(true);
  });
});
