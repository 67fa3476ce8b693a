import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { type AuditResult, hasIssues } from '../../../core/safety/auditor.ts';
import { OrderWorld } from '../../support/order-world.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

const CLEAN: AuditResult = {
  ordersCleaned: 0,
  stalePendingRemoved: 0,
  stuckCancels: 0,
  orphanOrders: 0,
  staleLocalRemoved: 0,
  staleLocalKept: 0,
  isSynced: true,
  reduceOnlyActive: false,
  reduceOnlyReason: null,
};

describe('an audit', () => {
  it('of orders in their ordinary life finds nothing, and leaves them', () => {
    const world = new OrderWorld();
    for (let round = 0; round < 30; round++) {
      world.place(BID, ASK);
      world.run(milliseconds(700));
      world.modify(round);
      // Of some cancels the reply alone tells: their window for last fills is then open for a while.
      if (round % 3 === 0) world.losses.updates.push('kept', 'kept', 'lost');
      world.cancel(round);
      world.run(milliseconds(300));
    }
    expect(world.audits.length).toBeGreaterThan(4);
    for (const audit of world.audits) expect(audit).toEqual({ ...CLEAN, ordersCleaned: audit.ordersCleaned });
    expect(world.audits.some(({ ordersCleaned }) => ordersCleaned > 0)).toBe(true);
    expect(world.logged('safety-audit')).toEqual([]);
    expect(world.state.orders.activeOrders().length).toBe(world.open.size);
  });

  it('is had by the operator at any time, and is then told whatever it finds', () => {
    const world = new OrderWorld();
    world.run(seconds(1.5));
    world.auditor.run('operator', world.nowNs);
    world.run(milliseconds(90));
    expect(world.logged('safety-audit')).toMatchObject([{ trigger: 'operator', isSynced: true }]);
  });

  it('without an answer is over after its time, and is not repeated before the next is due', () => {
    const world = new OrderWorld();
    const real = world.send.bind(world);
    let asked = 0;
    world.send = command => {
      if (command.kind === 'rest' && command.request === 'openOrders') asked++;
      else real(command);
    };
    world.run(seconds(30));
    expect(world.audits).toEqual([]);
    // Begun at 1 s, given up over 5 s later, and so on.
    expect(asked).toBe(5);
  });
});

describe('a pending order', () => {
  it('is given up when it is over five seconds old, and not at five', () => {
    const world = new OrderWorld(false);
    world.losses.posts.push(true);
    world.place(BID);
    world.run(seconds(5));
    expect(world.state.orders.activeOrders().length).toBe(1);
    world.run(seconds(1.2));
    expect(world.state.orders.activeOrders().length).toBe(0);
    expect(world.audits.at(-1)).toMatchObject({ stalePendingRemoved: 1, isSynced: true });
  });

  it('that lives at the exchange is expected for 30 s, then an orphan, and is cancelled', () => {
    const world = new OrderWorld(false);
    world.losses.replies.push(true);
    world.losses.updates.push('lost');
    world.place(BID);
    world.run(seconds(29.5));
    expect([world.open.size, world.state.orders.activeOrders().length]).toEqual([1, 0]);
    world.run(seconds(7));
    expect(world.open.size).toBe(0);
    expect(world.logged('orphan-order')).toMatchObject([{ state: 'cancelled', cloid: 1 }]);
    expect(world.metric('orphanOrders')).toBe(1);
  });
});

describe('an order of nobody', () => {
  it('is cancelled when its grace is over, within ten seconds of its appearance', () => {
    const world = new OrderWorld();
    world.run(seconds(3.3));
    const oid = world.placeForeign();
    world.run(seconds(4.9));
    expect(world.open.has(oid)).toBe(true);
    expect(world.logged('orphan-order')).toMatchObject([{ oid, state: 'candidate' }]);
    world.run(seconds(2));
    expect(world.open.has(oid)).toBe(false);
    expect(world.audits.filter(hasIssues)).toMatchObject([{ orphanOrders: 1, isSynced: false }]);
    world.run(seconds(10));
    expect(world.audits.at(-1)?.isSynced).toBe(true);
    expect(world.logged('safety-audit').map(({ isSynced }) => isSynced)).toEqual([false, true]);
  });

  it('that went by itself is not looked for time and again', () => {
    const world = new OrderWorld();
    world.placeForeign();
    world.run(seconds(2));
    world.losses.updates.push('lost');
    world.endByExchange(0);
    world.run(seconds(30));
    // One every five seconds, and one when its grace was over.
    expect(world.audits.length).toBeLessThanOrEqual(8);
  });

  it('is one of many: all of them go in one batch', () => {
    const world = new OrderWorld();
    world.losses.updates.push(...Array.from({ length: 16 }, () => 'lost' as const));
    for (let order = 0; order < 16; order++) world.placeForeign();
    world.run(seconds(12));
    expect(world.open.size).toBe(0);
    const posts = world.commands.filter(({ kind }) => kind === 'post');
    expect(posts.length).toBe(1);
  });
});

describe('a local order that the exchange has not', () => {
  it('is removed within ten seconds where its update was lost', () => {
    const world = new OrderWorld();
    world.place(BID, ASK);
    world.run(seconds(3));
    world.losses.updates.push('lost');
    world.endByExchange(0);
    world.run(seconds(7.5));
    expect(world.state.orders.activeOrders().map(({ side }) => side)).toEqual([ASK]);
    expect(world.audits.filter(hasIssues)).toMatchObject([{ staleLocalRemoved: 1, isSynced: false }]);
  });

  it('is not removed by a picture that is older than what was heard of it', () => {
    const world = new OrderWorld();
    world.pictureLagNs = seconds(5);
    for (let round = 0; round < 20; round++) {
      world.place(BID, ASK);
      world.run(seconds(1));
      world.cancel(0);
      world.cancel(1);
      world.run(milliseconds(500));
    }
    expect(world.audits.filter(hasIssues)).toEqual([]);
    expect(world.state.orders.activeOrders().length).toBe(world.open.size);
    expect(world.logged('orphan-order').filter(({ state }) => state === 'cancelled')).toEqual([]);
  });
});

describe('a cancel without an end', () => {
  it('is stuck after 30 s, not before; what the exchange no longer has is removed then', () => {
    const world = new OrderWorld(false);
    world.place(BID);
    world.run(seconds(1));
    world.losses.replies.push(true);
    world.losses.updates.push('lost');
    world.cancel(0);
    world.run(seconds(30));
    expect(world.metric('stuckCancels')).toBe(0);
    expect(world.state.orders.activeOrders().length).toBe(1);
    world.run(seconds(1.5));
    expect(world.state.orders.activeOrders()).toEqual([]);
    expect(world.audits.filter(hasIssues)).toMatchObject([{ stuckCancels: 1, isSynced: false }]);
    // An audit that is not in sync has a full recovery follow.
    expect(world.logged('recovery')).toMatchObject([{ staleLocalRemoved: 1 }]);
    world.run(seconds(10));
    expect(world.metric('stuckCancels')).toBe(0);
  });

  it('is sent again where the exchange still has the order', () => {
    const world = new OrderWorld(false);
    world.place(BID);
    world.run(seconds(1));
    world.losses.posts.push(true);
    world.cancel(0);
    world.run(seconds(33));
    expect(world.open.size).toBe(0);
    expect(world.audits.filter(hasIssues)).toMatchObject([{ stuckCancels: 1, staleLocalRemoved: 0 }]);
    world.run(seconds(6));
    expect(world.audits.at(-1)?.isSynced).toBe(true);
  });
});

it('tells which results are a problem', () => {
  expect(hasIssues(CLEAN)).toBe(false);
  expect(hasIssues({ ...CLEAN, ordersCleaned: 3, stalePendingRemoved: 2, reduceOnlyActive: true })).toBe(false);
  expect(hasIssues({ ...CLEAN, stuckCancels: 1 })).toBe(true);
  expect(hasIssues({ ...CLEAN, orphanOrders: 1 })).toBe(true);
  expect(hasIssues({ ...CLEAN, staleLocalRemoved: 1 })).toBe(true);
  expect(hasIssues({ ...CLEAN, isSynced: false })).toBe(true);
});
