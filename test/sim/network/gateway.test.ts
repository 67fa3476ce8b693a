/** What the core is told when it asks, and how actions come back, in a synthetic market. */
import { describe, expect, it } from 'vitest';
import { BID } from '../../../core/market.ts';
import type { Command, Inbound, PlaceOrder, RestReplyMessage, RestRequest } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';
import { DEFAULT_WORLD, type WorldSettings } from '../../../sim/world.ts';
import { probe } from '../../support/probe-core.ts';

const SECONDS = 30;
const CALM = { synthetic: syntheticPlan('calm', ['BTC']) };

/** Runs commands at their times, s, and answers with all that the core received. */
function script(
  commands: readonly (readonly [atS: number, command: Command | ((touchTicks: number) => Command)])[],
  world: WorldSettings = DEFAULT_WORLD,
): Inbound[] {
  const received: Inbound[] = [];
  let touchTicks = 0;
  const { createCore } = probe((message, act) => {
    if (message.kind !== 'book' && message.kind !== 'trades') received.push(structuredClone(message));
    if (message.kind === 'book' && touchTicks === 0) touchTicks = message.levels.priceTicks[message.first];
    if (message.kind === 'start') {
      act.send({ kind: 'connect', connection: 'market' });
      act.send({ kind: 'connect', connection: 'user' });
      commands.forEach(([atS], index) => {
        act.send({ kind: 'set-timer', timer: String(index), atNs: atS * NS_PER_S });
      });
    }
    if (message.kind === 'connection' && message.status === 'open') {
      const feeds = message.connection === 'market' ? (['l2Book'] as const) : (['orderUpdates', 'userFills'] as const);
      for (const feed of feeds) act.send({ kind: 'subscribe', feed, instrument: 0 });
    }
    if (message.kind === 'timer') {
      const [, command] = commands[Number(message.timer)];
      act.send(typeof command === 'function' ? command(touchTicks) : command);
    }
  });
  const toNs = SECONDS * NS_PER_S;
  const plan: RunPlan = { seed: 1, market: CALM, fromNs: 0, toNs, healNs: toNs, core: null, world, faults: [] };
  new Simulation(plan, [], createCore).run();
  return received;
}

/** A bid that rests well below the touch. */
const place =
  (id: number, via: 'websocket' | 'rest' = 'websocket', expiresAfterNs?: number) =>
  (touchTicks: number): Command => {
    const priceTicks = Math.floor((touchTicks * 0.99) / 100) * 100;
    const order: PlaceOrder = {
      cloid: id,
      instrument: 0,
      side: BID,
      priceTicks,
      sizeLots: 1_000,
      tif: 'Alo',
      reduceOnly: false,
    };
    const expiry = expiresAfterNs === undefined ? {} : { expiresAfterNs };
    return { kind: 'post', via, id, nonce: id, action: { type: 'order', orders: [order] }, ...expiry };
  };

const ask = (id: number, request: RestRequest, rest: { cloid?: number; fromNs?: number } = {}): Command => ({
  kind: 'rest',
  id,
  request,
  ...rest,
});

function replies(received: readonly Inbound[]): RestReplyMessage[] {
  return received.filter(message => message.kind === 'rest-reply');
}

describe('queries', () => {
  const received = script([
    [2, place(7)],
    [5, ask(1, 'openOrders')],
    [5, ask(2, 'clearinghouseState')],
    [5, ask(3, 'orderStatus', { cloid: 7 })],
    [5, ask(4, 'orderStatus', { cloid: 8 })],
    [5, ask(5, 'userFillsByTime', { fromNs: 0 })],
    [5, ask(6, 'userRateLimit')],
    [5, ask(7, 'meta')],
  ]);
  const bodies = Object.fromEntries(replies(received).map(({ id, body }) => [id, body]));

  it('are all answered', () => {
    expect(Object.keys(bodies)).toHaveLength(7);
    expect(bodies[1]).toMatchObject({ orders: [{ cloid: 7, remainingLots: 1_000 }] });
    expect(bodies[2]).toMatchObject({ positions: [], account: { valueUsd: 1_000 } });
    expect(bodies[3]).toMatchObject({ order: { cloid: 7, status: 'open', originalLots: 1_000 } });
    expect(bodies[4]).toEqual({ request: 'orderStatus', order: null });
    expect(bodies[5]).toEqual({ request: 'userFillsByTime', fills: [] });
    expect(bodies[6]).toMatchObject({ request: 'userRateLimit', requestsUsed: 1 });
    expect(bodies[7]).toMatchObject({ instruments: [{ instrument: 0, onlyIsolated: false }] });
  });

  it('tell of the account as it was, where the picture lags', () => {
    const latency = { ...DEFAULT_WORLD.latency, snapshotLagMinNs: 2 * NS_PER_S, snapshotLagMaxNs: 3 * NS_PER_S };
    const lagging = replies(
      script(
        [
          [3, place(7)],
          [4, ask(1, 'openOrders')],
          [4, ask(2, 'orderStatus', { cloid: 7 })],
          [8, ask(3, 'openOrders')],
          [8, ask(4, 'orderStatus', { cloid: 7 })],
        ],
        { ...DEFAULT_WORLD, latency },
      ),
    );
    for (const { nowNs, exchNs } of lagging) {
      expect(nowNs - exchNs).toBeGreaterThan(2 * NS_PER_S);
      expect(nowNs - exchNs).toBeLessThan(3.9 * NS_PER_S);
    }
    const told = Object.fromEntries(lagging.map(({ id, body }) => [id, body]));
    expect(told[1]).toMatchObject({ orders: [] });
    expect(told[2]).toMatchObject({ order: null });
    expect(told[3]).toMatchObject({ orders: [{ cloid: 7 }] });
    expect(told[4]).toMatchObject({ order: { status: 'open' } });
  });
});

describe('actions beside the socket', () => {
  it('take 200 ms more, and are answered where the socket is closed', () => {
    const received = script([
      [2, place(1)],
      [6, { kind: 'connect', connection: 'user' }],
      // The new socket opens 150 ms later: until then there is none.
      [6.01, place(2, 'websocket')],
      [6.02, place(3, 'rest')],
    ]);
    const answered = received.filter(message => message.kind === 'post-reply');
    expect(answered.map(({ id }) => id)).toEqual([1, 3]);
    expect(answered[1].nowNs - 6.02 * NS_PER_S).toBeGreaterThan(200 * NS_PER_MS);
  });

  it('expire at the exchange, by the time of their block', () => {
    const received = script([[2, place(1, 'websocket', 2.001 * NS_PER_S)]]);
    const [answer] = received.filter(message => message.kind === 'post-reply');
    expect(answer.error).toMatch(/expired/i);
  });
});

describe('unsubscribing', () => {
  it('ends a stream, and no other', () => {
    const { updates, replied } = countAfterUnsubscribe();
    expect(updates).toBe(1);
    expect(replied).toBe(2);
  });

  function countAfterUnsubscribe(): { updates: number; replied: number } {
    const received = script([
      [2, place(1)],
      [4, { kind: 'unsubscribe', feed: 'orderUpdates', instrument: 0 }],
      [6, place(2)],
    ]);
    return {
      updates: received.filter(message => message.kind === 'order-updates').length,
      replied: received.filter(message => message.kind === 'post-reply').length,
    };
  }
});
