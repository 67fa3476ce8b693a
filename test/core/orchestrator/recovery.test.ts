import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import type { RestCommand } from '../../../core/port.ts';
import { OrderWorld } from '../../support/order-world.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

/** With four resting orders, and a position that was compared. */
function running(fallbackToRest = true): OrderWorld {
  const world = new OrderWorld(fallbackToRest);
  world.place(BID, ASK, BID, ASK);
  world.run(seconds(3));
  return world;
}

/** The socket is away while something happens. */
function away(world: OrderWorld, meanwhile: () => void): void {
  world.closeSocket();
  world.run(seconds(1));
  meanwhile();
  world.run(seconds(1));
  world.openSocket();
  world.run(milliseconds(300));
}

describe('after a reconnect', () => {
  it('the account, the limits, the rules, the orders and the missed fills are asked for', () => {
    const world = running();
    const before = world.commands.length;
    away(world, () => {});
    const asked = world.commands
      .slice(before)
      .filter((command): command is RestCommand => command.kind === 'rest')
      .map(({ request }) => request);
    for (const request of ['openOrders', 'clearinghouseState', 'userFillsByTime', 'userRateLimit', 'meta'])
      expect(asked).toContain(request);
  });

  it('a fill that was missed is processed as a fill, and the position is exact', () => {
    const world = running();
    away(world, () => world.fill(0, 4));
    expect(world.state.positionLots).toBe(4);
    expect(world.logged('fill').map(({ tid, sizeLots }) => [tid, sizeLots])).toEqual([[1, 4]]);
    expect(world.logged('position-adjusted')).toEqual([]);
    // Told once more by the stream, it is known.
    world.tellFill(world.allFills[0]);
    world.run(seconds(1));
    expect(world.state.positionLots).toBe(4);
    expect(world.logged('duplicate-fill').length).toBe(1);
  });

  it('a position that no fill explains is set at once, with a full record', () => {
    const world = running();
    away(world, () => {
      world.fill(0, 4);
      world.allFills.length = 0;
    });
    expect(world.logged('position-discrepancy')).toMatchObject([
      { trigger: 'Reconnect', localLots: 0, exchangeLots: 4, diffLots: 4 },
    ]);
    expect(world.logged('recovery').at(-1)).toMatchObject({ localPositionLots: 0, exchangePositionLots: 4 });
    expect(world.state.positionLots).toBe(4);
  });

  it('orders that ended meanwhile are gone here, and those of nobody are cancelled in one batch', () => {
    const world = running();
    const before = world.commands.length;
    away(world, () => {
      world.endByExchange(0);
      world.placeForeign();
      world.placeForeign();
    });
    expect([...world.open.values()].map(({ cloid }) => cloid)).toEqual([2, 3, 4]);
    expect(world.state.orders.activeOrders().map(({ cloid }) => cloid)).toEqual([2, 3, 4]);
    expect(world.commands.slice(before).filter(({ kind }) => kind === 'post').length).toBe(1);
    expect(world.logged('recovery').at(-1)).toMatchObject({ orphansCancelled: 2, staleLocalRemoved: 1 });
  });

  it('an order whose cancel was lost is cancelled again', () => {
    const world = running(false);
    world.losses.posts.push(true);
    world.cancel(0);
    world.run(seconds(1));
    away(world, () => {});
    world.run(milliseconds(200));
    expect([...world.open.values()].map(({ cloid }) => cloid)).toEqual([2, 3, 4]);
    expect(world.state.orders.activeOrders().length).toBe(3);
  });

  it('the orders of a batch that the loss cut in two are known again', () => {
    const world = running(false);
    world.place(BID, ASK);
    // The exchange has them, and the answer is on its way when the socket goes.
    world.run(milliseconds(60));
    away(world, () => {});
    expect(world.state.orders.activeOrders().map(({ oid, state }) => [oid, state])).toEqual(
      [...world.open.keys()].map(oid => [oid, 'Resting']),
    );
    expect(world.logged('recovery').at(-1)?.orphansCancelled).toBe(0);
  });

  it('a picture that lags behind deletes nothing that is newer', () => {
    const world = running();
    world.pictureLagNs = seconds(5);
    world.closeSocket();
    world.openSocket();
    world.fill(0, 4);
    world.place(BID);
    world.run(seconds(1));
    expect(world.state.positionLots).toBe(4);
    expect(world.state.orders.activeOrders().length).toBe(world.open.size);
    world.pictureLagNs = 0;
    world.run(seconds(12));
    expect(world.state.positionLots).toBe(4);
    expect(world.state.orders.activeOrders().length).toBe(world.open.size);
  });
});

describe('recovery', () => {
  it('that is not answered begins anew after two seconds at the earliest, and is noted as failed', () => {
    const world = running();
    world.losses.queries.push('kept', 'refused');
    world.closeSocket();
    world.openSocket();
    world.run(seconds(1.9));
    expect(world.logged('recovery')).toEqual([]);
    world.run(seconds(2));
    expect(world.logged('recovery').length).toBe(1);
  });
});
