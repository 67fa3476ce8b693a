import { describe, expect, it } from 'vitest';
import { DEFAULT_ORDER_LIFECYCLE, OrderLifecycleTracker } from '../../../core/execution/order-lifecycle.ts';
import { DEFAULT_ORPHANS, OrphanTracker } from '../../../core/infra/orphan-tracker.ts';
import { seconds } from '../../support/script-host.ts';
import { placeOrder } from '../execution/orders.ts';

/** An order book with order 1 placed at 0. */
function book(): OrderLifecycleTracker {
  const orders = new OrderLifecycleTracker(DEFAULT_ORDER_LIFECYCLE, () => {});
  orders.place(placeOrder(), 0);
  return orders;
}

describe('an order that nobody knows', () => {
  it('is an orphan from five seconds after first sight on', () => {
    const orphans = new OrphanTracker(DEFAULT_ORPHANS);
    expect(orphans.see(900, null, seconds(10))).toBe('new');
    expect(orphans.nextGraceEndNs).toBe(seconds(15));
    expect(orphans.see(900, null, seconds(15) - 1)).toBe('grace');
    expect(orphans.see(900, null, seconds(15))).toBe('orphan');
    orphans.looked(seconds(15), seconds(15));
    expect(orphans.nextGraceEndNs).toBe(Infinity);
  });

  it('begins anew where it was not seen for over 50 s', () => {
    const orphans = new OrphanTracker(DEFAULT_ORPHANS);
    orphans.see(900, null, 0);
    expect(orphans.see(900, null, seconds(50))).toBe('orphan');
    expect(orphans.see(900, null, seconds(100) + 1)).toBe('new');
  });

  it('has its own grace beside others', () => {
    const orphans = new OrphanTracker(DEFAULT_ORPHANS);
    orphans.see(900, null, 0);
    orphans.see(901, null, seconds(3));
    expect(orphans.see(900, null, seconds(5))).toBe('orphan');
    expect(orphans.see(901, null, seconds(5))).toBe('grace');
    orphans.forget(901);
    expect(orphans.see(901, null, seconds(9))).toBe('new');
  });
});

describe('an order of ours', () => {
  it('that is tracked is none', () => {
    const orphans = new OrphanTracker(DEFAULT_ORPHANS);
    orphans.see(101, null, 0);
    expect(orphans.see(101, book().byCloid(1), seconds(60))).toBe('tracked');
    expect(orphans.see(101, null, seconds(61))).toBe('new');
  });

  it('that was given up without an answer is expected for 30 s after it was sent', () => {
    const orphans = new OrphanTracker(DEFAULT_ORPHANS);
    const orders = book();
    orders.sweep(seconds(5) + 1);
    const given = orders.find(101, 1);
    expect(orphans.see(101, given, seconds(6))).toBe('expected');
    expect(orphans.see(101, given, seconds(30) - 1)).toBe('expected');
    expect(orphans.see(101, given, seconds(30))).toBe('orphan');
  });

  it('that was closed is protected for ten seconds', () => {
    const orphans = new OrphanTracker(DEFAULT_ORPHANS);
    const orders = book();
    orders.acked(1, 101, 0);
    orders.removeStale(1, seconds(20));
    const closed = orders.find(101, 0);
    expect(orphans.see(101, closed, seconds(20))).toBe('finalised');
    expect(orphans.see(101, closed, seconds(30) - 1)).toBe('finalised');
    expect(orphans.see(101, closed, seconds(30))).toBe('orphan');
  });
});

it('goes on after a restore', () => {
  const orphans = new OrphanTracker(DEFAULT_ORPHANS);
  orphans.see(900, null, 0);
  const other = new OrphanTracker(DEFAULT_ORPHANS);
  other.restore(structuredClone(orphans.snapshot()));
  expect(other.see(900, null, seconds(5))).toBe('orphan');
});
