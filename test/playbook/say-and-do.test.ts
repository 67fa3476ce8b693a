/**
 * "Says it, does not do it": 29 places in which the reference system claimed an effect that it did not have (core-facts, list L). Here
 * each is looked for on the exchange's side: in the orders that rest there and the requests that arrive, not in what the core says.
 */
import { describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { METRIC } from '../../core/infra/metrics/fields.ts';
import { ASK, BID, type Instrument, SIDES, type Side } from '../../core/market.ts';
import type { OperatorAction, PostCommand, QuotingCore, RestCommand } from '../../core/port.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../core/settings.ts';
import { BTC, milliseconds, ScriptHost, seconds } from '../support/script-host.ts';

/** A builder's asset: its name begins with its exchange's. */
const HYPE: Instrument = { ...BTC, symbol: 'hyna:HYPE' };

interface World {
  readonly host: ScriptHost;
  readonly core: QuotingCore;
}

function world(settings: CoreSettings = DEFAULT_SETTINGS, instruments: readonly Instrument[] = [BTC]): World {
  const host = new ScriptHost(instruments[0]);
  const core = createCore(host, settings, instruments);
  host.start(core);
  return { host, core };
}

/** Warm, with ten orders at the exchange. */
function quoting(settings: CoreSettings = DEFAULT_SETTINGS, instruments: readonly Instrument[] = [BTC]): World {
  const made = world(settings, instruments);
  made.host.run(seconds(10));
  expect(made.host.openOrders.size).toBe(10);
  return made;
}

function withInfra(change: Partial<CoreSettings['infra']>): CoreSettings {
  return { ...DEFAULT_SETTINGS, infra: { ...DEFAULT_SETTINGS.infra, ...change } };
}

const NO_FALLBACK = withInfra({ wsPost: { ...DEFAULT_SETTINGS.infra.wsPost, fallbackToRest: false } });

/** Posts that place or modify orders, with the time at which they left. */
function calls(host: ScriptHost, sinceNs: number): { atNs: number; post: PostCommand }[] {
  return host.handled.flatMap(({ message, commands }) =>
    commands.flatMap(command =>
      message.nowNs >= sinceNs &&
      command.kind === 'post' &&
      (command.action.type === 'order' || command.action.type === 'batchModify')
        ? [{ atNs: message.nowNs, post: command }]
        : [],
    ),
  );
}

function asked(host: ScriptHost, request: RestCommand['request'], sinceNs: number): number {
  return host.handled
    .filter(({ message }) => message.nowNs >= sinceNs)
    .flatMap(({ commands }) => commands)
    .filter(command => command.kind === 'rest' && command.request === request).length;
}

function sidesOf({ action }: PostCommand): Side[] {
  if (action.type === 'order') return action.orders.map(({ side }) => side);
  return action.type === 'batchModify' ? action.modifies.map(({ order }) => order.side) : [];
}

function bestBps(host: ScriptHost, side: Side): number {
  const [best] = host.restingOrders(side);
  return (Math.abs(best.limitTicks - host.midTicks) / host.midTicks) * 10_000;
}

function operate(host: ScriptHost, action: OperatorAction): void {
  host.deliver({ kind: 'operator', nowNs: host.nowNs, action });
}

/** Moves the mid up and down, so that there is always a reason for new quotes. */
function shake(host: ScriptHost, untilNs: number): void {
  for (let step = 0; host.nowNs < untilNs; step++) {
    host.midTicks += step % 2 === 0 ? 300 : -300;
    host.run(host.nowNs + milliseconds(200));
  }
}

function context(host: ScriptHost, openInterestLots: number, sequence: number, fundingPerHour = 0.000_01): void {
  const midTicks = host.midTicks;
  host.deliver({
    kind: 'asset-context',
    nowNs: host.nowNs,
    instrument: 0,
    exchNs: host.nowNs,
    sequence,
    context: { fundingPerHour, openInterestLots, oracleTicks: midTicks, markTicks: midTicks, midTicks },
  });
}

describe('rate limits and requests', () => {
  it('L2: a 429 holds orders back for 10 s, then 15; one that is taken sets that back', () => {
    const { host } = quoting();
    host.behaviour.refusePostsWith = 'Too many requests';
    const fromNs = host.nowNs;
    shake(host, fromNs + seconds(40));
    const refusedNs = host.logged('rate-limit-error', fromNs).map(({ atNs, untilNs }) => [atNs, untilNs - atNs]);
    expect(refusedNs.slice(0, 3).map(([, lengthNs]) => lengthNs / 1e9)).toEqual([10, 15, 22.5]);
    for (const [atNs, lengthNs] of refusedNs) {
      const inside = calls(host, atNs + 1).filter(call => call.atNs < atNs + lengthNs);
      expect(inside).toEqual([]);
    }
    host.behaviour.refusePostsWith = null;
    shake(host, host.nowNs + seconds(30));
    expect(host.openOrders.size).toBeGreaterThanOrEqual(8);
    host.behaviour.refusePostsWith = 'Too many requests';
    const againNs = host.nowNs;
    shake(host, againNs + seconds(2));
    const [again] = host.logged('rate-limit-error', againNs);
    expect(again.untilNs - again.atNs).toBe(seconds(10));
  });

  it('L3: a side that is refused is held back, and the other one goes on', () => {
    const { host } = quoting();
    Object.assign(host.behaviour, { rejectWith: 'Order exceeds maximum position', rejectSide: BID });
    const fromNs = host.nowNs;
    shake(host, fromNs + seconds(4));
    const [backoff] = host.logged('rejection-backoff', fromNs);
    expect(backoff.side).toBe(BID);
    const during = calls(host, backoff.atNs + 1).filter(({ atNs }) => atNs < backoff.untilNs);
    expect(during.flatMap(({ post }) => sidesOf(post))).not.toContain(BID);
    expect(during.flatMap(({ post }) => sidesOf(post))).toContain(ASK);
  });

  it('L8: a post on the websocket has timed out after 500 ms', () => {
    const { host } = quoting(NO_FALLBACK);
    host.behaviour.loseReplies = true;
    host.midTicks += 300;
    host.publishBook();
    host.run(host.nowNs + seconds(1));
    const [timeout] = host.logged('request-timeout');
    expect(timeout.ageNs).toBe(milliseconds(500));
  });

  it('L10: what is sent again beside the websocket is carried out once, and its orders are known', () => {
    const { host, core } = quoting();
    host.behaviour.loseReplies = true;
    host.midTicks += 4_000;
    host.publishBook();
    host.run(host.nowNs + seconds(3));
    const ways = new Map<number, Set<string>>();
    for (const { nonce, via } of host.posts()) ways.set(nonce, (ways.get(nonce) ?? new Set()).add(via));
    expect(
      [...ways.values()].some(of => of.size === 2),
      'the same request by both ways',
    ).toBe(true);
    host.behaviour.loseReplies = false;
    host.run(host.nowNs + seconds(5));
    for (const side of SIDES) expect(host.restingOrders(side)).toHaveLength(5);
    expect(core.metrics[METRIC.openOrders]).toBe(10);
    const cloids = [...host.openOrders.values()].map(({ cloid }) => cloid);
    expect(new Set(cloids).size).toBe(10);
  });

  it('L14: an audit that gets no answer is not repeated before its time', () => {
    const { host } = quoting();
    host.behaviour.loseRest = true;
    const fromNs = host.nowNs;
    host.run(fromNs + seconds(60));
    expect(asked(host, 'openOrders', fromNs)).toBeLessThanOrEqual(13);
  });
});

describe('risk', () => {
  it('L1: what the aggregator says is done: nothing rests while it pulls, nothing grows while it only reduces', () => {
    const pulled = quoting().host;
    pulled.midTicks = 530_005;
    pulled.publishBook();
    pulled.run(pulled.nowNs + milliseconds(100));
    expect(pulled.openOrders.size).toBe(0);

    const { host } = world();
    host.positionLots = 2_500;
    host.run(seconds(12));
    expect(host.restingOrders(BID)).toEqual([]);
    expect(host.restingOrders(ASK).length).toBeGreaterThan(0);
  });

  it('L5: a kill lasts until an operator ends it', () => {
    const { host } = quoting();
    host.fillBest(BID);
    host.run(host.nowNs + seconds(1));
    // $200 that lose a third: more than a twentieth of the account.
    for (let step = 0; step < 4; step++) {
      host.midTicks -= 45_000;
      host.run(host.nowNs + seconds(2));
    }
    expect(host.logged('kill-switch').at(-1)).toMatchObject({ isKilled: true, reasons: ['MaxLoss'] });
    host.midTicks += 45_000;
    host.run(host.nowNs + seconds(120));
    expect(host.openOrders.size).toBe(0);
    operate(host, { type: 'reset-kill-switch' });
    host.run(host.nowNs + seconds(3));
    for (const side of SIDES) expect(host.restingOrders(side).length).toBeGreaterThan(0);
  });

  it('L25: the position may grow by a fifth of its maximum a minute, and beyond that quotes are wider', () => {
    const { host } = quoting();
    const before = bestBps(host, ASK);
    host.fillBest(BID);
    host.run(host.nowNs + seconds(2));
    expect(host.logged('risk')).toEqual([]);
    host.fillBest(BID);
    host.run(host.nowNs + seconds(2));
    expect(host.logged('risk').at(-1)?.monitors).toContain('position-velocity');
    expect(bestBps(host, BID)).toBeGreaterThan(before + 2);
  });

  it.each([
    ['L28: the cascade monitor', 0.975],
    ['L29: the circuit breaker', 0.98],
  ])('%s takes all quotes down when open interest falls, and has them back when it is stable', (_name, share) => {
    const { host } = quoting();
    context(host, 1_000_000, 0);
    host.run(host.nowNs + seconds(5));
    expect(host.openOrders.size).toBe(10);
    context(host, 1_000_000 * share, 1);
    host.run(host.nowNs + seconds(1));
    expect(host.openOrders.size).toBe(0);
    host.run(host.nowNs + seconds(40));
    context(host, 1_000_000 * share, 2);
    host.run(host.nowNs + seconds(1));
    expect(host.openOrders.size).toBe(0);
    host.run(host.nowNs + seconds(30));
    context(host, 1_000_000 * share, 3);
    host.run(host.nowNs + seconds(2));
    expect(host.openOrders.size).toBe(10);
  });

  it('L29: it makes quotes wider while funding is extreme', () => {
    const { host } = quoting();
    const before = bestBps(host, BID);
    context(host, 1_000_000, 0, 0.001);
    host.run(host.nowNs + seconds(3));
    expect(bestBps(host, BID)).toBeGreaterThan(1.5 * before);
  });
});

describe('stale quotes', () => {
  it('L6: over 15 s of silence nothing of ours rests', () => {
    const { host } = quoting();
    host.behaviour.book = false;
    host.behaviour.trades = false;
    host.run(host.nowNs + seconds(16.2));
    expect(host.openOrders.size).toBe(0);
  });

  it('L7: where no quote is wanted any longer, what rests is cancelled', () => {
    const { host } = quoting();
    host.rateLimit = { volumeUsd: 0, requestsUsed: 97_500, requestsCap: 100_000 };
    host.run(host.nowNs + seconds(62));
    expect(host.logged('quota-tier').at(-1)?.tier).toBe('conservation');
    expect(host.logged('cycle-stopped').at(-1)).toMatchObject({ reason: 'EmptyLadder' });
    expect(host.openOrders.size).toBe(0);
  });

  it('quota: under a fifth there are two levels a side, and never none', () => {
    const { host } = quoting();
    host.rateLimit = { volumeUsd: 0, requestsUsed: 93_000, requestsCap: 100_000 };
    host.run(host.nowNs + seconds(62));
    for (const side of SIDES) expect(host.restingOrders(side)).toHaveLength(2);
  });

  it('L11: one jump of 8 bps moves the quotes at once', () => {
    const orchestrator = {
      ...DEFAULT_SETTINGS.orchestrator,
      eventAccumulator: { ...DEFAULT_SETTINGS.orchestrator.eventAccumulator, fallbackNs: seconds(30) },
    };
    const { host } = quoting({ ...DEFAULT_SETTINGS, orchestrator });
    const before = new Set(host.openOrders.keys());
    host.midTicks += 400;
    host.publishBook();
    host.run(host.nowNs + milliseconds(300));
    expect([...host.openOrders.keys()].filter(oid => !before.has(oid)).length).toBeGreaterThan(5);
  });

  it('L12: an event that came while cycles were stopped is acted on when they run again', () => {
    const { host } = quoting(NO_FALLBACK);
    host.behaviour.refuse.user = true;
    host.close('user');
    host.midTicks += 700;
    host.run(host.nowNs + seconds(2));
    expect(Math.max(...SIDES.map(side => bestBps(host, side)))).toBeGreaterThan(15);
    host.behaviour.refuse.user = false;
    while (!host.isOpen.user) host.run(host.nowNs + milliseconds(100));
    host.run(host.nowNs + seconds(1));
    for (const side of SIDES) expect(bestBps(host, side)).toBeLessThan(13);
  });

  it('L26: sequence numbers are the feed’s own, and a gap of eleven is seen', () => {
    const { host } = quoting();
    const frame = host.bookMessage();
    host.deliver({ ...frame, sequence: frame.sequence + 10 });
    expect(host.logged('anomaly')).toEqual([]);
    host.deliver({ ...frame, exchNs: frame.exchNs + 1, sequence: frame.sequence + 22 });
    expect(host.logged('anomaly')).toMatchObject([{ anomaly: 'SequenceGap', value: 11 }]);
  });
});

describe('connections', () => {
  it('L4: user events count as life: the supervisor is healthy again with the next one', () => {
    const { host } = quoting();
    host.run(host.nowNs + seconds(70));
    expect(host.logged('supervisor').at(-1)?.event).toBe('UserEventStale');
    host.fillBest(BID, 50);
    host.run(host.nowNs + seconds(2));
    expect(host.logged('supervisor').at(-1)?.event).toBe('Healthy');
  });

  it('L9: every instrument is subscribed again as it was, a builder’s too', () => {
    const { host } = quoting(DEFAULT_SETTINGS, [BTC, HYPE]);
    const subscriptions = (sinceNs: number): string[] =>
      host.handled
        .filter(({ message }) => message.nowNs >= sinceNs)
        .flatMap(({ commands }) => commands)
        .flatMap(command => (command.kind === 'subscribe' ? [`${command.feed} ${command.instrument}`] : []))
        .filter(name => !/^(order|user)/.test(name));
    const before = subscriptions(0);
    const closedNs = host.nowNs;
    host.close('market');
    host.run(closedNs + seconds(1));
    expect(subscriptions(closedNs)).toEqual(before);
    expect(before).toContain('l2Book 1');
  });

  it('L24: the websocket’s settings, the sync health and the arena have their effect', () => {
    const { host, core } = quoting();
    expect(core.metrics[METRIC.arenaBytes]).toBeGreaterThan(3_000);
    const before = bestBps(host, BID);
    // Comparisons with the exchange fail.
    host.behaviour.loseRest = true;
    while (core.metrics[METRIC.halfSpreadBps] < 1.3 * before && host.nowNs < seconds(60)) {
      host.run(host.nowNs + seconds(0.5));
    }
    host.run(host.nowNs + seconds(0.5));
    expect(host.logged('sync-health').at(-1)?.level).toBe('Degraded');
    expect(bestBps(host, BID)).toBeGreaterThan(1.3 * before);
  });
});

describe('orders', () => {
  it('L16: an order of a builder’s asset that nobody here knows is cancelled', () => {
    const { host } = quoting(DEFAULT_SETTINGS, [HYPE]);
    const oid = host.placeForeign(BID, 490_000, 500);
    host.run(host.nowNs + seconds(12));
    expect(host.openOrders.has(oid)).toBe(false);
    expect(host.openOrders.size).toBe(10);
  });

  it('L17: a local order that the exchange does not have is removed, and its place taken', () => {
    const { host, core } = quoting();
    const [best] = host.restingOrders(BID);
    host.openOrders.delete(best.oid);
    host.run(host.nowNs + seconds(12));
    expect(core.metrics[METRIC.staleLocalRemoved]).toBe(1);
    expect(host.restingOrders(BID)).toHaveLength(5);
    expect(core.metrics[METRIC.openOrders]).toBe(10);
  });

  it('L18: what is left of an order that was filled in part during a failed cancel is still its own', () => {
    const { host, core } = quoting();
    host.behaviour.rejectCancelsWith = 'busy';
    host.midTicks += 4_000;
    host.publishBook();
    host.run(host.nowNs + milliseconds(20));
    for (const side of SIDES) if (host.restingOrders(side).length > 0) host.fillBest(side, 50);
    host.run(host.nowNs + seconds(1));
    host.behaviour.rejectCancelsWith = null;
    host.run(host.nowNs + seconds(8));
    expect(core.metrics[METRIC.orphanOrders]).toBe(0);
    expect(core.metrics[METRIC.openOrders]).toBe(host.openOrders.size);
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
  });

  it('L19: an order that is being cancelled is not cancelled again', () => {
    const { host } = quoting();
    host.behaviour.oneWayNs = milliseconds(300);
    host.midTicks = 530_005;
    const fromNs = host.nowNs;
    for (let frame = 0; frame < 4; frame++) {
      host.publishBook();
      host.run(host.nowNs + milliseconds(100));
    }
    const oids = host
      .posts(fromNs)
      .flatMap(({ action }) => (action.type === 'cancel' ? action.cancels.map(({ oid }) => oid) : []));
    expect(oids).toHaveLength(10);
    expect(new Set(oids).size).toBe(10);
  });
});

describe('position and fills', () => {
  it('L13: a fill of an order that nobody knows makes the position be compared, and it is right soon', () => {
    const { host, core } = quoting();
    const fill = host.fillBest(BID, 50);
    host.run(host.nowNs + seconds(3));
    const fromNs = host.nowNs;
    // It says that we traded, and the exchange's position says that we did not.
    host.deliver({
      kind: 'fills',
      nowNs: fromNs,
      isSnapshot: false,
      fills: [{ ...fill, tid: 99_999, oid: 55, cloid: 0, exchNs: fromNs }],
    });
    expect(core.metrics[METRIC.positionLots]).toBe(100);
    host.run(fromNs + seconds(5));
    expect(asked(host, 'clearinghouseState', fromNs)).toBeGreaterThan(0);
    expect(core.metrics[METRIC.positionLots]).toBe(50);
  });

  it.each([BTC, HYPE])('L15: a fill of $symbol that is never told is found within 12 s', instrument => {
    const { host, core } = quoting(DEFAULT_SETTINGS, [instrument]);
    host.behaviour.loseUserEvents = true;
    host.fillBest(BID);
    host.run(host.nowNs + milliseconds(100));
    host.behaviour.loseUserEvents = false;
    host.run(host.nowNs + seconds(12.5));
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
  });

  it('L27: a fill of the time without a connection is processed as any other', () => {
    const { host, core } = quoting();
    host.behaviour.refuse.user = true;
    host.close('user');
    host.run(host.nowNs + seconds(1));
    host.fillBest(BID);
    host.behaviour.refuse.user = false;
    host.run(host.nowNs + seconds(20));
    expect(core.metrics[METRIC.fills]).toBe(1);
    expect(core.metrics[METRIC.positionLots]).toBe(host.positionLots);
  });

  it('L20: a fill teaches once, however often it is told', () => {
    const kappaAfter = (times: number): number => {
      const { host, core } = quoting();
      for (let round = 0; round < 6; round++) {
        const fill = host.fillBest(round % 2 === 0 ? BID : ASK, 50);
        host.run(host.nowNs + milliseconds(200));
        for (let again = 1; again < times; again++) {
          host.deliver({ kind: 'fills', nowNs: host.nowNs, isSnapshot: false, fills: [fill] });
        }
        host.run(host.nowNs + seconds(5));
      }
      return core.metrics[METRIC.kappaEffective];
    };
    expect(kappaAfter(3)).toBe(kappaAfter(1));
  });

  it('L21: adverse selection is measured, and unknown until it is', () => {
    const { host, core } = quoting();
    expect(core.metrics[METRIC.adverseSelectionRate]).toBeNaN();
    host.fillBest(BID);
    host.midTicks -= 300;
    host.run(host.nowNs + seconds(4));
    expect(core.metrics[METRIC.adverseSelectionRate]).toBe(1);
    host.fillBest(ASK);
    host.midTicks -= 300;
    host.run(host.nowNs + seconds(4));
    expect(core.metrics[METRIC.adverseSelectionRate]).toBe(0.5);
  });
});

describe('models and latency', () => {
  it.each([
    ['falls', -1],
    ['rises', 1],
  ])('L22: where the price %s steadily, quotes lean that way', (_way, sign) => {
    const { host, core } = quoting();
    host.behaviour.trades = false;
    for (let step = 0; step < 600; step++) {
      host.midTicks += 10 * sign;
      host.run(host.nowNs + milliseconds(200));
    }
    expect(core.metrics[METRIC.positionLots]).toBe(0);
    expect(-core.metrics[METRIC.inventorySkewBps] * sign).toBeGreaterThan(0);
  });

  it('L23: the length of a cycle is measured', () => {
    const { host, core } = quoting();
    host.run(host.nowNs + seconds(2));
    expect(core.metrics[METRIC.quoteCycleUs]).toBeGreaterThan(0);
    expect(core.metrics[METRIC.quoteCycleP99Us]).toBeGreaterThanOrEqual(core.metrics[METRIC.quoteCycleP50Us]);
    expect(core.metrics[METRIC.quoteCycleP50Us]).toBeGreaterThan(0);
  });
});
