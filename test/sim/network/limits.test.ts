/** The limits of sockets and of REST as a core meets them: error frames, refused connections, pages instead of answers. */
import { describe, expect, it } from 'vitest';
import { BID } from '../../../core/market.ts';
import type { Action, Inbound, PlaceOrder } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../sim/exchange/limits/settings.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';
import { DEFAULT_WORLD } from '../../../sim/world.ts';
import { probe, type Reaction } from '../../support/probe-core.ts';
import { scriptedTape, steadyTape } from '../../support/tapes.ts';

const USER = '0x0000000000000000000000000000000000000001';

function plan(limits: Partial<LimitSettings>, seconds: number, tape = steadyTape(seconds, () => 427_000)): RunPlan {
  return {
    seed: 1,
    market: { tape },
    fromNs: 0,
    toNs: seconds * NS_PER_S,
    healNs: seconds * NS_PER_S,
    core: null,
    world: { ...DEFAULT_WORLD, exchange: { ...DEFAULT_WORLD.exchange, limits: { ...DEFAULT_LIMITS, ...limits } } },
    faults: [],
  };
}

/** Runs a core that opens both sockets and then does `script` with every message; returns all that it received. */
function received(
  script: Reaction,
  limits: Partial<LimitSettings> = {},
  seconds = 5,
  tape?: Parameters<typeof plan>[2],
) {
  const messages: Inbound[] = [];
  const { createCore } = probe((message, act) => {
    // Books are sent in one object that is used again.
    messages.push({ ...message });
    if (message.kind === 'start') {
      act.send({ kind: 'connect', connection: 'market' });
      act.send({ kind: 'connect', connection: 'user' });
    }
    script(message, act);
  });
  new Simulation(plan(limits, seconds, tape), [], createCore).run();
  return messages;
}

/** Does something once, when the user socket is open. */
const whenOpen =
  (what: (act: Parameters<Reaction>[1]) => void): Reaction =>
  (message, act) => {
    if (message.kind === 'connection' && message.connection === 'user' && message.status === 'open') what(act);
  };

const errorsOf = (messages: readonly Inbound[]) =>
  messages.flatMap(message => (message.kind === 'channel-error' ? [message.error] : []));

const order = (cloid: number): PlaceOrder => ({
  cloid,
  instrument: 0,
  side: BID,
  priceTicks: 426_000,
  sizeLots: 1_000,
  tif: 'Alo',
  reduceOnly: false,
});

const orders = (count: number): Action => ({
  type: 'order',
  orders: Array.from({ length: count }, (_, index) => order(index + 1)),
});

describe('subscriptions (hyperliquid, section 1.2)', () => {
  it('refuses a second one beside the first, which goes on', () => {
    const messages = received(
      whenOpen(act => {
        for (let times = 0; times < 2; times++) act.send({ kind: 'subscribe', feed: 'l2Book', instrument: 0 });
        for (let times = 0; times < 2; times++) act.send({ kind: 'subscribe', feed: 'userFills', instrument: 0 });
      }),
    );
    expect(errorsOf(messages)).toEqual([
      'Already subscribed: {"type":"l2Book","coin":"BTC","nSigFigs":null,"mantissa":null}',
      `Already subscribed: {"type":"userFills","user":"${USER}","aggregateByTime":false}`,
    ]);
    expect(messages.filter(message => message.kind === 'subscribed')).toHaveLength(2);
    const sequences = messages.flatMap(message => (message.kind === 'book' ? [message.sequence] : []));
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    expect(sequences.length).toBeGreaterThan(8);
  });

  it('takes one again after its end, and refuses to end one that is not there', () => {
    const messages = received(
      whenOpen(act => {
        act.send({ kind: 'unsubscribe', feed: 'bbo', instrument: 0 });
        act.send({ kind: 'subscribe', feed: 'fastBook', instrument: 0 });
        act.send({ kind: 'unsubscribe', feed: 'fastBook', instrument: 0 });
        act.send({ kind: 'subscribe', feed: 'fastBook', instrument: 0 });
        act.send({ kind: 'unsubscribe', feed: 'orderUpdates', instrument: 0 });
        act.send({ kind: 'unsubscribe', feed: 'allMids', instrument: 0 });
      }),
    );
    expect(errorsOf(messages)).toEqual([
      'Already unsubscribed: {"type":"bbo","coin":"BTC"}',
      `Already unsubscribed: {"type":"orderUpdates","user":"${USER}"}`,
      'Already unsubscribed: {"type":"allMids"}',
    ]);
    expect(messages.filter(message => message.kind === 'subscribed')).toHaveLength(2);
  });

  it('refuses an unknown asset', () => {
    const messages = received(whenOpen(act => act.send({ kind: 'subscribe', feed: 'trades', instrument: 7 })));
    expect(errorsOf(messages)).toEqual(['Invalid subscription {"type":"trades"}']);
  });

  it('refuses more channels and more accounts than are allowed', () => {
    const messages = received(
      whenOpen(act => {
        act.send({ kind: 'subscribe', feed: 'l2Book', instrument: 0 });
        act.send({ kind: 'subscribe', feed: 'trades', instrument: 0 });
        act.send({ kind: 'subscribe', feed: 'orderUpdates', instrument: 0 });
      }),
      { subscriptions: 1, users: 0 },
    );
    expect(errorsOf(messages)).toEqual([
      'Cannot subscribe to more than 1 channels.',
      'Cannot track more than 0 total users.',
    ]);
  });

  it('counts the streams of one account once', () => {
    const messages = received(
      whenOpen(act => {
        for (const feed of ['orderUpdates', 'userFills', 'userEvents'] as const) {
          act.send({ kind: 'subscribe', feed, instrument: 0 });
        }
      }),
      { users: 1 },
    );
    expect(errorsOf(messages)).toEqual([]);
  });
});

describe('connections (hyperliquid, section 1.3)', () => {
  it('refuses one too many, and takes it when another has closed', () => {
    const messages = received(() => undefined, { connections: 1 });
    const status = messages.flatMap(message => (message.kind === 'connection' ? [message.status] : []));
    expect(status).toEqual(['open', 'refused']);
  });

  it('refuses more new ones than a minute allows', () => {
    const messages = received(
      (message, act) => {
        if (message.kind === 'connection' && message.connection === 'user') {
          act.send({ kind: 'connect', connection: 'user' });
        }
      },
      { newConnectionsPerMinute: 4 },
      61,
    );
    const status = messages.flatMap(message => (message.kind === 'connection' ? [message] : []));
    const open = status.filter(message => message.status === 'open');
    expect(open.slice(0, 4).map(message => message.nowNs)).toEqual([150, 150, 300, 450].map(ms => ms * NS_PER_MS));
    expect(open.slice(4).every(message => message.nowNs >= 60 * NS_PER_S + 150 * NS_PER_MS)).toBe(true);
    expect(open.length).toBe(8);
  });

  it('closes a socket that it has been silent on for a minute, unless it is pinged', () => {
    const silent = scriptedTape([
      { atMs: 0, book: [426_990, 427_010] },
      { atMs: 20_000, book: [426_990, 427_010] },
      { atMs: 200_000, book: [426_990, 427_010] },
    ]);
    const closings = (limits: Partial<LimitSettings>) =>
      received(
        (message, act) => {
          if (message.kind === 'connection' && message.connection === 'market' && message.status === 'open') {
            act.send({ kind: 'subscribe', feed: 'l2Book', instrument: 0 });
          }
        },
        limits,
        150,
        silent,
      ).flatMap(message =>
        message.kind === 'connection' && message.status === 'closed' ? [[message.connection, message.nowNs]] : [],
      );
    expect(closings({})).toEqual([]);
    expect(closings({ clientPingNs: 60 * NS_PER_S })).toEqual([
      ['user', 60 * NS_PER_S + 150 * NS_PER_MS],
      ['market', 80 * NS_PER_S],
    ]);
    expect(closings({ serverSilenceNs: 30 * NS_PER_S })).toEqual([
      ['user', 30 * NS_PER_S + 150 * NS_PER_MS],
      ['market', 50 * NS_PER_S],
    ]);
  });
});

describe('messages and posts (hyperliquid, section 1.3)', () => {
  it('answers a message beyond the limit by an error frame alone', () => {
    const messages = received(
      whenOpen(act => {
        act.send({ kind: 'subscribe', feed: 'orderUpdates', instrument: 0 });
        act.send({ kind: 'post', via: 'websocket', id: 1, nonce: 1, action: orders(1) });
        act.send({ kind: 'post', via: 'websocket', id: 2, nonce: 2, action: orders(1) });
        act.send({ kind: 'subscribe', feed: 'userFills', instrument: 0 });
        act.send({ kind: 'unsubscribe', feed: 'orderUpdates', instrument: 0 });
        // Beside the sockets, so it is no message on one.
        act.send({ kind: 'rest', id: 3, request: 'meta' });
      }),
      { messagesPerMinute: 2 },
    );
    expect(errorsOf(messages)).toEqual(Array(3).fill('Cannot send more than 2 messages per minute.'));
    expect(messages.flatMap(message => (message.kind === 'post-reply' ? [message.id] : []))).toEqual([1]);
    expect(messages.filter(message => message.kind === 'rest-reply')).toHaveLength(1);
  });

  it('takes so many posts at a time, and the next when one is answered', () => {
    const messages = received(
      (message, act) => {
        whenOpen(act => {
          for (let id = 1; id <= 3; id++) {
            act.send({ kind: 'post', via: 'websocket', id, nonce: id, action: { type: 'noop' } });
          }
          act.send({ kind: 'post', via: 'rest', id: 4, nonce: 4, action: { type: 'noop' } });
        })(message, act);
        if (message.kind !== 'post-reply' || message.id !== 1) return;
        act.send({ kind: 'post', via: 'websocket', id: 5, nonce: 5, action: { type: 'noop' } });
      },
      { inFlightPosts: 2 },
    );
    expect(errorsOf(messages)).toEqual(['too many pending post requests id=3']);
    const replies = messages.flatMap(message => (message.kind === 'post-reply' ? [message.id] : []));
    expect(replies.sort((a, b) => a - b)).toEqual([1, 2, 4, 5]);
  });

  it('forgets posts whose socket was closed', () => {
    const messages = received(
      (message, act) => {
        if (message.kind !== 'connection' || message.connection !== 'user' || message.status !== 'open') return;
        const id = message.nowNs;
        act.send({ kind: 'post', via: 'websocket', id, nonce: 1, action: { type: 'noop' } });
        if (message.nowNs < NS_PER_S) act.send({ kind: 'connect', connection: 'user' });
      },
      { inFlightPosts: 1 },
    );
    expect(errorsOf(messages)).toEqual([]);
    expect(messages.filter(message => message.kind === 'post-reply')).toHaveLength(1);
  });
});

describe('weight of REST requests (hyperliquid, section 5.1)', () => {
  const bodies = (messages: readonly Inbound[]) =>
    messages.flatMap(message => (message.kind === 'rest-reply' ? [message.body] : []));

  it('answers beyond it with status 429 and a page', () => {
    const messages = received(
      (message, act) => {
        if (message.kind !== 'start') return;
        // 2 + 20 is the whole of it.
        for (let id = 1; id <= 3; id++)
          act.send({ kind: 'rest', id, request: id === 1 ? 'clearinghouseState' : 'meta' });
      },
      { ipWeightPerMinute: 22 },
    );
    const failed = bodies(messages).filter(body => body.request === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ httpStatus: 429 });
    expect(failed[0]).toHaveProperty('text', expect.stringContaining('<h1>429 Too Many Requests</h1>'));
  });

  it('refuses an action by its size, before the exchange looks at it', () => {
    const post = (via: 'rest' | 'websocket', limits: Partial<LimitSettings>) =>
      received(
        whenOpen(act => act.send({ kind: 'post', via, id: 1, nonce: 1, action: orders(79) })),
        limits,
      ).flatMap(message => (message.kind === 'post-reply' ? [message.error] : []));
    expect(post('rest', { ipWeightPerMinute: 2 })).toEqual([null]);
    expect(post('rest', { ipWeightPerMinute: 1 })).toEqual(['429 Too Many Requests']);
    expect(post('websocket', { ipWeightPerMinute: 1 })).toEqual([null]);
    expect(post('websocket', { ipWeightPerMinute: 1, websocketPostsWeigh: true })).toEqual(['429 Too Many Requests']);
  });

  it('tells of the account’s budget', () => {
    const messages = received(
      (message, act) => {
        whenOpen(act => act.send({ kind: 'post', via: 'websocket', id: 1, nonce: 1, action: orders(3) }))(message, act);
        if (message.kind === 'post-reply') act.send({ kind: 'rest', id: 2, request: 'userRateLimit' });
      },
      { addressStartVolumeUsd: 90_000.5, addressStartQuota: 0.07 },
    );
    expect(bodies(messages)).toEqual([
      { request: 'userRateLimit', volumeUsd: 90_000.5, requestsUsed: 93_003, requestsCap: 100_000 },
    ]);
  });
});
