import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ORDER_LIFECYCLE, OrderLifecycleTracker } from '../../../core/execution/order-lifecycle.ts';
import { FillConsumer } from '../../../core/fills/consumer.ts';
import { FillDeduplicator } from '../../../core/fills/dedup.ts';
import { BID } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { fillOf, orderUpdate, placeOrder } from '../execution/orders.ts';
import { KeptLog } from '../infra/frames.ts';

function fresh(capacity = 10_000) {
  const log = new KeptLog();
  const orders = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, log.write);
  const position = { lots: 0 };
  const consumer = new FillConsumer(
    new FillDeduplicator(capacity),
    orders,
    fill => {
      position.lots += fill.side === BID ? fill.sizeLots : -fill.sizeLots;
    },
    log.write,
  );
  return { log, orders, position, consumer };
}

/** With order 1 (10 lots) resting as 101. */
function resting() {
  const made = fresh();
  made.orders.place(placeOrder(), 0);
  made.orders.acked(1, 101, 0);
  return made;
}

describe('a fill', () => {
  it('of a live order moves the position and the order', () => {
    const { log, orders, position, consumer } = resting();
    expect(consumer.consume(fillOf({ tid: 7, sizeLots: 4 }), 5)).toMatchObject({
      kind: 'applied',
      full: false,
      raced: false,
    });
    expect(consumer.consume(fillOf({ tid: 8, sizeLots: 6, startPositionLots: 4 }), 6)).toMatchObject({
      kind: 'applied',
      full: true,
      raced: false,
    });
    expect(position.lots).toBe(10);
    expect(orders.activeOrders()).toEqual([]);
    expect(log.entries.map(entry => entry.type)).toEqual(['fill', 'fill']);
  });

  it('sent twice counts once, whatever its order has become', () => {
    const { log, orders, position, consumer } = resting();
    consumer.consume(fillOf(), 5);
    expect(consumer.consume(fillOf(), 5)).toEqual({ kind: 'duplicate' });
    orders.removeStale(1, 6);
    expect(consumer.consume(fillOf(), 7)).toEqual({ kind: 'duplicate' });
    expect(position.lots).toBe(4);
    expect(log.of('duplicate-fill').map(({ tid, atNs }) => [tid, atNs])).toEqual([
      [1, 5],
      [1, 7],
    ]);
  });

  it('of the same price and size under a new id is another fill', () => {
    const { position, consumer } = resting();
    consumer.consume(fillOf({ tid: 1 }), 5);
    expect(consumer.consume(fillOf({ tid: 2 }), 5).kind).toBe('applied');
    expect(position.lots).toBe(8);
  });

  it('of an order that is not known is an orphan, and the position takes it', () => {
    const { log, position, consumer } = fresh();
    expect(consumer.consume(fillOf({ oid: 900, cloid: 0, sizeLots: 3 }), 5)).toEqual({ kind: 'orphan' });
    expect(position.lots).toBe(3);
    expect(log.of('orphan-fill')).toEqual([{ type: 'orphan-fill', atNs: 5, tid: 1, oid: 900, sizeLots: 3 }]);
    expect(consumer.consume(fillOf({ oid: 900, cloid: 0, sizeLots: 3 }), 6)).toEqual({ kind: 'duplicate' });
  });

  it('before the ack is that of its cloid', () => {
    const { orders, position, consumer } = fresh();
    orders.place(placeOrder(), 0);
    expect(consumer.consume(fillOf(), 1)).toMatchObject({ kind: 'applied', raced: false });
    orders.acked(1, 101, 2);
    expect(position.lots).toBe(4);
    expect(orders.find(101, 0)?.filledLots).toBe(4);
  });

  it('that crosses its cancel is counted as a race, and exact', () => {
    const { orders, position, consumer } = resting();
    orders.cancelSent(1, 0);
    expect(consumer.consume(fillOf({ tid: 1, sizeLots: 2 }), 1)).toMatchObject({ raced: true, full: false });
    orders.cancelAcked(1, 2);
    expect(consumer.consume(fillOf({ tid: 2, sizeLots: 2 }), 0.3 * NS_PER_S)).toMatchObject({ raced: true });
    orders.sweep(6 * NS_PER_S);
    expect(consumer.consume(fillOf({ tid: 3, sizeLots: 2 }), 7 * NS_PER_S)).toMatchObject({
      kind: 'applied',
      raced: true,
    });
    expect(position.lots).toBe(6);
  });

  it('after the update that told of it is no race', () => {
    const { orders, consumer } = resting();
    orders.orderUpdate(orderUpdate({ status: 'filled', remainingLots: 0 }), 1);
    expect(consumer.consume(fillOf({ sizeLots: 10 }), 2)).toMatchObject({ kind: 'applied', full: true, raced: false });
  });

  it('that the ack already told of moves the position once', () => {
    const { orders, position, consumer } = fresh();
    orders.place(placeOrder({ tif: 'Gtc' }), 0);
    orders.ackFilled(1, 101, 10, 1);
    expect(position.lots).toBe(0);
    consumer.consume(fillOf({ sizeLots: 10 }), 2);
    expect(position.lots).toBe(10);
  });
});

describe('an order that was filled at once', () => {
  it('gives the credit that its fills then use up', () => {
    const { orders, consumer } = fresh();
    orders.place(placeOrder({ tif: 'Ioc' }), 0);
    const order = orders.byCloid(1);
    if (order === null) throw new Error('lost');
    expect(consumer.credit(order, 101, 7)).toBe(7);
    // Told again, it is no more.
    expect(consumer.credit(order, 101, 7)).toBe(0);
    orders.ackFilled(1, 101, 7, 1);
    expect(consumer.consume(fillOf({ tid: 1, sizeLots: 4 }), 2)).toMatchObject({ creditedLots: 4 });
    expect(consumer.consume(fillOf({ tid: 2, sizeLots: 4 }), 3)).toMatchObject({ creditedLots: 3 });
    expect(consumer.consume(fillOf({ tid: 3, sizeLots: 2 }), 4)).toMatchObject({ creditedLots: 0 });
  });

  it('gives none for fills that came before the acknowledgement, nor after the position was set', () => {
    const { orders, consumer } = fresh();
    orders.place(placeOrder({ tif: 'Ioc' }), 0);
    consumer.consume(fillOf({ tid: 1, sizeLots: 4 }), 1);
    const order = orders.find(101, 1);
    if (order === null) throw new Error('lost');
    expect(consumer.credit(order, 101, 6)).toBe(2);
    consumer.voidCredits();
    expect(consumer.consume(fillOf({ tid: 2, sizeLots: 2 }), 2)).toMatchObject({ creditedLots: 0 });
  });
});

it('goes on after a restore', () => {
  const { orders, consumer } = resting();
  const order = orders.byCloid(1);
  if (order === null) throw new Error('lost');
  consumer.credit(order, 101, 5);
  orders.cancelSent(1, 0);
  consumer.consume(fillOf({ tid: 1, sizeLots: 2, exchNs: 50 }), 60);
  const other = fresh().consumer;
  other.restore(structuredClone(consumer.snapshot()));
  expect(other.snapshot()).toEqual(consumer.snapshot());
  expect([other.lotsAfter(49), other.lotsAfter(50), other.races.count]).toEqual([2, 0, 1]);
});

it('the position is the sum of the fills that there were, however they come', () => {
  const delivery = fc.record({ tid: fc.integer({ min: 1, max: 30 }), late: fc.boolean() });
  fc.assert(
    fc.property(fc.array(delivery, { maxLength: 100 }), deliveries => {
      const { orders, position, consumer } = resting();
      const truth = new Map<number, number>();
      for (const { tid, late } of deliveries) {
        if (late) orders.cancelAcked(1, 1);
        const sizeLots = 1 + (tid % 3);
        truth.set(tid, sizeLots);
        consumer.consume(fillOf({ tid, sizeLots, oid: tid % 4 === 0 ? 999 : 101, cloid: tid % 4 === 0 ? 0 : 1 }), 2);
      }
      expect(position.lots).toBe([...truth.values()].reduce((sum, lots) => sum + lots, 0));
    }),
    draws(1, 200),
  );
});
