/** What else can come in, beside books, trades and replies: an operator, the account's own events, error frames, mids and contexts. */
import { describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { HANDLERS, handlerMetric, METRIC } from '../../core/infra/metrics/fields.ts';
import { ASK, BID, SIDES } from '../../core/market.ts';
import type { OperatorAction, QuotingCore, UserEvent } from '../../core/port.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../core/settings.ts';
import { decodeState, encodeState } from '../../sim/kernel/codec.ts';
import { BTC, milliseconds, ScriptHost, seconds } from '../support/script-host.ts';

function quoting(settings: CoreSettings = DEFAULT_SETTINGS): { host: ScriptHost; core: QuotingCore } {
  const host = new ScriptHost();
  const core = createCore(host, settings, [BTC]);
  host.start(core);
  host.run(seconds(10));
  return { host, core };
}

function operate(host: ScriptHost, action: OperatorAction): void {
  host.deliver({ kind: 'operator', nowNs: host.nowNs, action });
}

function tell(host: ScriptHost, event: UserEvent): void {
  host.deliver({ kind: 'user-events', nowNs: host.nowNs, events: [event] });
}

const levels = (count: number, capacityBytes = 8_192): CoreSettings => ({
  ...DEFAULT_SETTINGS,
  infra: { ...DEFAULT_SETTINGS.infra, arena: { capacityBytes } },
  strategy: {
    ...DEFAULT_SETTINGS.strategy,
    ladder: { ...DEFAULT_SETTINGS.strategy.ladder, levels: count, levelUsd: 20 },
  },
});

describe('an operator', () => {
  it('changes a setting of the running core, and of no other', () => {
    const { host } = quoting();
    operate(host, { type: 'set', path: 'orchestrator.eventAccumulator.debounceNs', value: seconds(60) });
    host.run(host.nowNs + milliseconds(500));
    const fromNs = host.nowNs;
    host.midTicks += 400;
    host.run(fromNs + seconds(20));
    expect(host.posts(fromNs)).toEqual([]);
    expect(host.logged('operator')).toMatchObject([{ action: 'set' }]);
    expect(DEFAULT_SETTINGS.orchestrator.eventAccumulator.debounceNs).toBe(milliseconds(100));

    operate(host, { type: 'set', path: 'orchestrator.eventAccumulator.debounceNs', value: milliseconds(100) });
    host.run(host.nowNs + seconds(1));
    expect(host.posts(fromNs).length).toBeGreaterThan(0);
  });

  it.each([
    ['risk.maxInventryUsd', 5, 'there is no maxInventryUsd'],
    ['risks.maxInventoryUsd', 5, 'there is no risks'],
    ['risk.maxInventoryUsd', true, 'expected a number'],
    ['risk', 5, 'expected a object'],
  ])('is told that %s=%s is no setting', (path, value, problem) => {
    const { host } = quoting();
    operate(host, { type: 'set', path, value });
    expect(host.logged('operator').at(-1)?.detail).toContain(problem);
  });

  it('has his changes kept in a snapshot', () => {
    const { host, core } = quoting();
    operate(host, { type: 'set', path: 'risk.maxInventoryUsd', value: 100 });
    const restored = createCore(new ScriptHost(), DEFAULT_SETTINGS, [BTC]);
    restored.restore(decodeState(encodeState(core.snapshot())));
    expect(restored.snapshot()).toEqual(core.snapshot());
    host.run(host.nowNs + seconds(12));
    for (const side of SIDES) {
      const lots = host.restingOrders(side).reduce((sum, order) => sum + order.remainingLots, 0);
      expect((lots * host.midTicks) / 1e6).toBeLessThanOrEqual(101);
    }
  });

  it('has a safety audit made at once, and is told what it found', () => {
    const { host } = quoting();
    const fromNs = host.nowNs;
    operate(host, { type: 'run-safety-audit' });
    host.run(fromNs + seconds(1));
    expect(host.logged('safety-audit', fromNs)).toMatchObject([{ trigger: 'operator', isSynced: true }]);
  });
});

describe('the account’s own events', () => {
  it('an order that the exchange ended is gone, and its place is taken', () => {
    const { host, core } = quoting();
    const [best] = host.restingOrders(BID);
    host.openOrders.delete(best.oid);
    tell(host, { type: 'nonUserCancel', instrument: 0, oid: best.oid });
    host.run(host.nowNs + seconds(1));
    expect(host.restingOrders(BID)).toHaveLength(5);
    expect(core.metrics[METRIC.openOrders]).toBe(10);
    expect(core.metrics[METRIC.staleLocalRemoved], 'no audit was needed for it').toBe(0);
  });

  it('funding is money made or lost', () => {
    const { host, core } = quoting();
    tell(host, { type: 'funding', instrument: 0, usd: -7, positionLots: 100, ratePerHour: 0.000_1, exchNs: 0 });
    host.run(host.nowNs + seconds(2));
    expect(core.metrics[METRIC.dayProfitUsd]).toBe(-7);
  });

  it('a liquidation throws the kill switch', () => {
    const { host, core } = quoting();
    tell(host, { type: 'liquidation', notionalUsd: 500, accountValueUsd: 20 });
    host.run(host.nowNs + seconds(2));
    expect(host.openOrders.size).toBe(0);
    expect(core.metrics[METRIC.killSwitchTriggered]).toBe(1);
    operate(host, { type: 'reset-kill-switch' });
    host.run(host.nowNs + seconds(2));
    expect(host.openOrders.size).toBe(10);
  });

  it('a killed core is killed after a restore', () => {
    const { host, core } = quoting();
    tell(host, { type: 'liquidation', notionalUsd: 500, accountValueUsd: 20 });
    const state = decodeState(encodeState(core.snapshot()));
    const other = new ScriptHost();
    const restored = createCore(other, DEFAULT_SETTINGS, [BTC]);
    restored.restore(state);
    expect(restored.snapshot()).toEqual(core.snapshot());
  });
});

describe('an error frame', () => {
  it('is counted and logged, and one that says too much was asked holds orders back', () => {
    const { host, core } = quoting();
    host.deliver({ kind: 'channel-error', nowNs: host.nowNs, connection: 'user', error: 'Invalid subscription {}' });
    expect(core.metrics[METRIC.channelErrors]).toBe(1);
    expect(host.logged('rate-limit-error')).toEqual([]);
    host.deliver({ kind: 'channel-error', nowNs: host.nowNs, connection: 'user', error: 'Too many requests' });
    expect(host.logged('rate-limit-error')).toHaveLength(1);
  });
});

describe('mids of all markets', () => {
  it('are checked, and lead those that follow', () => {
    const host = new ScriptHost();
    const core = createCore(host, DEFAULT_SETTINGS, [BTC, { ...BTC, symbol: 'ETH' }]);
    host.start(core);
    host.run(seconds(1));
    for (let sequence = 0; sequence < 20; sequence++) {
      host.run(host.nowNs + milliseconds(500));
      const midTicks = [500_000 + 100 * sequence, 30_000];
      host.deliver({ kind: 'all-mids', nowNs: host.nowNs, exchNs: host.nowNs, sequence, midTicks });
    }
    expect(host.logged('anomaly')).toEqual([]);
    host.deliver({ kind: 'all-mids', nowNs: host.nowNs, exchNs: 0, sequence: 20, midTicks: [1, 1] });
    expect(host.logged('anomaly')).toMatchObject([{ feed: 'allMids', anomaly: 'TimestampRegression' }]);
  });
});

describe('what a cycle costs', () => {
  it('spills from its arena where there are too many levels, and not from a larger one', () => {
    const spilling = quoting(levels(25));
    expect(spilling.core.metrics[METRIC.arenaOverflows]).toBeGreaterThan(0);
    expect(spilling.host.logged('arena-overflow')[0]).toMatchObject({ capacityBytes: 8_192, chunks: 2 });
    const fitting = quoting(levels(25, 32_768));
    expect(fitting.core.metrics[METRIC.arenaOverflows]).toBe(0);
    expect(fitting.host.openOrders.size).toBe(spilling.host.openOrders.size);
    expect(quoting().core.metrics[METRIC.arenaOverflows]).toBe(0);
  });

  it('is told when it is too much, and when that is over', () => {
    const quoteEngine = { ...DEFAULT_SETTINGS.orchestrator.quoteEngine, warningUs: 40, criticalUs: 1_000 };
    const { host } = quoting({
      ...DEFAULT_SETTINGS,
      orchestrator: { ...DEFAULT_SETTINGS.orchestrator, quoteEngine },
    });
    expect(new Set(host.logged('quote-cycle-slow').map(({ level }) => level))).toEqual(new Set(['warning']));
    operate(host, { type: 'set', path: 'orchestrator.quoteEngine.warningUs', value: 10_000 });
    host.run(host.nowNs + seconds(20));
    expect(host.logged('quote-cycle-slow').filter(({ level }) => level === 'normal')).toHaveLength(1);
  });

  it('is counted apart from the handlers that took messages up', () => {
    const { core } = quoting();
    for (const handler of ['book', 'trades', 'timer', 'postReply', 'restReply'] as const) {
      expect(core.metrics[handlerMetric(HANDLERS.indexOf(handler))]).toBeGreaterThan(0);
    }
  });

  it('holds no fit of a model: those are made when there is time', () => {
    const { host } = quoting();
    for (let step = 0; step < 1_500; step++) {
      host.midTicks += step % 3 === 0 ? 40 : -20;
      host.run(host.nowNs + milliseconds(200));
    }
    const fits = host.handled.filter(({ logs }) => logs.some(({ type }) => type === 'recalibration'));
    expect(fits.length).toBeGreaterThan(0);
    for (const { commands, message } of fits) {
      expect(message).toMatchObject({ kind: 'timer', timer: 'idle' });
      expect(commands.filter(({ kind }) => kind === 'post')).toEqual([]);
    }
  });
});

describe('margin', () => {
  it('sizes shrink with the equity, and the reducing side stays when there is none', () => {
    const { host } = quoting();
    host.fillBest(BID);
    host.run(host.nowNs + seconds(2));
    host.equityUsd = 200;
    host.run(host.nowNs + seconds(14));
    const usd = (side: 0 | 1): number =>
      host.restingOrders(side).reduce((sum, order) => sum + (order.remainingLots * host.midTicks) / 1e6, 0);
    expect(usd(BID)).toBeLessThanOrEqual(600);
    expect(host.logged('order-rejected')).toEqual([]);
    host.equityUsd = 2;
    host.run(host.nowNs + seconds(14));
    expect(usd(BID)).toBe(0);
    const reducingLots = host.restingOrders(ASK).reduce((sum, order) => sum + order.remainingLots, 0);
    expect(reducingLots).toBe(host.positionLots);
  });

  it('sets the leverage at the exchange where it is another one, once', () => {
    const host = new ScriptHost();
    host.leverage = 20;
    host.start(createCore(host, DEFAULT_SETTINGS, [BTC]));
    host.run(seconds(30));
    expect(host.posts().filter(({ action }) => action.type === 'updateLeverage')).toHaveLength(1);
    expect(host.leverage).toBe(3);
  });
});
