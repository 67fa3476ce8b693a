import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, PostReplyMessage } from '../../../core/port.ts';
import { HighLatency } from '../../../reports/symptoms/high-latency.ts';
import type { HighLatencyThresholds } from '../../../reports/symptoms/thresholds.ts';
import { draws } from '../../support/draws.ts';
import { BTC, S, work } from '../support.ts';
import { type Span, spansOf } from './spans.ts';

const US = 1_000;
const MS = 1_000_000;

type Happening =
  | { ns: number; kind: 'handled'; tookNs: number; waitedNs: number; cycles: number; spills: number }
  | { ns: number; kind: 'post'; id: number; via: 'websocket' | 'rest' }
  | { ns: number; kind: 'reply'; id: number };

function post(id: number, via: 'websocket' | 'rest' = 'websocket'): Command {
  return { kind: 'post', via, id, nonce: id, action: { type: 'noop' } };
}

function reply(id: number): PostReplyMessage {
  return { kind: 'post-reply', nowNs: 0, id, error: null, items: [] };
}

function tell(observer: HighLatency, happenings: readonly Happening[], from = 0, to = happenings.length): void {
  for (let event = from; event < to; event++) {
    const it = happenings[event];
    if (it.kind === 'post') observer.onCommand(it.ns, event, post(it.id, it.via));
    else if (it.kind === 'reply') observer.onReply(it.ns, event, reply(it.id));
    else observer.onHandled(it.ns, it.ns + it.tookNs, it.waitedNs, work({ ...it, kind: 'book', event }));
  }
}

const step = fc.record({
  gapNs: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(25)),
  kind: fc.constantFrom('handled', 'handled', 'handled', 'post', 'reply'),
  tookNs: fc.nat(24),
  waitedNs: fc.nat(6),
  cycles: fc.constantFrom(0, 1, 1, 2),
  spills: fc.constantFrom(0, 0, 1),
  via: fc.constantFrom<'websocket' | 'rest'>('websocket', 'websocket', 'rest'),
});

const history = fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }).map(steps => {
  let ns = 1;
  let id = 0;
  const open: number[] = [];
  return steps.map(({ gapNs, kind, via, ...handled }): Happening => {
    ns += gapNs;
    const answered = kind === 'reply' ? open.shift() : undefined;
    if (answered !== undefined) return { ns, kind: 'reply', id: answered };
    if (kind !== 'post') return { ns, kind: 'handled', ...handled };
    open.push(++id);
    return { ns, kind: 'post', id, via };
  });
});

const SHORT: HighLatencyThresholds = {
  windowNs: 20,
  cycleNs: 9,
  criticalCycleNs: 15,
  slowCycles: 2,
  slowPercent: 30,
  arenaCycles: 3,
  arenaPercent: 40,
  roundTrips: 2,
  roundTripNs: 6,
  queueNs: 4,
  queuePercent: 30,
};

/** The matrix's words, looked at in every nanosecond, with percentiles by sorting. */
function isHotSlowly(happenings: readonly Happening[], ns: number, thresholds: HighLatencyThresholds): boolean {
  const inside = happenings.filter(it => it.ns <= ns && it.ns > ns - thresholds.windowNs);
  const handled = inside.filter(it => it.kind === 'handled');
  const lengths = handled.flatMap(it => Array.from({ length: it.cycles }, () => it.tookNs / it.cycles));
  const spilled = handled.flatMap(it => Array.from({ length: it.cycles }, (_, cycle) => cycle < it.spills));
  const slow = lengths.filter(length => length > thresholds.cycleNs).length;
  const spills = spilled.filter(Boolean).length;
  const trips = samples(happenings, thresholds.roundTripNs)
    .filter(it => inside.includes(it))
    .map(sent => {
      const answer = happenings.find(it => it.kind === 'reply' && it.id === sent.id && it.ns <= ns);
      return (answer?.ns ?? ns) - sent.ns;
    });
  const waits = handled.map(it => it.waitedNs);
  return (
    (slow >= thresholds.slowCycles && slow / lengths.length > thresholds.slowPercent / 100) ||
    (lengths.length >= thresholds.arenaCycles &&
      spills > 0 &&
      spills / lengths.length >= thresholds.arenaPercent / 100) ||
    (trips.length >= thresholds.roundTrips && percentile(trips, 50) > thresholds.roundTripNs) ||
    (waits.length > 0 && percentile(waits, 100 - thresholds.queuePercent) > thresholds.queueNs)
  );
}

type Post = Extract<Happening, { kind: 'post' }>;

/** Posts on the websocket that left while no young one was on the way. */
function samples(happenings: readonly Happening[], youngNs: number): Post[] {
  const taken: Post[] = [];
  const answered = new Set<number>();
  for (const it of happenings) {
    if (it.kind === 'reply') answered.add(it.id);
    if (it.kind !== 'post' || it.via !== 'websocket') continue;
    if (!taken.some(({ id, ns }) => !answered.has(id) && it.ns - ns <= youngNs)) taken.push(it);
  }
  return taken;
}

/** By nearest rank: the least value that so many per cent do not exceed. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1];
}

describe('high-latency against a judge that looks at every nanosecond', () => {
  const plain = (observer: HighLatency): Span[] => observer.intervals().map(({ fromNs, toNs }) => ({ fromNs, toNs }));

  it('finds the same intervals', () => {
    const words = new Map<string, number>();
    fc.assert(
      fc.property(history, happenings => {
        const endNs = (happenings.at(-1)?.ns ?? 0) + 30;
        const observer = new HighLatency([BTC], SHORT);
        tell(observer, happenings);
        observer.onEnd(endNs);
        expect(plain(observer)).toEqual(spansOf(endNs, ns => isHotSlowly(happenings, ns, SHORT)));
        for (const { why } of observer.intervals()) {
          const form = why.replaceAll(/\d+(\.\d+)?/g, 'n');
          words.set(form, (words.get(form) ?? 0) + 1);
        }
      }),
      draws(1, 500),
    );
    // Critical cycles, slow ones, spills, round trips and waiting each came up often enough to mean something.
    expect(words.size).toBe(5);
    expect(Math.min(...words.values())).toBeGreaterThan(20);
  });

  it('goes on after a restore as if nothing had been', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (happenings, cut) => {
        const at = Math.min(cut, happenings.length);
        const whole = new HighLatency([BTC], SHORT);
        tell(whole, happenings, 0, at);
        const resumed = new HighLatency([BTC], SHORT);
        resumed.restore(structuredClone(whole.snapshot()));
        tell(whole, happenings, at);
        tell(resumed, happenings, at);
        expect(resumed.snapshot()).toEqual(whole.snapshot());
      }),
      draws(2, 300),
    );
  });
});

describe('high-latency, number by number', () => {
  const observe = (): HighLatency => new HighLatency([BTC]);
  const cycle = (observer: HighLatency, ns: number, tookNs: number, spills = 0): void =>
    observer.onHandled(ns, ns + tookNs, 0, work({ cycles: 1, spills, event: 7 }));
  const hotAtEnd = (observer: HighLatency, ns: number): boolean => {
    observer.onEnd(ns);
    return observer.isHot;
  };

  it('takes a third cycle over 1,000 us, and not one of exactly that', () => {
    for (const [tookNs, hot] of [
      [1_000 * US, false],
      [1_000 * US + 1, true],
    ] as const) {
      const observer = observe();
      for (const second of [1, 2]) cycle(observer, second * S, 2 * MS);
      expect(observer.isHot).toBe(false);
      cycle(observer, 3 * S, tookNs);
      expect(hotAtEnd(observer, 4 * S)).toBe(hot);
    }
  });

  it('takes 3 of 299 cycles, and not 3 of 300', () => {
    for (const [cycles, hot] of [
      [299, true],
      [300, false],
    ] as const) {
      const observer = observe();
      for (let index = 0; index < cycles; index++) cycle(observer, S + index, index < cycles - 3 ? 100 * US : 2 * MS);
      expect(hotAtEnd(observer, S + cycles)).toBe(hot);
    }
  });

  it('calls it critical where the slow ones are over 5,000 us', () => {
    for (const [tookNs, words] of [
      [5_000 * US, '3 of 3 quote cycles took over 1 ms'],
      [5_000 * US + 1, '3 of 3 quote cycles took over 5 ms (critical)'],
    ] as const) {
      const observer = observe();
      for (const second of [1, 2, 3]) cycle(observer, second * S, tookNs);
      observer.onEnd(4 * S);
      expect(observer.intervals()).toMatchObject([{ fromNs: 3 * S, side: null, event: 7, why: words }]);
    }
  });

  it('forgets a cycle 10 s after it began, to the nanosecond', () => {
    const observer = observe();
    for (const second of [1, 2, 3]) cycle(observer, second * S, 2 * MS);
    observer.onEnd(30 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 3 * S, toNs: 11 * S }]);
  });

  it('shares the time of a message among the cycles of its instruments', () => {
    const observer = observe();
    for (const second of [1, 2, 3]) observer.onHandled(second * S, second * S + 3 * MS, 0, work({ cycles: 3 }));
    expect(hotAtEnd(observer, 4 * S)).toBe(false);
  });

  it('takes spills in 1 of 20 cycles, not in 1 of 21, and not in all of 19', () => {
    for (const [cycles, spilling, hot] of [
      [20, 1, true],
      [21, 1, false],
      [19, 19, false],
    ] as const) {
      const observer = observe();
      for (let index = 0; index < cycles; index++) cycle(observer, S + index, 100 * US, index < spilling ? 1 : 0);
      expect(hotAtEnd(observer, S + cycles)).toBe(hot);
    }
  });

  it('takes a median round trip over 200 ms of 9 posts, not of 8, and not of exactly 200 ms', () => {
    for (const [posts, tripNs, hot] of [
      [9, 200 * MS + 1, true],
      [9, 200 * MS, false],
      [8, 200 * MS + 1, false],
    ] as const) {
      const observer = observe();
      for (let id = 1; id <= posts; id++) {
        observer.onCommand(id * S, 1, post(id));
        observer.onReply(id * S + tripNs, 2, reply(id));
      }
      expect(hotAtEnd(observer, 10 * S)).toBe(hot);
    }
  });

  it('counts a post without a reply as its age, and none that goes beside the socket', () => {
    const observer = observe();
    for (let id = 1; id <= 9; id++) {
      const sentNs = S + (id - 1) * 250 * MS;
      observer.onCommand(sentNs, 1, post(id));
      if (id <= 4) observer.onReply(sentNs + 90 * MS, 2, reply(id));
    }
    observer.onEnd(30 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 3 * S + 200 * MS + 1, toNs: 11 * S }]);
    const beside = observe();
    for (let id = 1; id <= 9; id++) beside.onCommand(S, 1, post(id, 'rest'));
    expect(hotAtEnd(beside, 3 * S)).toBe(false);
  });

  it('counts a burst as its first post', () => {
    const observer = observe();
    for (let id = 1; id <= 10; id++) observer.onCommand(S + id, 1, post(id));
    expect(hotAtEnd(observer, 3 * S)).toBe(false);
  });

  it('takes 2 of 199 messages that waited over 5,000 us, not 2 of 200, and none of exactly that', () => {
    for (const [messages, waitedNs, hot] of [
      [199, 5_000 * US + 1, true],
      [200, 5_000 * US + 1, false],
      [199, 5_000 * US, false],
    ] as const) {
      const observer = observe();
      for (let index = 0; index < messages; index++) {
        const late = index >= messages - 2 ? waitedNs : 0;
        observer.onHandled(S + index, S + index + 1, late, work({ waitedNs: late }));
      }
      expect(hotAtEnd(observer, 2 * S)).toBe(hot);
    }
  });
});
