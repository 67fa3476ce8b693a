import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../core/market.ts';
import type { ReconcileScope } from '../../../core/orchestrator/affected-tracker.ts';
import {
  DEFAULT_EVENT_ACCUMULATOR,
  EventAccumulator,
  type EventAccumulatorConfig,
} from '../../../core/orchestrator/event-accumulator.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from '../infra/frames.ts';

const MID = 1_000_000; // 1 bp is 100 ticks

/** With quotes that were made at `MID` at time 0. */
function quoted(change: Partial<EventAccumulatorConfig> = {}) {
  const log = new KeptLog();
  const events = new EventAccumulator({ ...DEFAULT_EVENT_ACCUMULATOR, ...change }, log.write);
  events.onMid(MID, 0);
  events.due(0);
  events.reconciled(0, MID, MID);
  return { log, events };
}

const at = (ms: number) => ms * NS_PER_MS;

describe('the start', () => {
  it('asks at once, and again when the first mid is there', () => {
    const events = new EventAccumulator(DEFAULT_EVENT_ACCUMULATOR, () => {});
    expect(events.nextCheckNs(7)).toBe(7);
    expect(events.due(7)).toBe('FallbackTimer');
    expect(events.due(at(200))).toBeNull();
    events.onMid(MID, at(200));
    expect(events.due(at(200))).toBe('FeedRestored');
  });
});

describe('the mid', () => {
  it.each([
    [499, false],
    [500, true],
    [-499, false],
    [-500, true],
    [800, true],
  ])('one jump by %d ticks (100 a bp) asks: %s', (ticks, asks) => {
    const { events } = quoted({ quoteDriftBps: 100 });
    events.onMid(MID + ticks, at(100));
    expect(events.due(at(100))).toBe(asks ? 'MidMove' : null);
  });

  it('asks for steps that add up to 5 bps, and not before', () => {
    const { events } = quoted({ quoteDriftBps: 100 });
    for (let i = 1; i <= 4; i++) events.onMid(MID + 120 * i, at(100 + i));
    expect(events.due(at(110))).toBeNull();
    events.onMid(MID + 601, at(120));
    expect(events.due(at(120))).toBe('MidMove');
  });

  it('counts steps from the last reconciliation on', () => {
    const { events } = quoted({ quoteDriftBps: 100 });
    events.onMid(MID + 400, at(100));
    events.reconciled(at(200), MID + 400, MID);
    events.onMid(MID + 800, at(300));
    expect(events.due(at(300))).toBeNull();
  });

  it.each([
    [199, false],
    [200, true],
    [-199, false],
    [-200, true],
  ])('%d ticks away from where the quotes were made asks: %s', (ticks, asks) => {
    const { events } = quoted();
    events.onMid(MID + ticks, at(100));
    expect(events.due(at(100))).toBe(asks ? 'QuoteDrift' : null);
  });

  it('that stands away from the quotes does not ask again and again', () => {
    const { events } = quoted();
    events.onMid(MID + 250, at(100));
    expect(events.due(at(100))).not.toBeNull();
    events.reconciled(at(100), MID + 250, MID);
    events.onMid(MID + 289, at(300));
    expect(events.due(at(300)), 'less than 0.4 bps further').toBeNull();
    events.onMid(MID + 291, at(500));
    expect(events.due(at(500))).toBe('QuoteDrift');
  });

  it('is measured from the newest quotes', () => {
    const { events } = quoted();
    events.onMid(MID + 250, at(100));
    events.due(at(100));
    events.reconciled(at(100), MID + 250, MID + 250);
    events.onMid(MID + 440, at(300));
    expect(events.due(at(300))).toBeNull();
  });
});

describe('other events', () => {
  it('a fill asks at once, for its side and order', () => {
    for (const full of [true, false]) {
      const { events } = quoted();
      events.onFill(full, BID, 7, at(100));
      expect(events.due(at(100))).toBe(full ? 'FullFill' : 'PartialFill');
    }
  });

  it('a vanished order asks at once, and so does the returning feed', () => {
    const one = quoted().events;
    one.onOrderGone(ASK, at(100));
    expect(one.due(at(100))).toBe('OrderGone');
    const two = quoted().events;
    two.onFeedRestored(at(100));
    expect(two.due(at(100))).toBe('FeedRestored');
  });

  it('ten trades ask together, nine do not', () => {
    const { events } = quoted();
    for (let i = 0; i < 9; i++) events.onTrade(at(100 + i));
    expect(events.due(at(110))).toBeNull();
    events.onTrade(at(111));
    expect(events.due(at(111))).toBe('Trade');
  });

  it('are named by the most urgent of them', () => {
    const { events } = quoted();
    for (let i = 0; i < 12; i++) events.onTrade(at(50));
    events.onFill(true, BID, 7, at(60));
    events.onOrderGone(ASK, at(70));
    expect(events.due(at(100))).toBe('FullFill');
  });
});

describe('the volatility, the regime, the signals and the queue', () => {
  it.each([
    [4.49, false],
    [4.5, true],
    [2.01, false],
    [2, true],
  ])('a volatility of %d after 3 asks: %s', (sigma, asks) => {
    const { events } = quoted();
    events.onSigma(3, at(10));
    events.onSigma(sigma, at(100));
    expect(events.due(at(100))).toBe(asks ? 'VolatilityChange' : null);
  });

  it('another regime asks at once, the first one does not', () => {
    const { events } = quoted();
    events.onRegime(1, at(50));
    expect(events.due(at(100))).toBeNull();
    events.onRegime(1, at(110));
    expect(events.due(at(110))).toBeNull();
    events.onRegime(2, at(120));
    expect(events.due(at(120))).toBe('RegimeChange');
  });

  it.each([
    [5.99, 0],
    [6, 1],
    [4, 1],
    [4.01, 0],
    [-5, 1],
  ])('a signal of %d bps after 5 is %d events, and none that asks alone', (bps, count) => {
    const { log, events } = quoted({ fallbackNs: 100 * NS_PER_S });
    events.onSignal(5, at(10));
    events.reconciled(at(20), MID, MID);
    events.onSignal(bps, at(30));
    expect(events.due(at(200))).toBeNull();
    events.due(at(9_000));
    expect(log.of('events-pending').map(({ events: pending }) => pending)).toEqual(count === 0 ? [] : [1]);
  });

  it('an order without a chance waits for company', () => {
    const { events } = quoted();
    events.onQueueDepletion(BID, 5, at(10));
    expect(events.due(at(100))).toBeNull();
    expect(events.scope).toEqual({ type: 'LevelsOnly', oids: [5] });
  });
});

describe('the scope', () => {
  it.each<[string, (events: EventAccumulator) => void, ReconcileScope]>([
    ['nothing', () => {}, { type: 'Full' }],
    ['a fill', events => events.onFill(false, BID, 5, 1), { type: 'SideAndLevels', side: BID, oids: [5] }],
    ['an order gone', events => events.onOrderGone(ASK, 1), { type: 'SideOnly', side: ASK }],
    ['a move', events => events.onMid(MID + 600, 1), { type: 'Full' }],
    [
      'a trade and a fill',
      events => {
        events.onTrade(1);
        events.onFill(true, BID, 5, 1);
      },
      { type: 'Full' },
    ],
    [
      'ten fills',
      events => {
        for (let fill = 0; fill < 10; fill++) events.onFill(true, BID, fill, 1);
      },
      { type: 'Full' },
    ],
  ])('of %s', (_what, happen, scope) => {
    const { events } = quoted();
    happen(events);
    expect(events.scope).toEqual(scope);
    events.reconciled(2, MID, MID);
    expect(events.scope).toEqual({ type: 'Full' });
  });

  it('is not lost with a snapshot', () => {
    const { events } = quoted();
    events.onFill(true, BID, 5, 1);
    const restored = quoted().events;
    restored.restore(events.snapshot());
    expect(restored.scope).toEqual(events.scope);
  });
});

describe('time', () => {
  it('the debounce holds until 100 ms after the last reconciliation', () => {
    const { events } = quoted();
    events.onFill(true, BID, 7, at(10));
    expect(events.due(at(100) - 1)).toBeNull();
    expect(events.nextCheckNs(at(50))).toBe(at(100));
    expect(events.due(at(100))).not.toBeNull();
  });

  it('the fallback asks after 5 s', () => {
    const { events } = quoted();
    expect(events.nextCheckNs(at(10))).toBe(at(5_000));
    expect(events.due(at(5_000) - 1)).toBeNull();
    expect(events.due(at(5_000))).toBe('FallbackTimer');
  });

  it('a debounce longer than the fallback wins', () => {
    const { events } = quoted({ debounceNs: 60 * NS_PER_S });
    events.onFill(true, BID, 7, at(10));
    expect(events.due(at(59_999))).toBeNull();
    expect(events.nextCheckNs(at(10))).toBe(at(60_000));
    expect(events.due(at(60_000))).toBe('FullFill');
  });

  it('switched off, only the fallback asks', () => {
    const { events } = quoted({ enabled: false });
    events.onFill(true, BID, 7, at(10));
    events.onMid(MID * 2, at(20));
    expect(events.due(at(4_999))).toBeNull();
    expect(events.due(at(5_000))).toBe('FallbackTimer');
  });
});

describe('a cycle that was stopped', () => {
  it('leaves events pending, and is asked for again by the next new one or after the fallback', () => {
    const { events } = quoted();
    events.onFill(true, BID, 7, at(100));
    expect(events.due(at(100))).not.toBeNull();
    for (let ms = 101; ms < 5_100; ms += 50) expect(events.due(at(ms)), 'not with every message').toBeNull();
    expect(events.due(at(5_100))).toBe('FallbackTimer');
    events.onMid(MID + 500, at(5_300));
    expect(events.due(at(5_300)), 'the old event is in it, too').toBe('FullFill');
  });

  it('is not asked for within the debounce', () => {
    const { events } = quoted();
    events.onFill(true, BID, 7, at(100));
    events.due(at(100));
    events.onFill(true, BID, 7, at(101));
    expect(events.due(at(199))).toBeNull();
    expect(events.due(at(200))).not.toBeNull();
  });
});

describe('a storm of events', () => {
  it('is told of from 60 events within a second on, once in 10 s', () => {
    const { log, events } = quoted();
    for (let i = 0; i < 59; i++) events.onTrade(at(20_000 + i));
    for (let i = 0; i < 59; i++) events.onTrade(at(21_000 + i));
    expect(log.of('event-storm')).toEqual([]);
    events.onTrade(at(21_900));
    for (let i = 0; i < 100; i++) events.onTrade(at(23_000 + i));
    expect(log.of('event-storm')).toEqual([{ type: 'event-storm', atNs: at(21_900), events: 60, spanNs: 900_000_000 }]);
    for (let i = 0; i < 100; i++) events.onTrade(at(32_000 + i));
    expect(log.of('event-storm')).toHaveLength(2);
  });
});

describe('a jump of the mid', () => {
  it('is told of where it makes 5 bps within 4 s, in one step or several, once in 10 s', () => {
    const { log, events } = quoted();
    events.onMid(MID * 1.00049, at(30_000));
    expect(log.of('mid-jump')).toEqual([]);
    events.onMid(MID * 1.00052, at(31_000));
    expect(log.of('mid-jump')).toMatchObject([{ atNs: at(31_000), spanNs: at(1_000) }]);
    events.onMid(MID * 1.002, at(32_000));
    expect(log.of('mid-jump')).toHaveLength(1);
  });

  it('is none where the same way takes longer', () => {
    const { log, events } = quoted();
    for (let s = 0; s <= 20; s++) events.onMid(MID * (1 + s / 100_000), at(30_000 + s * 1_000));
    expect(log.of('mid-jump')).toEqual([]);
  });
});

describe('events that pile up', () => {
  it('are logged when the oldest is over 5 s old, once', () => {
    const { log, events } = quoted({ debounceNs: 60 * NS_PER_S });
    for (let i = 0; i < 50; i++) events.onTrade(at(1_000 + i * 20));
    events.due(at(6_000));
    expect(log.entries, 'at 5 s').toEqual([]);
    events.due(at(6_000) + 1);
    events.due(at(9_000));
    expect(log.of('events-pending')).toEqual([
      {
        type: 'events-pending',
        atNs: at(6_000) + 1,
        events: 50,
        oldestAgeNs: at(5_000) + 1,
        debounceNs: 60 * NS_PER_S,
      },
    ]);
    events.reconciled(at(10_000), MID, MID);
    events.onTrade(at(11_000));
    events.due(at(16_001));
    expect(log.entries.length).toBe(2);
  });

  it('is none while cycles are asked for and stop, however long that takes', () => {
    const { log, events } = quoted();
    for (let ms = 100; ms < 60_000; ms += 100) {
      if (ms % 700 === 0) events.onTrade(at(ms));
      events.due(at(ms));
    }
    events.onTrade(at(60_000));
    events.due(at(90_000) + 1);
    expect(log.entries).toEqual([]);
  });

  it('is one again when nobody asks after a stopped cycle', () => {
    const { log, events } = quoted({ debounceNs: 60 * NS_PER_S });
    events.onTrade(at(59_000));
    expect(events.due(at(60_000))).toBe('FallbackTimer');
    events.due(at(65_000));
    expect(log.entries).toEqual([]);
    events.due(at(65_000) + 1);
    expect(log.of('events-pending')).toMatchObject([{ events: 1, oldestAgeNs: at(6_000) + 1 }]);
  });

  it('a storm asks no more often than the debounce lets it', () => {
    const { events } = quoted();
    let asked = 0;
    for (let ms = 1; ms <= 10_000; ms++) {
      for (let i = 0; i < 5; i++) events.onTrade(at(ms));
      events.onMid(MID + (ms % 2) * 1_000, at(ms));
      if (events.due(at(ms)) === null) continue;
      asked++;
      events.reconciled(at(ms), MID, MID);
    }
    expect(asked).toBe(100);
  });
});

describe('whatever happens', () => {
  const step = fc.record({
    what: fc.constantFrom('mid', 'mid', 'trade', 'fill', 'gone', 'restored', 'done', 'none'),
    ticks: fc.integer({ min: -600, max: 600 }),
    waitMs: fc.integer({ min: 0, max: 400 }),
  });
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  const apply = (events: EventAccumulator, { what, ticks }: Step, nowNs: number) => {
    if (what === 'mid') events.onMid(MID + ticks, nowNs);
    else if (what === 'trade') events.onTrade(nowNs);
    else if (what === 'fill') events.onFill(ticks > 0, BID, 7, nowNs);
    else if (what === 'gone') events.onOrderGone(ASK, nowNs);
    else if (what === 'restored') events.onFeedRestored(nowNs);
  };

  it('it asks within the fallback, keeps the debounce, and its timer misses nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const { events } = quoted();
        let nowNs = 0;
        let askedNs = 0;
        for (const next of steps) {
          nowNs += at(next.waitMs);
          apply(events, next, nowNs);
          const checkNs = events.nextCheckNs(nowNs);
          expect(checkNs).toBeGreaterThanOrEqual(nowNs);
          expect(checkNs - askedNs).toBeLessThanOrEqual(Math.max(nowNs - askedNs, 5 * NS_PER_S));
          const due = events.due(nowNs);
          expect(due !== null).toBe(checkNs === nowNs);
          if (due === null) continue;
          expect(nowNs - askedNs).toBeGreaterThanOrEqual(at(100));
          askedNs = nowNs;
          if (next.what === 'done') events.reconciled(nowNs, MID + next.ticks, next.ticks > 0 ? MID + next.ticks : MID);
        }
      }),
      draws(1, 500),
    );
  });

  it('it goes on after a restore as it would have', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, cut) => {
        const one = new EventAccumulator(DEFAULT_EVENT_ACCUMULATOR, () => {});
        let two = new EventAccumulator(DEFAULT_EVENT_ACCUMULATOR, () => {});
        let nowNs = 0;
        for (const [index, next] of steps.entries()) {
          nowNs += at(next.waitMs);
          if (index === cut) {
            const state = structuredClone(two.snapshot());
            two = new EventAccumulator(DEFAULT_EVENT_ACCUMULATOR, () => {});
            two.restore(state);
          }
          for (const events of [one, two]) apply(events, next, nowNs);
          expect(two.nextCheckNs(nowNs)).toBe(one.nextCheckNs(nowNs));
          expect(two.due(nowNs)).toEqual(one.due(nowNs));
          if (next.what === 'done') for (const events of [one, two]) events.reconciled(nowNs, MID, MID);
        }
        expect(two.snapshot()).toEqual(one.snapshot());
      }),
      draws(1, 200),
    );
  });
});
