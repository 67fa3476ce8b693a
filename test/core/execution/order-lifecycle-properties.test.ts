/**
 * Whatever comes, in whatever order, once, twice or never: an order is never filled beyond its size, never leaves a final state,
 * and is never lost. And where an honest exchange tells its story in any order, the tracker ends up knowing it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_ORDER_LIFECYCLE,
  isFinal,
  isLive,
  OrderLifecycleTracker,
  type TrackedOrder,
} from '../../../core/execution/order-lifecycle.ts';
import { SIDES } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { fillOf, openOrder, orderUpdate, placeOrder } from './orders.ts';

const ORDERS = 6;
const LOTS = 10;
const oidOf = (cloid: number) => 100 + cloid;

const TEXTS = [
  'Order was never placed, already canceled, or filled. asset=0',
  'already filled',
  'Too many requests',
  'Error placing new order during modify: x',
];
const STATUSES = ['open', 'filled', 'canceled', 'marginCanceled', 'badAloPxRejected', 'triggered'];

const call = fc.record({
  what: fc.constantFrom(
    'place',
    'acked',
    'ackFilled',
    'rejected',
    'cancelSent',
    'cancelAcked',
    'cancelFailed',
    'modifySent',
    'modifyFailed',
    'update',
    'fill',
    'fill',
    'sweep',
    'removeStale',
    'adopt',
  ),
  cloid: fc.integer({ min: 1, max: ORDERS }),
  other: fc.integer({ min: 1, max: ORDERS }),
  lots: fc.integer({ min: 1, max: LOTS }),
  text: fc.constantFrom(...TEXTS),
  status: fc.constantFrom(...STATUSES),
  waitMs: fc.constantFrom(0, 1, 100, 2_000, 31_000),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

function apply(orders: OrderLifecycleTracker, { what, cloid, other, lots, text, status }: Call, nowNs: number): void {
  const oid = oidOf(cloid);
  const order = placeOrder({ cloid, side: SIDES[cloid % 2], sizeLots: LOTS, tif: cloid % 3 === 0 ? 'Ioc' : 'Alo' });
  const rest = { oid, cloid, side: order.side, originalLots: LOTS, remainingLots: LOTS - lots };
  if (what === 'place') orders.place(order, nowNs);
  else if (what === 'acked') orders.acked(cloid, oid, nowNs);
  else if (what === 'ackFilled') orders.ackFilled(cloid, oid, lots, nowNs);
  else if (what === 'rejected') orders.rejected(cloid, nowNs);
  else if (what === 'cancelSent') orders.cancelSent(cloid, nowNs);
  else if (what === 'cancelAcked') orders.cancelAcked(cloid, nowNs);
  else if (what === 'cancelFailed') orders.cancelFailed(cloid, text, nowNs);
  else if (what === 'modifySent') orders.modifySent(other, order, nowNs);
  else if (what === 'modifyFailed') orders.modifyFailed(other, cloid, text, nowNs);
  else if (what === 'update') orders.orderUpdate(orderUpdate({ ...rest, status }), nowNs);
  else if (what === 'fill') orders.fill(fillOf({ oid, cloid, sizeLots: lots }), nowNs);
  else if (what === 'sweep') orders.sweep(nowNs);
  else if (what === 'removeStale') orders.removeStale(cloid, nowNs);
  else orders.adopt(openOrder(rest), nowNs);
}

describe('any calls in any order', () => {
  it('break nothing that holds of an order', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 80 }), calls => {
        const orders = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, () => {});
        const seen = new Map<TrackedOrder, { final: string | null; filledLots: number }>();
        const keys = new Set<number>();
        let nowNs = 0;
        for (const step of calls) {
          nowNs += step.waitMs * 1_000_000;
          apply(orders, step, nowNs);
          for (const order of orders.activeOrders()) keys.add(order.cloid);
          for (const key of keys) {
            const order = orders.find(0, key);
            expect(order, 'no order is lost').not.toBeNull();
            if (order !== null && !seen.has(order)) seen.set(order, { final: null, filledLots: 0 });
          }
          for (const [order, before] of seen) {
            expect(order.filledLots).toBeLessThanOrEqual(order.originalLots);
            expect(order.streamLots).toBeLessThanOrEqual(order.filledLots);
            expect(order.filledLots).toBeGreaterThanOrEqual(before.filledLots);
            if (before.final !== null) expect(order.state).toBe(before.final);
            before.filledLots = order.filledLots;
            if (isFinal(order.state)) before.final = order.state;
          }
          const live = orders.activeOrders();
          expect(live.every(order => isLive(order.state))).toBe(true);
          expect([...seen.keys()].filter(order => isLive(order.state)).length).toBe(live.length);
          expect(new Set(live).size).toBe(live.length);
          for (const side of SIDES)
            expect(orders.activeOrders(side)).toEqual(live.filter(order => order.side === side));
        }
      }),
      draws(1, 1_000),
    );
  });

  it('are answered after a restore as they would have been', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.nat(60), (calls, cut) => {
        const one = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, () => {});
        let two = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, () => {});
        let nowNs = 0;
        for (const [index, step] of calls.entries()) {
          nowNs += step.waitMs * 1_000_000;
          if (index === cut) {
            const state = structuredClone(two.snapshot());
            two = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, () => {});
            two.restore(state);
          }
          apply(one, step, nowNs);
          apply(two, step, nowNs);
          expect(two.activeOrders()).toEqual(one.activeOrders());
        }
        expect(two.snapshot()).toEqual(one.snapshot());
      }),
      draws(1, 300),
    );
  });
});

describe('an honest exchange', () => {
  /** What became of an order, and the messages that say so. */
  const story = fc.record({
    fills: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    cancelled: fc.boolean(),
    shuffle: fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 }),
    lost: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
  });

  it('is understood whatever the order of its messages, with any ack or update lost', () => {
    fc.assert(
      fc.property(fc.array(story, { minLength: 1, maxLength: ORDERS }), stories => {
        const orders = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, () => {});
        const messages: { at: number; deliver: () => void }[] = [];
        const filled: number[] = [];
        for (const [index, { fills, cancelled, shuffle, lost }] of stories.entries()) {
          const cloid = index + 1;
          const oid = oidOf(cloid);
          orders.place(placeOrder({ cloid, sizeLots: LOTS }), 0);
          orders.cancelSent(cloid, 0);
          let left = LOTS;
          let slot = 0;
          const say = (deliver: () => void) => messages.push({ at: shuffle[slot++], deliver });
          for (const lots of fills) {
            const size = Math.min(lots, left);
            if (size === 0) break;
            left -= size;
            say(() => orders.fill(fillOf({ oid, cloid, sizeLots: size }), 1));
          }
          filled.push(LOTS - left);
          if (!lost[0]) say(() => orders.acked(cloid, oid, 1));
          if (left === 0) {
            if (!lost[1])
              say(() => orders.orderUpdate(orderUpdate({ oid, cloid, status: 'filled', remainingLots: 0 }), 1));
            say(() => orders.cancelFailed(cloid, TEXTS[0], 1));
          } else if (cancelled) {
            say(() => orders.orderUpdate(orderUpdate({ oid, cloid, status: 'canceled', remainingLots: left }), 1));
            if (!lost[1]) say(() => orders.cancelAcked(cloid, 1));
          } else {
            say(() => orders.cancelFailed(cloid, TEXTS[2], 1));
            say(() => orders.orderUpdate(orderUpdate({ oid, cloid, status: 'open', remainingLots: LOTS }), 1));
          }
        }
        messages.sort((a, b) => a.at - b.at);
        for (const { deliver } of messages) deliver();
        orders.sweep(6 * NS_PER_S);
        for (const [index, { cancelled }] of stories.entries()) {
          const order = orders.find(0, index + 1);
          if (order === null) throw new Error('lost');
          expect([order.filledLots, order.streamLots]).toEqual([filled[index], filled[index]]);
          if (filled[index] === LOTS) expect(order.state).toBe('Filled');
          else if (cancelled) expect(order.state).toBe('Cancelled');
          else expect(order.state).toBe(filled[index] === 0 ? 'Resting' : 'PartiallyFilled');
        }
      }),
      draws(1, 1_000),
    );
  });
});
