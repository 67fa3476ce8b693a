import { describe, expect, it } from 'vitest';
import { DEFAULT_WS_POST, type SentPost, WsExecutor, WsPostConfig } from '../../../core/infra/ws-executor.ts';
import { ASK, BID } from '../../../core/market.ts';
import { OrderWorld } from '../../support/order-world.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

function executor(change: Partial<WsPostConfig> = {}): WsExecutor {
  return new WsExecutor({ ...DEFAULT_WS_POST, ...change });
}

function register(posts: WsExecutor, cloid: number, nowNs: number): SentPost {
  const action = { type: 'cancelByCloid', cancels: [{ instrument: 0, cloid }] } as const;
  return posts.register('websocket', 0, action, [cloid], [], nowNs);
}

describe('posts', () => {
  it('have ids of their own, and nonces that grow with the time and never repeat', () => {
    const posts = executor();
    const made = [register(posts, 1, seconds(2)), register(posts, 1, seconds(2)), register(posts, 1, seconds(3))];
    expect(made.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(made.map(({ nonce }) => nonce)).toEqual([2_000, 2_001, 3_000]);
  });

  it('time out after exactly half a second', () => {
    const posts = executor();
    register(posts, 1, 0);
    expect(posts.nextTimeoutNs).toBe(milliseconds(500));
    expect(posts.expire(milliseconds(500) - 1)).toEqual([]);
    expect(posts.expire(milliseconds(500)).map(({ id }) => id)).toEqual([1]);
    expect(posts.nextTimeoutNs).toBe(Number.POSITIVE_INFINITY);
  });

  it('have one outcome: a reply is taken once, in time or late', () => {
    const posts = executor();
    register(posts, 1, 0);
    register(posts, 2, 0);
    expect(posts.takeInFlight(2)?.cloids).toEqual([2]);
    expect(posts.takeInFlight(2)).toBeNull();
    expect(posts.takeLate(2)).toBeNull();
    expect(posts.expire(seconds(1)).map(({ id }) => id)).toEqual([1]);
    expect(posts.takeInFlight(1)).toBeNull();
    expect(posts.takeLate(1)?.cloids).toEqual([1]);
    expect(posts.takeLate(1)).toBeNull();
  });

  it('on the websocket all time out with it, and those beside it do not', () => {
    const posts = executor();
    const first = register(posts, 1, 0);
    register(posts, 2, 0);
    posts.expire(milliseconds(500));
    posts.retry(first, milliseconds(500));
    register(posts, 3, milliseconds(500));
    expect(posts.connectionClosed().map(({ cloids }) => cloids)).toEqual([[3]]);
    expect(posts.connectionClosed()).toEqual([]);
    expect(posts.nextTimeoutNs).toBe(milliseconds(500) + DEFAULT_WS_POST.restTimeoutNs);
  });

  it('are sent again under the nonce of the first attempt, with an id of their own', () => {
    const posts = executor();
    const first = register(posts, 1, seconds(1));
    posts.expire(seconds(1.5));
    expect(posts.retry(first, seconds(1.5))).toMatchObject({
      id: 2,
      nonce: first.nonce,
      via: 'rest',
      firstSentNs: seconds(1),
      sentNs: seconds(1.5),
      action: first.action,
    });
    expect(posts.takeLate(1)?.isRetried).toBe(true);
    expect(posts.takeInFlight(2)?.isRetried).toBe(false);
  });

  it('are forgotten, oldest first, when too many are late', () => {
    const posts = executor({ maxLate: 2 });
    for (let cloid = 1; cloid <= 3; cloid++) register(posts, cloid, 0);
    posts.connectionClosed();
    expect(posts.takeLate(1)).toBeNull();
    expect(posts.takeLate(3)?.id).toBe(3);
  });

  it('go on after a restore', () => {
    const posts = executor();
    register(posts, 1, seconds(9));
    register(posts, 2, seconds(10));
    posts.expire(seconds(9.5));
    posts.asked({ restId: 4, instrument: 0, cloid: 7, about: 'placed', oldCloid: 0, askedNs: seconds(9), tries: 0 });
    const other = executor();
    other.restore(structuredClone(posts.snapshot()));
    expect(other.snapshot()).toEqual(posts.snapshot());
    expect(other.takeLate(1)?.cloids).toEqual([1]);
    expect(other.isAsked(7)).toBe(true);
    expect(register(other, 3, 0)).toMatchObject({ id: 3, nonce: 10_001 });
  });
});

describe('presets', () => {
  it('are the playbook’s, and fast is no faster than the default', () => {
    expect(WsPostConfig.default()).toMatchObject({ enabled: true, timeoutNs: milliseconds(500), fallbackToRest: true });
    expect(WsPostConfig.fast()).toEqual(WsPostConfig.default());
    expect(WsPostConfig.disabled()).toMatchObject({ enabled: false, timeoutNs: seconds(5) });
  });

  it('choose the way of a post', () => {
    expect(executor().route(true)).toBe('websocket');
    expect(executor().route(false)).toBe('rest');
    expect(executor({ fallbackToRest: false }).route(false)).toBeNull();
    expect(executor(WsPostConfig.disabled()).route(true)).toBe('rest');
  });
});

describe('a post without an answer', () => {
  it('that never arrived is carried out beside the websocket', () => {
    const world = new OrderWorld();
    world.losses.posts.push(true);
    world.place(BID, ASK);
    world.run(milliseconds(499));
    expect(world.open.size).toBe(0);
    world.run(seconds(1));
    expect(world.open.size).toBe(2);
    expect(world.state.orders.activeOrders().map(({ state }) => state)).toEqual(['Resting', 'Resting']);
    expect(world.logged('rest-fallback')).toMatchObject([{ id: 1, restId: 2, ageNs: milliseconds(500) }]);
    // 500 ms of waiting and one round trip of 90 ms.
    expect(world.metric('wsRoundtripUs')).toBe(590_000);
    expect(world.metric('orderAckUs')).toBe(590_000);
  });

  it('that was carried out is not carried out again, and its order is known by its CLOID', () => {
    const world = new OrderWorld();
    world.losses.replies.push(true);
    world.losses.updates.push('lost', 'lost');
    world.place(BID, ASK);
    world.run(seconds(2));
    expect(world.acceptedCloids).toEqual([1, 2]);
    const oids = world.state.orders.activeOrders().map(({ oid }) => oid);
    expect(oids).toEqual([...world.open.keys()]);
    expect(world.logged('order-status').map(({ cloid, oid, status }) => [cloid, oid, status])).toEqual([
      [1, oids[0], 'open'],
      [2, oids[1], 'open'],
    ]);
    expect([...world.outcomes.values()]).toEqual([['timeout'], ['reply']]);
  });

  it('is recognised when it succeeds late, and the second attempt changes nothing', () => {
    const world = new OrderWorld();
    world.losses.updates.push('lost');
    // The reply comes 10 ms after the timeout.
    world.losses.delayNs.push(milliseconds(420));
    world.place(BID);
    world.run(milliseconds(515));
    expect(world.state.orders.activeOrders().map(({ state }) => state)).toEqual(['Resting']);
    world.run(seconds(2));
    expect(world.acceptedCloids).toEqual([1]);
    expect(world.logged('order-status-asked')).toEqual([]);
    expect([...world.outcomes.values()]).toEqual([['timeout', 'late'], ['reply']]);
  });

  it('that is refused late has been sent again by then: what becomes of that counts', () => {
    const world = new OrderWorld();
    world.losses.posts.push('refused');
    world.losses.delayNs.push(milliseconds(450));
    world.place(BID);
    world.run(milliseconds(545));
    expect(world.outcomes.get(1)).toEqual(['timeout', 'late']);
    expect(world.state.orders.activeOrders().map(({ state }) => state)).toEqual(['Placed']);
    world.run(seconds(1));
    expect(world.state.orders.activeOrders().map(({ state }) => state)).toEqual(['Resting']);
    expect(world.logged('order-rejected')).toEqual([]);
    expect(world.logged('order-status-asked')).toEqual([]);
  });

  it('whose second attempt is refused may have been carried out by the first: the exchange is asked', () => {
    const world = new OrderWorld();
    world.losses.replies.push(true);
    world.losses.updates.push('lost');
    world.losses.restPosts.push('refused');
    world.place(BID);
    world.run(seconds(2));
    expect(world.state.orders.activeOrders().map(({ oid }) => oid)).toEqual([...world.open.keys()]);
    expect(world.open.size).toBe(1);
  });

  it('which the exchange knows nothing of was never carried out', () => {
    const world = new OrderWorld();
    world.losses.posts.push(true);
    world.losses.restPosts.push('refused');
    world.place(BID);
    world.run(seconds(2));
    expect(world.state.orders.activeOrders()).toEqual([]);
    expect(world.logged('order-status')).toMatchObject([{ cloid: 1, oid: 0, status: 'unknownOid' }]);
  });

  it('just under the timeout is left alone', () => {
    const world = new OrderWorld();
    // 499 ms in all.
    world.losses.delayNs.push(milliseconds(409));
    world.losses.updates.push('lost');
    world.place(BID);
    world.run(seconds(2));
    expect(world.logged('rest-fallback')).toEqual([]);
    expect([...world.outcomes.values()]).toEqual([['reply']]);
  });

  it('that cancels or modifies ends the same way', () => {
    const world = new OrderWorld();
    world.place(BID, ASK);
    world.run(seconds(1));
    world.losses.replies.push(true, true);
    world.losses.updates.push('lost', 'lost', 'lost', 'lost');
    world.cancel(0);
    world.modify(0);
    world.run(seconds(2));
    expect(world.state.orders.activeOrders().map(({ oid, cloid }) => [oid, cloid])).toEqual(
      [...world.open.values()].map(({ oid, cloid }) => [oid, cloid]),
    );
    expect(world.open.size).toBe(1);
    expect(world.acceptedCloids).toEqual([1, 2, 3]);
  });

  it('on a websocket that closes goes beside it at once', () => {
    const world = new OrderWorld();
    world.place(BID);
    world.run(milliseconds(10));
    world.closeSocket();
    expect(world.logged('rest-fallback')).toMatchObject([{ ageNs: milliseconds(10) }]);
    world.run(seconds(1));
    expect([...world.open.values()].map(({ cloid }) => cloid)).toEqual([1]);
    expect(world.state.orders.activeOrders().map(({ state }) => state)).toEqual(['Resting']);
  });

  it('without the fallback stays pending until it is given up', () => {
    const world = new OrderWorld(false);
    world.losses.posts.push(true);
    world.place(BID);
    world.run(seconds(4));
    expect(world.state.orders.activeOrders().map(({ state }) => state)).toEqual(['Placed']);
    world.run(seconds(3));
    expect(world.state.orders.activeOrders()).toEqual([]);
    expect(world.commands.filter(({ kind }) => kind === 'post').length).toBe(1);
  });
});
