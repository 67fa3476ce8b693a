/** Actions that have no items, and what holds for an action as a whole. */
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../sim/exchange/limits/settings.ts';
import { ScheduledCancel } from '../../../sim/exchange/scheduled-cancel.ts';
import { Stand } from './support.ts';

const DAY_NS = 86_400 * NS_PER_S;

function standing(limits: Partial<LimitSettings> = {}): Stand {
  const stand = new Stand({ limits: { ...DEFAULT_LIMITS, ...limits } });
  stand.play({ kind: 'snapshot', bids: [[1000, 5_000_000]], asks: [[1001, 5_000_000]] });
  return stand;
}

describe('an action', () => {
  it('is refused after its time, and not at it', () => {
    const { exchange } = standing();
    expect(exchange.handleAction(100, 1, { type: 'noop' }, 100)).toEqual({ error: null, items: [] });
    expect(exchange.handleAction(101, 2, { type: 'noop' }, 100)).toEqual({
      error: 'Action already expired',
      items: [],
    });
  });

  it('is refused where a noop has used its nonce up', () => {
    const stand = standing();
    const { exchange } = stand;
    const place = { type: 'order', orders: [stand.order(BID, 1000, 10)] } as const;
    expect(exchange.handleAction(1, 50, { type: 'noop' }).error).toBeNull();
    expect(exchange.handleAction(2, 50, place).error).toBe('Invalid nonce: duplicate nonce 50');
    expect(exchange.openOrders()).toEqual([]);
  });
});

describe('the dead man’s switch', () => {
  const tooLittle =
    'Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $500000.5.';

  it('is only for those who have traded enough', () => {
    expect(new ScheduledCancel(0).set(0, 10 * NS_PER_S, 500_000.5)).toBe(tooLittle);
    expect(new ScheduledCancel(0).set(0, null, 999_999.999999)).not.toBeNull();
    expect(new ScheduledCancel(0).set(0, 10 * NS_PER_S, 1_000_000)).toBeNull();
  });

  it('is at least 5 s ahead', () => {
    const scheduled = new ScheduledCancel(0);
    expect(scheduled.set(7, 7 + 5 * NS_PER_S - 1, 1e6)).toBe(
      'Scheduled cancel time must be at least 5 seconds in the future.',
    );
    expect(scheduled.set(7, 7 + 5 * NS_PER_S, 1e6)).toBeNull();
    expect(scheduled.atNs).toBe(7 + 5 * NS_PER_S);
  });

  it('can be moved and disarmed, and fires once', () => {
    const scheduled = new ScheduledCancel(0);
    scheduled.set(0, 6 * NS_PER_S, 1e6);
    scheduled.set(0, 9 * NS_PER_S, 1e6);
    expect(scheduled.fires(9 * NS_PER_S - 1)).toBe(false);
    expect(scheduled.fires(9 * NS_PER_S)).toBe(true);
    expect(scheduled.fires(10 * NS_PER_S)).toBe(false);
    scheduled.set(0, 20 * NS_PER_S, 1e6);
    scheduled.set(0, null, 1e6);
    expect(scheduled.atNs).toBe(Infinity);
    expect(scheduled.fires(30 * NS_PER_S)).toBe(false);
  });

  it('fires ten times a day, and the day begins at midnight UTC', () => {
    // The run begins at 23:00.
    const scheduled = new ScheduledCancel((23 / 24) * DAY_NS);
    let nowNs = 0;
    for (let time = 0; time < 10; time++) {
      expect(scheduled.set(nowNs, nowNs + 5 * NS_PER_S, 1e6)).toBeNull();
      nowNs += 5 * NS_PER_S;
      const restored = new ScheduledCancel((23 / 24) * DAY_NS);
      restored.restore(scheduled.snapshot());
      expect(restored.fires(nowNs)).toBe(true);
      expect(scheduled.fires(nowNs)).toBe(true);
    }
    expect(scheduled.set(nowNs, nowNs + 5 * NS_PER_S, 1e6)).toContain('10 times today');
    const midnightNs = DAY_NS / 24;
    expect(scheduled.set(midnightNs - 1, midnightNs + 5 * NS_PER_S, 1e6)).not.toBeNull();
    expect(scheduled.set(midnightNs, midnightNs + 5 * NS_PER_S, 1e6)).toBeNull();
  });

  it('cancels everything as scheduledCancel when its time has passed', () => {
    const stand = standing({ addressStartVolumeUsd: 1_000_000 });
    const { exchange } = stand;
    stand.place(BID, 999, 100);
    stand.place(ASK, 1002, 100);
    const atNs = stand.nowNs + 6 * NS_PER_S;
    expect(exchange.handleAction(stand.nowNs, 500, { type: 'scheduleCancel', atNs })).toEqual({
      error: null,
      items: [],
    });
    expect(exchange.dueNs).toBe(atNs);
    stand.journal.forget();
    exchange.passTime(atNs - 1);
    expect(stand.journal.lines).toEqual([]);
    exchange.passTime(atNs);
    expect(stand.journal.lines).toEqual([
      'removed 1 canceled 100/100',
      'update 1 scheduledCancel 100/100',
      'removed 2 canceled 100/100',
      'update 2 scheduledCancel 100/100',
    ]);
    expect(exchange.dueNs).toBe(Infinity);
  });

  it('tells the owner as a whole what is against it', () => {
    const stand = standing();
    const { error } = stand.exchange.handleAction(1, 1, { type: 'scheduleCancel', atNs: 10 * NS_PER_S });
    expect(error).toContain('Required: $1000000. Traded: $0');
    expect(stand.journal.lines[0]).toContain('rejected scheduleCancel');
  });
});

describe('the cap of open orders', () => {
  it('rises with what was traded, but not for reduce-only orders', () => {
    const stand = standing({ openOrders: 2, openOrdersReduceOnly: 2, openOrdersVolumeUsd: 100 });
    stand.place(BID, 999, 100);
    stand.place(BID, 998, 100);
    expect(stand.place(BID, 997, 100)).toMatchObject({ error: 'Too many open orders.' });
    // $100.1 × 0.999 coins are one cent short of it.
    stand.place(BID, 1001, 999, { tif: 'Ioc' });
    expect(stand.exchange.account.volumeUsd).toBe(99.9999);
    expect(stand.place(BID, 997, 100)).toMatchObject({ error: 'Too many open orders.' });
    stand.place(BID, 1001, 10, { tif: 'Ioc' });
    expect(stand.place(ASK, 1002, 100, { reduceOnly: true })).toMatchObject({ error: 'Too many open orders.' });
    expect(stand.place(BID, 997, 100).status).toBe('resting');
    expect(stand.place(BID, 996, 100)).toMatchObject({ error: 'Too many open orders.' });
  });
});
