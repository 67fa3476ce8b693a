import { describe, expect, it } from 'vitest';
import { DEFAULT_ORDER_LIFECYCLE, OrderLifecycleTracker } from '../../../core/execution/order-lifecycle.ts';
import { ASK, BID } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { KeptLog } from '../infra/frames.ts';
import { fillOf, openOrder, orderUpdate, placeOrder } from './orders.ts';

const NEVER_PLACED = 'Order was never placed, already canceled, or filled. asset=0';

function fresh() {
  const log = new KeptLog();
  return { log, orders: new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, log.write) };
}

/** With order 1 (10 lots) resting as 101. */
function resting() {
  const made = fresh();
  made.orders.place(placeOrder(), 0);
  made.orders.acked(1, 101, 0);
  return made;
}

const stateOf = (orders: OrderLifecycleTracker, cloid = 1) => orders.find(0, cloid)?.state;
const lotsOf = (orders: OrderLifecycleTracker, cloid = 1) => {
  const order = orders.find(0, cloid);
  return order === null ? null : [order.filledLots, order.streamLots];
};

describe('an order', () => {
  it('is placed, rests, fills in part and in full', () => {
    const { log, orders } = fresh();
    expect(orders.place(placeOrder(), 5)).toBe(true);
    expect(orders.byCloid(1)).toMatchObject({ state: 'Placed', oid: 0, placedNs: 5, filledLots: 0 });
    expect(orders.acked(1, 101, 7)).toBe(true);
    expect(orders.find(101, 0)).toMatchObject({ state: 'Resting', lastChangeNs: 7 });
    orders.fill(fillOf({ sizeLots: 4 }), 8);
    expect(orders.find(101, 0)).toMatchObject({ state: 'PartiallyFilled', filledLots: 4 });
    orders.fill(fillOf({ sizeLots: 6 }), 9);
    expect(stateOf(orders)).toBe('Filled');
    expect(orders.activeOrders()).toEqual([]);
    expect(orders.activeOrders()).toEqual([]);
    expect(log.entries).toEqual([]);
  });

  it('may be refused', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 0);
    expect(orders.rejected(1, 1)).toBe(true);
    expect(stateOf(orders)).toBe('Rejected');
  });

  it('may be refused by an update first, and by its reply after that', () => {
    const { log, orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.orderUpdate(orderUpdate({ status: 'badAloPxRejected' }), 1);
    expect(stateOf(orders)).toBe('Rejected');
    orders.rejected(1, 2);
    expect(log.entries).toEqual([]);
  });

  it('is acknowledged by an update as well as by its reply, in either order', () => {
    for (const updateFirst of [true, false]) {
      const { log, orders } = fresh();
      orders.place(placeOrder(), 0);
      if (updateFirst) orders.orderUpdate(orderUpdate(), 1);
      expect(orders.acked(1, 101, 2)).toBe(true);
      if (!updateFirst) orders.orderUpdate(orderUpdate(), 3);
      expect(orders.find(101, 0)?.state).toBe('Resting');
      expect(log.entries).toEqual([]);
    }
  });

  it('ends by the exchange’s own account as expired, by our cancel as cancelled', () => {
    for (const [status, state] of [
      ['canceled', 'Cancelled'],
      ['marginCanceled', 'Expired'],
      ['reduceOnlyCanceled', 'Expired'],
    ] as const) {
      const { orders } = resting();
      orders.orderUpdate(orderUpdate({ status }), 1);
      expect(stateOf(orders)).toBe(state);
    }
  });

  it('keeps its cloid to itself', () => {
    const { log, orders } = resting();
    expect(orders.place(placeOrder({ sizeLots: 3 }), 1)).toBe(false);
    orders.removeStale(1, 2);
    expect(orders.place(placeOrder(), 3), 'also after its end').toBe(false);
    expect(log.of('illegal-transition').map(({ from, to }) => [from, to])).toEqual([
      ['Resting', 'Placed'],
      ['Cancelled', 'Placed'],
    ]);
  });
});

describe('filled at once, by the ack', () => {
  it('in full: closed, and its fills find it', () => {
    const { orders } = fresh();
    orders.place(placeOrder({ tif: 'Gtc' }), 0);
    orders.ackFilled(1, 101, 10, 1);
    expect(stateOf(orders)).toBe('Filled');
    expect(lotsOf(orders)).toEqual([10, 0]);
    expect(orders.fill(fillOf({ sizeLots: 10 }), 2)).toMatchObject({ cloid: 1, state: 'Filled', streamLots: 10 });
  });

  it('in part: the rest of a good-till-cancelled order rests, that of an immediate one is gone', () => {
    for (const [tif, state] of [
      ['Gtc', 'PartiallyFilled'],
      ['Ioc', 'CancelConfirmed'],
    ] as const) {
      const { orders } = fresh();
      orders.place(placeOrder({ tif }), 0);
      orders.ackFilled(1, 101, 4, 1);
      expect(stateOf(orders)).toBe(state);
      orders.fill(fillOf({ sizeLots: 4 }), 2);
      expect(lotsOf(orders), 'the fill is the one that the ack spoke of').toEqual([4, 4]);
    }
  });
});

describe('a cancel', () => {
  it('is sent, confirmed, and closed 5 s later', () => {
    const { orders } = resting();
    expect(orders.cancelSent(1, 10)).toBe(true);
    expect(orders.byCloid(1)).toMatchObject({ state: 'CancelPending', cancelSentNs: 10 });
    expect(orders.activeOrders().length, 'it may still be live').toBe(1);
    orders.cancelAcked(1, 20);
    expect(orders.activeOrders()).toEqual([]);
    expect(orders.byCloid(1)?.state).toBe('CancelConfirmed');
    expect(orders.sweep(20 + 5 * NS_PER_S - 1).closedWindows).toBe(0);
    expect(orders.sweep(20 + 5 * NS_PER_S).closedWindows).toBe(1);
    expect(stateOf(orders)).toBe('Cancelled');
  });

  it('may be sent again, and counts from the first time', () => {
    const { log, orders } = resting();
    orders.cancelSent(1, 10);
    expect(orders.cancelSent(1, 20)).toBe(true);
    expect(orders.byCloid(1)?.cancelSentNs).toBe(10);
    expect(log.entries).toEqual([]);
  });

  it('that fails gives the order back as it was', () => {
    const { orders } = resting();
    orders.cancelSent(1, 10);
    orders.cancelFailed(1, 'Too many requests', 11);
    expect(orders.byCloid(1)).toMatchObject({ state: 'Resting', cancelSentNs: 0 });
    orders.fill(fillOf(), 12);
    orders.cancelSent(1, 13);
    orders.cancelFailed(1, 'timeout', 14);
    expect(orders.byCloid(1)?.state).toBe('PartiallyFilled');
    expect(orders.activeOrders().length).toBe(1);
  });

  it('of an order that is gone waits for its fills', () => {
    const { orders } = resting();
    orders.cancelSent(1, 10);
    orders.cancelFailed(1, NEVER_PLACED, 11);
    expect(orders.activeOrders()).toEqual([]);
    expect(stateOf(orders)).toBe('CancelConfirmed');
    orders.fill(fillOf({ sizeLots: 10 }), 12);
    expect(stateOf(orders)).toBe('Filled');
  });

  it('of an order that was filled waits for those fills, and believes in them after 5 s', () => {
    const { orders } = resting();
    orders.cancelSent(1, 10);
    orders.cancelFailed(1, 'already filled', 11);
    expect(stateOf(orders)).toBe('FilledDuringCancel');
    orders.fill(fillOf({ sizeLots: 4 }), 12);
    expect(stateOf(orders)).toBe('FilledDuringCancel');
    orders.sweep(11 + 5 * NS_PER_S);
    expect(stateOf(orders)).toBe('Filled');
    expect(lotsOf(orders)).toEqual([10, 4]);
  });

  it('that overtakes its own order leaves it on its way', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.cancelSent(1, 1);
    orders.cancelFailed(1, NEVER_PLACED, 2);
    expect(stateOf(orders)).toBe('Placed');
    orders.acked(1, 101, 3);
    expect(stateOf(orders)).toBe('Resting');
  });

  it('before the ack: the ack tells the oid and the cancel stays under way', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.cancelSent(1, 1);
    orders.acked(1, 101, 2);
    expect(orders.find(101, 0)?.state).toBe('CancelPending');
    orders.cancelFailed(1, 'timeout', 3);
    expect(orders.find(101, 0)?.state).toBe('Resting');
  });

  it('is refused where there is nothing to cancel, in silence where word of the end may have crossed it', () => {
    const { log, orders } = resting();
    orders.cancelAcked(1, 1);
    expect(orders.cancelSent(1, 2)).toBe(false);
    expect(orders.cancelSent(77, 3)).toBe(false);
    orders.removeStale(1, 4);
    expect(orders.cancelSent(1, 5)).toBe(false);
    expect(orders.cancelAcked(1, 6)).toBe(false);
    expect(orders.cancelFailed(1, NEVER_PLACED, 7)).toBe(false);
    expect(log.of('illegal-transition').map(({ cloid, from, to }) => [cloid, from, to])).toEqual([
      [1, 'CancelConfirmed', 'CancelPending'],
      [77, 'Unknown', 'CancelPending'],
    ]);
  });

  it('confirmed by a late reply, after it was given up, is believed', () => {
    const { orders } = resting();
    orders.cancelSent(1, 1);
    orders.cancelFailed(1, 'timeout', 2);
    orders.cancelAcked(1, 3);
    expect(stateOf(orders)).toBe('CancelConfirmed');
  });

  it('confirmed by an update alone closes at once where all its fills have come', () => {
    const { orders } = resting();
    orders.fill(fillOf(), 1);
    orders.cancelSent(1, 2);
    orders.orderUpdate(orderUpdate({ status: 'canceled', remainingLots: 6 }), 3);
    expect(stateOf(orders)).toBe('Cancelled');
  });

  it('confirmed by an update before its last fill waits for that fill', () => {
    const { orders } = resting();
    orders.cancelSent(1, 2);
    orders.orderUpdate(orderUpdate({ status: 'canceled', remainingLots: 6 }), 3);
    expect(stateOf(orders)).toBe('CancelConfirmed');
    expect(lotsOf(orders)).toEqual([4, 0]);
    orders.fill(fillOf(), 4);
    expect(lotsOf(orders)).toEqual([4, 4]);
  });

  it('is stuck over 30 s after it was sent, and not at 30 s', () => {
    const { orders } = resting();
    orders.cancelSent(1, 10);
    expect(orders.sweep(10 + 30 * NS_PER_S).stuckCancels).toEqual([]);
    expect(orders.sweep(11 + 30 * NS_PER_S).stuckCancels).toMatchObject([{ cloid: 1 }]);
    expect(stateOf(orders), 'and stays').toBe('CancelPending');
  });
});

describe('fills and cancels that cross', () => {
  it('a partial fill while the cancel is under way ends nothing (the cancel may fail)', () => {
    const { orders } = resting();
    orders.cancelSent(1, 1);
    orders.fill(fillOf(), 2);
    expect(stateOf(orders)).toBe('CancelPending');
    orders.cancelFailed(1, 'Too many requests', 3);
    expect(orders.byCloid(1)).toMatchObject({ state: 'PartiallyFilled', filledLots: 4 });
    orders.fill(fillOf({ sizeLots: 6 }), 4);
    expect(stateOf(orders)).toBe('Filled');
  });

  it('a full fill while the cancel is under way fills it', () => {
    const { orders } = resting();
    orders.cancelSent(1, 1);
    orders.fill(fillOf({ sizeLots: 10 }), 2);
    expect(stateOf(orders)).toBe('Filled');
    expect(orders.cancelFailed(1, NEVER_PLACED, 3)).toBe(false);
  });

  it('a fill 300 ms after the cancel was confirmed finds its order', () => {
    const { orders } = resting();
    orders.cancelSent(1, 0);
    orders.cancelAcked(1, 1);
    expect(orders.fill(fillOf(), 0.3 * NS_PER_S)).toMatchObject({ cloid: 1, state: 'CancelConfirmed', filledLots: 4 });
  });

  it('a fill long after the order was closed still finds it, and does not open it again', () => {
    const { orders } = resting();
    orders.cancelSent(1, 0);
    orders.cancelAcked(1, 1);
    orders.sweep(6 * NS_PER_S);
    expect(orders.fill(fillOf(), 9 * NS_PER_S)).toMatchObject({ cloid: 1, state: 'Cancelled', filledLots: 4 });
    expect(orders.activeOrders()).toEqual([]);
  });

  it('a fill before the ack tells the oid', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.fill(fillOf(), 1);
    expect(orders.find(101, 0)).toMatchObject({ state: 'PartiallyFilled', filledLots: 4 });
    expect(orders.acked(1, 101, 2)).toBe(true);
    expect(stateOf(orders)).toBe('PartiallyFilled');
  });

  it('a full fill before the ack: the ack is in order', () => {
    const { log, orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.fill(fillOf({ sizeLots: 10 }), 1);
    expect(orders.acked(1, 101, 2)).toBe(true);
    expect(log.entries).toEqual([]);
  });

  it('counts more than the order’s size as a fault and keeps to the size', () => {
    const { log, orders } = resting();
    orders.fill(fillOf({ sizeLots: 8 }), 1);
    orders.fill(fillOf({ sizeLots: 8 }), 2);
    expect(lotsOf(orders)).toEqual([10, 10]);
    expect(log.of('illegal-transition')).toMatchObject([{ cloid: 1, from: 'PartiallyFilled', to: 'Overfilled' }]);
  });

  it('knows none of a fill whose oid and cloid are both strange', () => {
    const { orders } = resting();
    expect(orders.fill(fillOf({ oid: 999, cloid: 999 }), 1)).toBeNull();
    expect(
      orders.fill(fillOf({ oid: 999, cloid: 1 }), 1),
      'the same cloid with another oid is another order',
    ).toBeNull();
    expect(orders.orderUpdate(orderUpdate({ oid: 999, cloid: 1 }), 1)).toBeNull();
    expect(lotsOf(orders)).toEqual([0, 0]);
  });
});

describe('a modification', () => {
  const next = placeOrder({ cloid: 2, priceTicks: 9_990 });

  it('takes the old order out and the new one in', () => {
    const { log, orders } = resting();
    expect(orders.modifySent(1, next, 5)).toBe(true);
    expect(orders.activeOrders().map(({ cloid, state }) => [cloid, state])).toEqual([
      [1, 'CancelPending'],
      [2, 'Placed'],
    ]);
    expect(orders.byCloid(2)?.replacesCloid).toBe(1);
    orders.cancelAcked(1, 6);
    orders.acked(2, 102, 6);
    expect(orders.activeOrders().map(({ cloid, oid, state }) => [cloid, oid, state])).toEqual([[2, 102, 'Resting']]);
    expect(orders.fill(fillOf({ oid: 101, cloid: 1 }), 7), 'the old oid is a tombstone').toMatchObject({ cloid: 1 });
    expect(log.entries).toEqual([]);
  });

  it('that is refused leaves the old order', () => {
    const { orders } = resting();
    orders.modifySent(1, next, 5);
    orders.modifyFailed(1, 2, 'Post only order would have immediately matched, bbo was 1@2. asset=0', 6);
    expect([stateOf(orders, 1), stateOf(orders, 2)]).toEqual(['Resting', 'Rejected']);
  });

  it.each(['Cannot modify canceled or filled order', 'Error placing new order during modify: Insufficient margin'])(
    'refused with "%s" leaves neither',
    text => {
      const { orders } = resting();
      orders.modifySent(1, next, 5);
      orders.modifyFailed(1, 2, text, 6);
      expect([stateOf(orders, 1), stateOf(orders, 2)]).toEqual(['CancelConfirmed', 'Rejected']);
      expect(orders.activeOrders()).toEqual([]);
    },
  );

  it('of an order that has just filled: the fill counts, the new one is refused', () => {
    const { orders } = resting();
    orders.modifySent(1, next, 5);
    orders.fill(fillOf({ sizeLots: 10 }), 6);
    orders.modifyFailed(1, 2, 'Cannot modify canceled or filled order', 7);
    expect([stateOf(orders, 1), stateOf(orders, 2)]).toEqual(['Filled', 'Rejected']);
  });

  it('does nothing where its cloid is taken or there is nothing to modify', () => {
    const { orders } = resting();
    expect(orders.modifySent(1, placeOrder({ cloid: 1 }), 5)).toBe(false);
    expect(stateOf(orders)).toBe('Resting');
    orders.removeStale(1, 6);
    expect(orders.modifySent(1, next, 7)).toBe(false);
    expect(orders.byCloid(2)).toBeNull();
  });
});

describe('an order that nobody acknowledged', () => {
  it('is given up over 5 s, and not at 5 s', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 10);
    expect(orders.sweep(10 + 5 * NS_PER_S).stalePending).toEqual([]);
    expect(orders.sweep(11 + 5 * NS_PER_S).stalePending).toMatchObject([{ cloid: 1, state: 'Expired' }]);
    expect(orders.activeOrders()).toEqual([]);
    expect(orders.sweep(12 + 5 * NS_PER_S).stalePending, 'once').toEqual([]);
  });

  it('an ack after 4.8 s is in time', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.sweep(4.8 * NS_PER_S);
    expect(orders.acked(1, 101, 4.8 * NS_PER_S)).toBe(true);
    expect(orders.sweep(60 * NS_PER_S).stalePending).toEqual([]);
  });

  it.each([
    ['a fill', orders => orders.fill(fillOf({ sizeLots: 4 }), 9 * NS_PER_S)],
    ['an update', orders => orders.orderUpdate(orderUpdate({ status: 'open' }), 9 * NS_PER_S)],
    ["the exchange's list", orders => orders.adopt(openOrder(), 9 * NS_PER_S)],
  ] as const satisfies [string, (orders: OrderLifecycleTracker) => unknown][])(
    'turns up by %s, which is told once',
    (_name, hear) => {
      const { log, orders } = fresh();
      orders.place(placeOrder(), 2);
      orders.sweep(6 * NS_PER_S);
      hear(orders);
      orders.fill(fillOf({ sizeLots: 5 }), 10 * NS_PER_S);
      const told = { type: 'order-turned-up', atNs: 9 * NS_PER_S, cloid: 1, oid: 101, sentNs: 2 };
      expect(log.of('order-turned-up')).toEqual([told]);
    },
  );

  it('and turns up late is no order of this book: it has to be cancelled by its oid', () => {
    const { log, orders } = fresh();
    orders.place(placeOrder(), 0);
    orders.sweep(6 * NS_PER_S);
    expect(orders.acked(1, 101, 7 * NS_PER_S)).toBe(false);
    expect(log.of('illegal-transition')).toMatchObject([{ cloid: 1, from: 'Expired', to: 'Resting' }]);
    expect(orders.closedOrder(101, 0)?.cloid, 'its fills find it by the oid now').toBe(1);
    const adopted = orders.adopt(openOrder(), 8 * NS_PER_S);
    expect(adopted).toMatchObject({ cloid: -101, oid: 101, state: 'Resting' });
    expect(orders.cancelSent(adopted.cloid, 8 * NS_PER_S)).toBe(true);
  });

  it('is told apart from a foreign one', () => {
    expect(fresh().orders.acked(55, 101, 0)).toBe(false);
  });
});

describe('orders found at the exchange', () => {
  it('are adopted with what is left of them', () => {
    const { orders } = fresh();
    const adopted = orders.adopt(openOrder({ oid: 500, cloid: 50, remainingLots: 3, side: ASK }), 7);
    expect(adopted).toMatchObject({ cloid: 50, oid: 500, state: 'PartiallyFilled', filledLots: 7, placedNs: 7 });
    expect(orders.activeOrders(ASK)).toEqual([adopted]);
    expect(orders.activeOrders(BID)).toEqual([]);
    orders.orderUpdate(orderUpdate({ oid: 500, cloid: 50, status: 'filled', remainingLots: 0 }), 8);
    expect(stateOf(orders, 50)).toBe('Filled');
  });

  it('that are on their way count as acknowledged', () => {
    const { orders } = fresh();
    orders.place(placeOrder(), 0);
    expect(orders.adopt(openOrder(), 1)).toMatchObject({ cloid: 1, oid: 101, state: 'Resting' });
    expect(orders.activeOrders().length).toBe(1);
  });

  it('without a cloid each have a key of their own', () => {
    const { orders } = fresh();
    orders.adopt(openOrder({ oid: 500, cloid: 0 }), 0);
    orders.adopt(openOrder({ oid: 501, cloid: 0 }), 0);
    expect(orders.activeOrders().map(({ cloid }) => cloid)).toEqual([-500, -501]);
  });

  it('or not found there, are removed, and a late fill still finds them', () => {
    const { orders } = resting();
    expect(orders.removeStale(1, 1)).toBe(true);
    expect(orders.removeStale(1, 1)).toBe(false);
    expect(orders.fill(fillOf(), 2)).toMatchObject({ cloid: 1, state: 'Cancelled' });
  });
});

describe('memory', () => {
  it('holds the last 1,000 closed orders', () => {
    const { orders } = fresh();
    for (let cloid = 1; cloid <= 1_001; cloid++) {
      orders.place(placeOrder({ cloid }), 0);
      orders.acked(cloid, 10_000 + cloid, 0);
      orders.removeStale(cloid, 0);
    }
    expect(orders.closedOrder(0, 1)).toBeNull();
    expect(orders.closedOrder(10_001, 0)).toBeNull();
    expect(orders.closedOrder(10_002, 2)).toMatchObject({ cloid: 2 });
    expect(orders.fill(fillOf({ oid: 10_001, cloid: 1 }), 0)).toBeNull();
  });

  it('keeps live orders in the order in which they were placed', () => {
    const { orders } = fresh();
    for (let cloid = 1; cloid <= 6; cloid++) orders.place(placeOrder({ cloid, side: cloid % 2 === 0 ? ASK : BID }), 0);
    orders.rejected(3, 1);
    expect(orders.activeOrders().map(({ cloid }) => cloid)).toEqual([1, 2, 4, 5, 6]);
    expect(orders.activeOrders(BID).map(({ cloid }) => cloid)).toEqual([1, 5]);
    expect(orders.activeOrders(ASK).map(({ cloid }) => cloid)).toEqual([2, 4, 6]);
  });
});

describe('the exchange by itself', () => {
  it('ends an order, whose last fills still find it', () => {
    const { orders } = resting();
    expect(orders.endedByExchange(101, 1)).toMatchObject({ state: 'CancelConfirmed' });
    expect(orders.activeOrders()).toEqual([]);
    expect(orders.fill(fillOf(), 2)).toMatchObject({ cloid: 1, streamLots: 4 });
    orders.sweep(6 * NS_PER_S);
    expect(stateOf(orders)).toBe('Cancelled');
    expect(orders.endedByExchange(101, 7 * NS_PER_S)).toMatchObject({ state: 'Cancelled' });
    expect(orders.endedByExchange(999, 1)).toBeNull();
  });

  it('shows what was filled of an order, and never less than is known', () => {
    const { orders } = resting();
    const order = orders.find(101, 0);
    if (order === null) throw new Error('lost');
    orders.seenOpen(order, openOrder({ remainingLots: 7 }), 1);
    expect([order.state, order.filledLots, order.streamLots]).toEqual(['PartiallyFilled', 3, 0]);
    orders.seenOpen(order, openOrder({ remainingLots: 9 }), 2);
    expect(order.filledLots).toBe(3);
  });

  it('has taken an order that was thought to be refused: the acknowledgement is not lost', () => {
    const { orders, log } = fresh();
    orders.place(placeOrder(), 0);
    orders.rejected(1, 1);
    expect(orders.acked(1, 101, 2)).toBe(false);
    expect(log.of('illegal-transition')).toMatchObject([{ from: 'Rejected', to: 'Resting' }]);
    expect(orders.closedOrder(101, 0)).toMatchObject({ cloid: 1 });
  });
});

it('a cancel is stuck when it is over 30 s old', () => {
  const { orders } = resting();
  orders.cancelSent(1, NS_PER_S);
  const order = orders.find(101, 0);
  if (order === null) throw new Error('lost');
  expect(orders.isStuck(order, 31 * NS_PER_S)).toBe(false);
  expect(orders.isStuck(order, 31 * NS_PER_S + 1)).toBe(true);
});
