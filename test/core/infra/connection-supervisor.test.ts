import { describe, expect, it } from 'vitest';
import type { SupervisorEvent } from '../../../core/evidence.ts';
import {
  ConnectionSupervisor,
  DEFAULT_SUPERVISOR,
  type SupervisorAction,
} from '../../../core/infra/connection-supervisor.ts';
import { FEEDS, type Feed } from '../../../core/market.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { KeptLog } from './frames.ts';

function fresh() {
  const log = new KeptLog();
  return { log, supervisor: new ConnectionSupervisor(DEFAULT_SUPERVISOR, FEEDS, () => 0.5, log.write) };
}

/** Both connections open and the feeds flowing, ten times a second for five seconds until `untilNs`. */
function flowing(feeds: readonly Feed[], untilNs = 100 * NS_PER_S) {
  const made = fresh();
  const { supervisor } = made;
  const fromNs = untilNs - 5 * NS_PER_S;
  supervisor.onConnection('market', 'open', fromNs);
  supervisor.onConnection('user', 'open', fromNs);
  for (const feed of feeds) supervisor.onSubscribed(feed, fromNs);
  for (let nowNs = fromNs; nowNs <= untilNs; nowNs += 100 * NS_PER_MS)
    for (const feed of feeds) supervisor.onMarketData(feed, nowNs);
  made.log.entries.length = 0;
  return { ...made, untilNs };
}

interface Reading {
  atS: number;
  event: SupervisorEvent;
  actions: readonly SupervisorAction[];
}

/** Checks once a second from `fromS` seconds after `untilNs` on. */
function readings(
  supervisor: ConnectionSupervisor,
  untilNs: number,
  fromS: number,
  toS: number,
  each: (nowNs: number) => void = () => {},
  openOrders = 0,
): Reading[] {
  const list: Reading[] = [];
  for (let s = fromS; s <= toS; s++) {
    const nowNs = untilNs + s * NS_PER_S;
    each(nowNs);
    const actions = supervisor.check(nowNs, openOrders);
    list.push({ atS: s, event: supervisor.stats(nowNs).currentEvent, actions });
  }
  return list;
}

describe('market data', () => {
  it('is stale over 10 s, a reconnect is recommended at the second reading, critical over 30 s', () => {
    const { supervisor, untilNs } = flowing(['l2Book', 'trades']);
    const events = readings(supervisor, untilNs, 1, 32).map(reading => reading.event);
    expect(
      events.slice(0, 10).every(event => event === 'Healthy'),
      'also at exactly 10 s',
    ).toBe(true);
    expect(events[10]).toBe('MarketDataStale');
    expect(
      events.slice(11, 30).every(event => event === 'ReconnectRecommended'),
      'also at exactly 30 s',
    ).toBe(true);
    expect(events.slice(30)).toEqual(['Critical', 'Critical']);
  });

  it('counts each stale reading, and only data sets the count back', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    readings(supervisor, untilNs, 1, 15);
    const nowNs = untilNs + 15 * NS_PER_S;
    expect(supervisor.stats(nowNs)).toMatchObject({ consecutiveStaleCount: 5, reconnectSignals: 4 });
    expect(supervisor.stats(nowNs), 'reading changes nothing').toEqual(supervisor.stats(nowNs));
    supervisor.onMarketData('trades', nowNs + 1);
    expect(supervisor.stats(nowNs + 1)).toMatchObject({ consecutiveStaleCount: 0, reconnectSignals: 4 });
    supervisor.check(nowNs + NS_PER_S, 0);
    expect(supervisor.stats(nowNs + NS_PER_S).currentEvent).toBe('Healthy');
  });

  it('is aged from the start where none ever came', () => {
    const { supervisor } = fresh();
    supervisor.onConnection('market', 'open', 50 * NS_PER_S);
    const events = readings(supervisor, 50 * NS_PER_S, 1, 12).map(reading => reading.event);
    expect(events.indexOf('MarketDataStale')).toBe(10);
    expect(events[11]).toBe('ReconnectRecommended');
  });

  it('logs each change of the verdict once', () => {
    const { log, supervisor, untilNs } = flowing(['l2Book']);
    readings(supervisor, untilNs, 1, 33);
    supervisor.onMarketData('l2Book', untilNs + 34 * NS_PER_S);
    supervisor.check(untilNs + 34 * NS_PER_S, 0);
    expect(log.of('supervisor').map(entry => entry.event)).toEqual([
      'MarketDataStale',
      'ReconnectRecommended',
      'Critical',
      'Healthy',
    ]);
    expect(log.of('supervisor')[1]).toMatchObject({
      timeSinceMarketDataNs: 12 * NS_PER_S,
      consecutiveStaleCount: 2,
      isReconnecting: false,
    });
  });

  it('may be slower where the feeds are slow by nature', () => {
    const { supervisor } = fresh();
    supervisor.onConnection('market', 'open', 0);
    for (let i = 0; i <= 100; i++) supervisor.onMarketData('l2Book', i * 5 * NS_PER_S);
    const events = readings(supervisor, 500 * NS_PER_S, 1, 17).map(reading => reading.event);
    expect(events.slice(0, 14).every(event => event === 'Healthy')).toBe(true);
    expect(events.slice(15)).toEqual(['ReconnectRecommended', 'ReconnectRecommended']);
  });
});

describe('a silent market connection', () => {
  /** Reconnects that are asked for, each answered with `status` after 200 ms. */
  function reconnectsAt(status: 'open' | 'refused' | 'none', toS: number): number[] {
    const { supervisor, untilNs } = flowing(['l2Book', 'trades']);
    const at: number[] = [];
    for (let s = 1; s <= toS; s++) {
      const nowNs = untilNs + s * NS_PER_S;
      const actions = supervisor.check(nowNs, 0);
      if (actions.length === 0) continue;
      expect(actions).toMatchObject([{ do: 'reconnect', connection: 'market' }]);
      at.push(s);
      if (status !== 'none') supervisor.onConnection('market', status, nowNs + 200 * NS_PER_MS);
    }
    return at;
  }

  it('is reconnected at the first recommendation; an attempt that opens has 10 s to bring data, then there is back-off', () => {
    // 12: second reading. Each attempt fails at the first check over 10 s after it opened; then 1, 2, 4 s.
    expect(reconnectsAt('open', 75)).toEqual([12, 24, 37, 52, 71]);
  });

  it('backs off from each refusal', () => {
    expect(reconnectsAt('refused', 60)).toEqual([12, 14, 17, 22, 31, 48]);
  });

  it('does not wait for ever for an answer', () => {
    expect(reconnectsAt('none', 40)).toEqual([12, 24, 37]);
  });

  it('counts as connected when data comes, not when it opens', () => {
    const { log, supervisor, untilNs } = flowing(['l2Book']);
    readings(supervisor, untilNs, 1, 12);
    supervisor.onConnection('market', 'open', untilNs + 12.1 * NS_PER_S);
    expect(supervisor.stats(untilNs + 12.1 * NS_PER_S).isReconnecting).toBe(true);
    supervisor.onMarketData('l2Book', untilNs + 12.2 * NS_PER_S);
    expect(supervisor.stats(untilNs + 12.2 * NS_PER_S).isReconnecting).toBe(false);
    expect(log.of('reconnection').map(entry => entry.state)).toEqual(['Disconnected', 'Reconnecting', 'Connected']);
  });

  it('that speaks again by itself calls the planned attempt off', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    readings(supervisor, untilNs, 1, 12);
    supervisor.onConnection('market', 'open', untilNs + 12 * NS_PER_S);
    readings(supervisor, untilNs, 13, 23);
    expect(supervisor.nextAttemptNs(), 'the first attempt failed').toBe(untilNs + 24 * NS_PER_S);
    supervisor.onMarketData('l2Book', untilNs + 23.5 * NS_PER_S);
    expect(supervisor.nextAttemptNs()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a closed connection', () => {
  it.each(['market', 'user'] as const)('%s: is tried at once, then by back-off', connection => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    let nowNs = untilNs;
    supervisor.onConnection(connection, 'closed', nowNs);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      waits.push((supervisor.nextAttemptNs() - nowNs) / NS_PER_S);
      nowNs = supervisor.nextAttemptNs();
      expect(supervisor.attemptsDue(nowNs - 1)).toEqual([]);
      expect(supervisor.attemptsDue(nowNs)).toEqual([{ do: 'reconnect', connection, reason: 'closed' }]);
      expect(supervisor.attemptsDue(nowNs), 'not twice').toEqual([]);
      supervisor.onConnection(connection, 'refused', nowNs);
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16]);
  });

  it('backs off too where each attempt opens and closes again before any data', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    const waits: number[] = [];
    let nowNs = untilNs;
    for (let i = 0; i < 5; i++) {
      supervisor.onConnection('market', 'closed', nowNs);
      waits.push((supervisor.nextAttemptNs() - nowNs) / NS_PER_S);
      nowNs = supervisor.nextAttemptNs();
      supervisor.attemptsDue(nowNs);
      supervisor.onConnection('market', 'open', nowNs + NS_PER_MS);
      nowNs += 2 * NS_PER_S;
    }
    expect(waits).toEqual([0, 1, 2, 4, 8]);
  });

  it('user: works as soon as it is open, for it may rightly be silent', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    supervisor.onConnection('user', 'closed', untilNs);
    supervisor.attemptsDue(untilNs);
    expect(supervisor.stats(untilNs).isReconnecting).toBe(true);
    supervisor.onConnection('user', 'open', untilNs + 1);
    expect(supervisor.stats(untilNs + 1).isReconnecting).toBe(false);
    supervisor.onConnection('user', 'closed', untilNs + 2);
    expect(supervisor.nextAttemptNs(), 'a new loss begins anew').toBe(untilNs + 2);
  });

  it('user: an attempt without an answer has failed after 10 s', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    supervisor.onConnection('user', 'closed', untilNs);
    supervisor.attemptsDue(untilNs);
    const again = readings(supervisor, untilNs, 1, 14, nowNs => supervisor.onMarketData('l2Book', nowNs)).filter(
      reading => reading.actions.length > 0,
    );
    expect(again.map(reading => reading.atS)).toEqual([12]);
  });
});

describe('user events', () => {
  const market = (supervisor: ConnectionSupervisor) => (nowNs: number) => supervisor.onMarketData('l2Book', nowNs);

  it('are stale over 60 s while orders are open', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    supervisor.onUserEvent(untilNs);
    const list = readings(supervisor, untilNs, 0, 62, market(supervisor), 2);
    expect(list.filter(reading => reading.event === 'UserEventStale').map(reading => reading.atS)).toEqual([61, 62]);
    supervisor.onUserEvent(untilNs + 62 * NS_PER_S);
    expect(readings(supervisor, untilNs, 63, 63, market(supervisor), 2)[0].event).toBe('Healthy');
  });

  it('are not missed while no order is open, nor at once when one is', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    const none = readings(supervisor, untilNs, 1, 100, market(supervisor), 0);
    const some = readings(supervisor, untilNs, 101, 161, market(supervisor), 1);
    expect([...none, ...some].every(reading => reading.event === 'Healthy')).toBe(true);
    expect(readings(supervisor, untilNs, 162, 162, market(supervisor), 1)[0].event).toBe('UserEventStale');
  });

  it('give way to stale market data', () => {
    const { supervisor, untilNs } = flowing(['l2Book']);
    supervisor.onUserEvent(untilNs - 80 * NS_PER_S);
    readings(supervisor, untilNs, -4, 0, market(supervisor), 1);
    const events = readings(supervisor, untilNs, 1, 80, () => {}, 1).map(reading => reading.event);
    expect(events).not.toContain('UserEventStale');
  });
});

describe('book feeds', () => {
  it('that fall silent while others flow are subscribed again at the second reading over 10 s', () => {
    const { log, supervisor, untilNs } = flowing(['l2Book', 'bbo', 'allMids']);
    const list = readings(supervisor, untilNs, 1, 30, nowNs => supervisor.onMarketData('allMids', nowNs));
    expect(
      list.every(reading => reading.event === 'Healthy'),
      'the connection itself is',
    ).toBe(true);
    const acted = list.filter(reading => reading.actions.length > 0);
    expect(acted[0]).toMatchObject({
      atS: 12,
      actions: [
        { do: 'resubscribe', feed: 'l2Book', instrument: 0, reason: 'silent' },
        { do: 'resubscribe', feed: 'bbo', instrument: 0, reason: 'silent' },
      ],
    });
    expect(
      acted.map(reading => reading.atS),
      'back-off 1, 2, 4 s after each attempt is found to have failed',
    ).toEqual([12, 14, 17, 22]);
    expect(log.of('feed-staleness')).toMatchObject([
      { feed: 'l2Book', stale: true, ageNs: 12 * NS_PER_S, thresholdNs: 10 * NS_PER_S },
      { feed: 'bbo', stale: true },
    ]);
    supervisor.onMarketData('bbo', untilNs + 30.5 * NS_PER_S);
    expect(log.of('feed-staleness').slice(2)).toMatchObject([
      { feed: 'l2Book', stale: false },
      { feed: 'bbo', stale: false },
    ]);
    const after = readings(supervisor, untilNs, 31, 40, nowNs => supervisor.onMarketData('bbo', nowNs));
    expect(
      after.every(reading => reading.actions.length === 0),
      'the newest counts for the group',
    ).toBe(true);
  });

  it('are not stale at exactly 10 s', () => {
    const { supervisor, untilNs } = flowing(['l2Book', 'trades']);
    const flow = (nowNs: number) => supervisor.onMarketData('trades', nowNs);
    expect(readings(supervisor, untilNs, 10, 10, flow)[0].actions).toEqual([]);
    expect(readings(supervisor, untilNs, 10, 10, flow)[0].actions).toEqual([]);
    readings(supervisor, untilNs, 11, 11, flow);
    expect(readings(supervisor, untilNs, 11, 11, flow)[0].actions.length).toBe(1);
  });

  it('count from their acknowledgement where they never delivered', () => {
    const { supervisor } = fresh();
    supervisor.onConnection('market', 'open', 0);
    supervisor.onConnection('user', 'open', 0);
    supervisor.onSubscribed('l2Book', NS_PER_S);
    const list = readings(supervisor, 0, 1, 13, nowNs => supervisor.onMarketData('allMids', nowNs));
    expect(list.find(reading => reading.actions.length > 0)).toMatchObject({
      atS: 13,
      actions: [{ do: 'resubscribe', feed: 'l2Book' }],
    });
  });

  it('that a market does not have are never missed', () => {
    const { log, supervisor, untilNs } = flowing(['l2Book']);
    const list = readings(supervisor, untilNs, 1, 60, nowNs => supervisor.onMarketData('l2Book', nowNs));
    expect(list.every(reading => reading.actions.length === 0 && reading.event === 'Healthy')).toBe(true);
    expect(log.entries).toEqual([]);
  });

  it('leave trades alone, which may rightly be silent', () => {
    const { log, supervisor, untilNs } = flowing(['l2Book', 'trades']);
    readings(supervisor, untilNs, 1, 60, nowNs => supervisor.onMarketData('l2Book', nowNs));
    expect(log.entries).toEqual([]);
  });

  it('are not looked at while the whole market is silent', () => {
    const { log, supervisor, untilNs } = flowing(['l2Book', 'trades']);
    const list = readings(supervisor, untilNs, 1, 60);
    expect(list.flatMap(reading => reading.actions).every(action => action.do === 'reconnect')).toBe(true);
    expect(log.of('feed-staleness')).toEqual([]);
  });
});

it('goes on after a restore as it would have', () => {
  for (let cut = 0; cut <= 60; cut += 7) {
    const one = flowing(['l2Book', 'bbo', 'trades']);
    const two = fresh();
    const drive = (supervisor: ConnectionSupervisor, fromS: number, toS: number) =>
      readings(
        supervisor,
        one.untilNs,
        fromS,
        toS,
        nowNs => {
          const s = (nowNs - one.untilNs) / NS_PER_S;
          if (s < 25 || s > 50) supervisor.onMarketData('trades', nowNs);
          if (s === 30) supervisor.onConnection('user', 'closed', nowNs);
        },
        1,
      );
    drive(one.supervisor, 1, cut);
    two.supervisor.restore(structuredClone(one.supervisor.snapshot()));
    one.log.entries.length = 0;
    expect(drive(two.supervisor, cut + 1, 70)).toEqual(drive(one.supervisor, cut + 1, 70));
    expect(two.log.entries).toEqual(one.log.entries);
    expect(two.supervisor.snapshot()).toEqual(one.supervisor.snapshot());
  }
});

describe('what can be read', () => {
  it('tells how each book feed stands by itself, and changes nothing', () => {
    const { supervisor, untilNs } = flowing(['l2Book', 'bbo', 'trades']);
    const at = untilNs + 3 * NS_PER_S;
    supervisor.onMarketData('bbo', at - NS_PER_S);
    const before = structuredClone(supervisor.snapshot());
    expect(supervisor.feedStats(at)).toEqual([
      { feed: 'l2Book', state: 'Connected', ageNs: 3 * NS_PER_S },
      { feed: 'bbo', state: 'Connected', ageNs: NS_PER_S },
      { feed: 'fastBook', state: 'Reconnecting', ageNs: 0 },
    ]);
    supervisor.stats(at);
    expect(supervisor.snapshot()).toEqual(before);
    supervisor.onConnection('market', 'closed', at);
    expect(supervisor.feedStats(at).map(({ state }) => state)).toEqual([
      'Disconnected',
      'Disconnected',
      'Disconnected',
    ]);
  });

  it('averages the round trips, a fifth of the newest', () => {
    const { supervisor } = fresh();
    expect(supervisor.stats(0).roundtripNs).toBe(0);
    supervisor.onRoundtrip(100);
    supervisor.onRoundtrip(200);
    expect(supervisor.stats(0).roundtripNs).toBe(120);
  });
});

describe('the book of one coin among several', () => {
  const two = () => {
    const log = new KeptLog();
    const streams = new Set<string>();
    const draw = (stream: string) => {
      streams.add(stream);
      return 0.5;
    };
    const supervisor = new ConnectionSupervisor(DEFAULT_SUPERVISOR, FEEDS, draw, log.write, 2);
    supervisor.onConnection('market', 'open', 0);
    supervisor.onConnection('user', 'open', 0);
    for (const instrument of [0, 1]) supervisor.onMarketData('bbo', NS_PER_S, instrument);
    return { log, streams, supervisor };
  };

  it.each([0, 1])('is subscribed again, and no other: instrument %i (I-33)', dead => {
    const { log, streams, supervisor } = two();
    const flow = (nowNs: number) => supervisor.onMarketData('bbo', nowNs, 1 - dead);
    const acted = readings(supervisor, NS_PER_S, 1, 16, flow).filter(reading => reading.actions.length > 0);
    const actions = [{ do: 'resubscribe', feed: 'bbo', instrument: dead, reason: 'silent' }];
    expect(acted).toMatchObject([
      { atS: 12, event: 'Healthy', actions },
      { atS: 14, actions },
    ]);
    expect(log.of('feed-staleness')).toMatchObject([{ feed: 'bbo', stale: true, instrument: dead }]);
    expect(supervisor.feedStats(17 * NS_PER_S, dead)).toMatchObject([{}, { feed: 'bbo', ageNs: 16 * NS_PER_S }, {}]);
    expect([...streams], 'each coin draws from its own').toEqual([dead === 0 ? 'reconnect.bbo' : 'reconnect.bbo.1']);
  });

  it('is as old after a restore', () => {
    const original = two().supervisor;
    const restored = two().supervisor;
    const flow = (supervisor: ConnectionSupervisor) => (nowNs: number) => supervisor.onMarketData('bbo', nowNs, 0);
    readings(original, NS_PER_S, 1, 11, flow(original));
    restored.restore(original.snapshot());
    expect(readings(restored, NS_PER_S, 12, 20, flow(restored))).toEqual(
      readings(original, NS_PER_S, 12, 20, flow(original)),
    );
  });
});
