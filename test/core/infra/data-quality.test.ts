import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataQuality, DEFAULT_DATA_QUALITY } from '../../../core/infra/data-quality.ts';
import type { AllMidsMessage, AssetContext, AssetContextMessage, BookMessage } from '../../../core/port.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { ASKS, BIDS, bookFrame, KeptLog, tradesFrame } from './frames.ts';

const MID = 10_000;

function fresh() {
  const log = new KeptLog();
  return { log, quality: new DataQuality(DEFAULT_DATA_QUALITY, log.write) };
}

/** Checks a frame and, as the core does, applies it where it is good. */
function deliver(quality: DataQuality, frame: BookMessage, midTicks = MID): boolean {
  const good = quality.checkBook(frame, midTicks);
  if (good) quality.bookApplied(frame.feed, frame.nowNs, 9_999, 10_001);
  return good;
}

describe('sequence', () => {
  it('puts up with 10 missing messages and counts 11', () => {
    for (const [missing, anomalies] of [
      [0, 0],
      [1, 0],
      [10, 0],
      [11, 1],
    ] as const) {
      const { log, quality } = fresh();
      expect(quality.checkBook(bookFrame({ sequence: 5 }), MID)).toBe(true);
      expect(quality.checkBook(bookFrame({ sequence: 6 + missing }), MID), 'the frame itself is good').toBe(true);
      expect(log.count('SequenceGap')).toBe(anomalies);
      expect(log.of('anomaly').map(entry => entry.value)).toEqual(anomalies === 0 ? [] : [missing]);
    }
  });

  it('counts each feed by itself, and anew after a re-subscription', () => {
    const { log, quality } = fresh();
    quality.checkBook(bookFrame({ sequence: 0 }), MID);
    quality.checkBook(bookFrame({ feed: 'bbo', sequence: 40 }), MID);
    quality.checkTrades(tradesFrame({ sequence: 90 }), MID);
    expect(log.count('SequenceGap')).toBe(0);
    quality.resetFeed('l2Book');
    quality.checkBook(bookFrame({ sequence: 500 }), MID);
    expect(log.count('SequenceGap')).toBe(0);
    quality.checkTrades(tradesFrame({ sequence: 102 }), MID);
    expect(log.count('SequenceGap')).toBe(1);
  });

  it('does not take an old number for the newest', () => {
    const { log, quality } = fresh();
    for (const sequence of [0, 1, 2, 1, 3]) quality.checkBook(bookFrame({ sequence }), MID);
    expect(log.count('SequenceGap')).toBe(0);
  });
});

describe('timestamps', () => {
  it('refuses a frame older than the one before, and recovers at the next', () => {
    const { log, quality } = fresh();
    for (const [sequence, exchNs] of [100, 200, 300].entries())
      expect(quality.checkBook(bookFrame({ sequence, exchNs }), MID)).toBe(true);
    expect(quality.checkBook(bookFrame({ sequence: 3, exchNs: 250 }), MID)).toBe(false);
    expect(log.of('anomaly')).toMatchObject([{ anomaly: 'TimestampRegression', feed: 'l2Book', value: 50 }]);
    expect(quality.checkBook(bookFrame({ sequence: 4, exchNs: 260 }), MID), 'the clock was moved back').toBe(true);
  });

  it('takes equal timestamps', () => {
    const { quality } = fresh();
    quality.checkBook(bookFrame({ exchNs: 100 }), MID);
    expect(quality.checkBook(bookFrame({ sequence: 1, exchNs: 100 }), MID)).toBe(true);
  });

  it('keeps a clock for each feed', () => {
    const { quality } = fresh();
    quality.checkBook(bookFrame({ exchNs: 300 }), MID);
    expect(quality.checkBook(bookFrame({ feed: 'bbo', exchNs: 100 }), MID)).toBe(true);
    expect(quality.checkTrades(tradesFrame({ exchNs: 50 }), MID)).toBe(true);
    expect(quality.checkTrades(tradesFrame({ exchNs: 60, sequence: 1 }), MID)).toBe(true);
    expect(quality.checkTrades(tradesFrame({ exchNs: 59, sequence: 2 }), MID)).toBe(false);
  });

  it('says nothing of a frame that the first of a subscription overtook, and refuses it', () => {
    const { log, quality } = fresh();
    quality.checkBook(bookFrame({ exchNs: 300 }), MID);
    expect(quality.checkBook(bookFrame({ sequence: 1, exchNs: 200 }), MID)).toBe(false);
    expect(log.count('TimestampRegression')).toBe(0);
    expect(quality.checkBook(bookFrame({ sequence: 2, exchNs: 250 }), MID)).toBe(true);
    expect(quality.checkBook(bookFrame({ sequence: 3, exchNs: 240 }), MID)).toBe(false);
    expect(log.count('TimestampRegression')).toBe(1);
  });
});

describe('values', () => {
  it.each([
    [0, 'InvalidPrice'],
    [-1, 'InvalidPrice'],
    [Number.NaN, 'InvalidPrice'],
  ] as const)('refuses a price of %d', (ticks, anomaly) => {
    const { log, quality } = fresh();
    expect(quality.checkBook(bookFrame({ asks: [...ASKS, [ticks, 1]] }), MID)).toBe(false);
    expect(quality.checkTrades(tradesFrame({ rows: [[ticks, 1]] }), MID)).toBe(false);
    expect(log.count(anomaly)).toBe(2);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a size of %d in a whole book and in a trade',
    lots => {
      const { log, quality } = fresh();
      for (const feed of ['l2Book', 'bbo'] as const)
        expect(quality.checkBook(bookFrame({ feed, bids: [[9_999, lots]] }), MID)).toBe(false);
      expect(quality.checkTrades(tradesFrame({ rows: [[10_000, lots]] }), MID)).toBe(false);
      expect(log.count('InvalidSize')).toBe(3);
    },
  );

  it('takes a size of 0 in a delta, which removes the level, and no other bad one', () => {
    const { log, quality } = fresh();
    quality.checkBook(bookFrame(), MID);
    const delta = (sequence: number, lots: number) =>
      quality.checkBook(bookFrame({ sequence, isSnapshot: false, bids: [[9_999, lots]], asks: [] }), MID);
    expect(delta(1, 0)).toBe(true);
    expect(delta(2, -1)).toBe(false);
    expect(log.count('InvalidSize')).toBe(1);
  });

  it('looks at the rows of its own frame only', () => {
    const { quality } = fresh();
    const frame = bookFrame({ bids: [[-5, -5], ...BIDS], asks: [...ASKS, [-5, -5]] });
    expect(quality.checkBook({ ...frame, first: 1, count: 4 }, MID)).toBe(true);
  });
});

describe('distance from the mid', () => {
  it('takes a touch exactly 20 % off and refuses one beyond', () => {
    for (const [bid, ask, good] of [
      [8_000, 10_001, true],
      [7_999, 10_001, false],
      [9_999, 12_000, true],
      [9_999, 12_001, false],
      [12_000, 12_001, false],
      [7_999, 8_000, false],
    ] as const) {
      const { log, quality } = fresh();
      expect(quality.checkBook(bookFrame({ bids: [[bid, 1]], asks: [[ask, 1]] }), MID), `${bid} ${ask}`).toBe(good);
      expect(quality.checkBook(bookFrame({ feed: 'bbo', bids: [[bid, 1]], asks: [[ask, 1]] }), MID)).toBe(good);
      expect(log.count('InvalidPrice')).toBe(good ? 0 : 2);
    }
  });

  it('takes a trade exactly 20 % off and refuses one beyond', () => {
    const { quality } = fresh();
    expect(quality.checkTrades(tradesFrame({ rows: [[8_000, 1]] }), MID)).toBe(true);
    expect(quality.checkTrades(tradesFrame({ sequence: 1, rows: [[12_000, 1]] }), MID)).toBe(true);
    expect(quality.checkTrades(tradesFrame({ sequence: 2, rows: [[7_999, 1]] }), MID)).toBe(false);
    expect(quality.checkTrades(tradesFrame({ sequence: 3, rows: [[12_001, 1]] }), MID)).toBe(false);
  });

  it('is exact at every mid, halves included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000_000 }), twiceMid => {
        const midTicks = twiceMid * 2.5; // 20 % of it is a whole or half number
        const limit = Math.floor(midTicks * 1.2 + 1e-6);
        const { quality } = fresh();
        const at = (ticks: number, sequence: number) =>
          quality.checkTrades(tradesFrame({ sequence, rows: [[ticks, 1]] }), midTicks);
        expect(at(limit, 0)).toBe(true);
        expect(at(limit + 1, 1)).toBe(false);
      }),
      draws(1, 200),
    );
  });

  it('refuses a level on the wrong side of the mid wherever it stands, and lets deep ones be', () => {
    const { log, quality } = fresh();
    expect(quality.checkBook(bookFrame({ bids: [...BIDS, [1_000, 1]], asks: [...ASKS, [90_000, 1]] }), MID)).toBe(true);
    const delta = { isSnapshot: false, sequence: 1 };
    expect(quality.checkBook(bookFrame({ ...delta, bids: [[100, 1]], asks: [[90_000, 1]] }), MID)).toBe(true);
    expect(quality.checkBook(bookFrame({ ...delta, sequence: 2, bids: [], asks: [[7_999, 1]] }), MID)).toBe(false);
    expect(log.count('InvalidPrice')).toBe(1);
  });

  it('lets a delta remove a level anywhere', () => {
    const { quality } = fresh();
    quality.checkBook(bookFrame(), MID);
    const removal = bookFrame({ isSnapshot: false, sequence: 1, bids: [[50_000, 0]], asks: [[100, 0]] });
    expect(quality.checkBook(removal, MID)).toBe(true);
  });

  it('measures nothing without a mid, nor with one older than 30 s', () => {
    const { quality } = fresh();
    const far = { bids: [[5_000, 1]], asks: [[5_001, 1]] } as const;
    expect(quality.checkBook(bookFrame(far), 0)).toBe(true);
    quality.bookApplied('l2Book', 0, 9_999, 10_001);
    expect(quality.checkBook(bookFrame({ ...far, sequence: 1, nowNs: 30 * NS_PER_S }), MID)).toBe(false);
    expect(quality.checkBook(bookFrame({ ...far, sequence: 2, nowNs: 30 * NS_PER_S + 1 }), MID)).toBe(true);
  });
});

describe('crossed books', () => {
  it('refuses a whole book whose bid is at its ask or above', () => {
    for (const [bid, ask, good] of [
      [9_999, 10_000, true],
      [10_000, 10_000, false],
      [10_001, 10_000, false],
    ] as const) {
      const { log, quality } = fresh();
      expect(quality.checkBook(bookFrame({ bids: [[bid, 1]], asks: [[ask, 1]] }), MID)).toBe(good);
      expect(log.count('CrossedBook')).toBe(good ? 0 : 1);
    }
  });

  it('keeps the gate shut and the age running until an uncrossed book comes', () => {
    const { log, quality } = fresh();
    deliver(quality, bookFrame());
    expect(deliver(quality, bookFrame({ sequence: 1, nowNs: NS_PER_S, bids: [[10_001, 1]] }))).toBe(false);
    expect(quality.shouldGateQuotes(NS_PER_S)).toEqual({ type: 'CrossedBook', bestBid: 10_001, bestAsk: 10_001 });
    expect(quality.bookAgeNs(NS_PER_S)).toBe(NS_PER_S);
    deliver(quality, bookFrame({ sequence: 2, nowNs: 2 * NS_PER_S }));
    expect(quality.shouldGateQuotes(2 * NS_PER_S)).toBeNull();
    expect(log.of('quote-gate').map(entry => entry.reason?.type ?? null)).toEqual(['CrossedBook', null]);
  });

  it('raises a book that was crossed by what was applied, once', () => {
    const { log, quality } = fresh();
    quality.bookApplied('l2Book', 0, 9_999, 10_001);
    quality.bookApplied('l2Book', 1, 10_001, 10_001);
    quality.bookApplied('l2Book', 2, 10_002, 10_001);
    expect(log.count('CrossedBook')).toBe(1);
    expect(quality.shouldGateQuotes(2)).toEqual({ type: 'CrossedBook', bestBid: 10_002, bestAsk: 10_001 });
    quality.bookApplied('l2Book', 3, 10_000, 10_001);
    expect(quality.shouldGateQuotes(3)).toBeNull();
  });

  it('does not call an empty side crossed', () => {
    const { quality } = fresh();
    expect(quality.checkBook(bookFrame({ asks: [] }), MID)).toBe(true);
    quality.bookApplied('l2Book', 0, 9_999, 0);
    expect(quality.shouldGateQuotes(0)).toBeNull();
  });

  it('looks away where it is told to', () => {
    const log = new KeptLog();
    const quality = new DataQuality({ ...DEFAULT_DATA_QUALITY, checkCrossedBooks: false }, log.write);
    expect(quality.checkBook(bookFrame({ bids: [[10_001, 1]] }), MID)).toBe(true);
    quality.bookApplied('l2Book', 0, 10_001, 10_001);
    expect(quality.shouldGateQuotes(0)).toBeNull();
  });
});

describe('deltas', () => {
  const snapshot = (updateId: number, sequence = 0) => bookFrame({ updateId, sequence });
  const delta = (previousUpdateId: number, updateId: number, sequence = 1) =>
    bookFrame({ isSnapshot: false, previousUpdateId, updateId, sequence });

  it('are refused before a snapshot, without asking for one: it is on its way', () => {
    const { quality } = fresh();
    expect(quality.checkBook(delta(1, 2), MID)).toBe(false);
    expect(quality.feedOutOfStep).toBeNull();
  });

  it('follow one on the other', () => {
    const { quality } = fresh();
    expect(quality.checkBook(snapshot(10), MID)).toBe(true);
    expect(quality.checkBook(delta(10, 15, 1), MID)).toBe(true);
    expect(quality.checkBook(delta(15, 20, 2), MID)).toBe(true);
    expect(quality.checkBook(delta(21, 25, 3), MID), 'one update was lost').toBe(false);
    expect(quality.feedOutOfStep).toBe('l2Book');
    expect(quality.checkBook(delta(25, 30, 4), MID), 'nothing stands any more').toBe(false);
    quality.resetFeed('l2Book');
    expect(quality.feedOutOfStep, 'asked for, not come').toBe('l2Book');
    expect(quality.checkBook(snapshot(40, 5), MID)).toBe(true);
    expect(quality.feedOutOfStep).toBeNull();
    expect(quality.checkBook(delta(40, 41, 6), MID)).toBe(true);
  });

  it('may begin before the snapshot that they follow, but not before another delta', () => {
    const { quality } = fresh();
    quality.checkBook(snapshot(10), MID);
    expect(quality.checkBook(delta(2, 8, 1), MID), 'part of the snapshot').toBe(false);
    expect(quality.checkBook(delta(8, 12, 2), MID)).toBe(true);
    expect(quality.feedOutOfStep).toBeNull();
    expect(quality.checkBook(delta(11, 14, 3), MID)).toBe(false);
    expect(quality.feedOutOfStep).toBe('l2Book');
  });

  it('that come twice are refused and do no harm', () => {
    const { log, quality } = fresh();
    quality.checkBook(snapshot(10), MID);
    expect(quality.checkBook(delta(10, 12, 1), MID)).toBe(true);
    expect(quality.checkBook(delta(10, 12, 1), MID)).toBe(false);
    expect(quality.checkBook(delta(12, 14, 2), MID)).toBe(true);
    expect(log.entries).toEqual([]);
  });

  it('without ids are out of step as soon as a message is missing', () => {
    const { log, quality } = fresh();
    quality.checkBook(snapshot(0), MID);
    expect(quality.checkBook(delta(0, 0, 1), MID)).toBe(true);
    expect(quality.checkBook(delta(0, 0, 1), MID), 'sent twice').toBe(false);
    expect(quality.checkBook(delta(0, 0, 3), MID), 'one is missing').toBe(false);
    expect(log.count('SequenceGap'), 'but not as many as make an anomaly').toBe(0);
    expect(quality.feedOutOfStep).toBe('l2Book');
  });

  it('leave the book out of step where one of them was bad', () => {
    const { quality } = fresh();
    quality.checkBook(snapshot(10), MID);
    const bad = bookFrame({ isSnapshot: false, previousUpdateId: 10, updateId: 11, sequence: 1, bids: [[-1, 1]] });
    expect(quality.checkBook(bad, MID)).toBe(false);
    expect(quality.feedOutOfStep).toBe('l2Book');
  });

  it('ask for a snapshot where the one that came was bad', () => {
    const { quality } = fresh();
    expect(quality.checkBook({ ...snapshot(10), ...bookFrame({ bids: [[10_001, 1]] }) }, MID)).toBe(false);
    expect(quality.feedOutOfStep, 'a feed of whole books needs none').toBeNull();
    expect(quality.checkBook(delta(10, 11), MID)).toBe(false);
    expect(quality.feedOutOfStep).toBe('l2Book');
  });

  it('are not held against the clock of the snapshot before them', () => {
    const { log, quality } = fresh();
    quality.checkBook({ ...snapshot(10), exchNs: 500 }, MID);
    expect(quality.checkBook({ ...delta(8, 12, 1), exchNs: 300 }, MID)).toBe(true);
    expect(quality.checkBook({ ...delta(12, 13, 2), exchNs: 310 }, MID)).toBe(true);
    expect(quality.checkBook({ ...delta(13, 14, 3), exchNs: 305 }, MID)).toBe(false);
    expect(log.of('anomaly').map(entry => entry.anomaly)).toEqual(['TimestampRegression']);
  });
});

describe('age and gate', () => {
  it('has no data before the first book, and says so once', () => {
    const { log, quality } = fresh();
    expect(quality.bookAgeNs(NS_PER_S)).toBe(Number.POSITIVE_INFINITY);
    expect(quality.shouldGateQuotes(NS_PER_S)).toEqual({ type: 'NoDataReceived' });
    for (let s = 1; s <= 40; s++) quality.check(s * NS_PER_S);
    expect(log.entries).toEqual([{ type: 'quote-gate', atNs: NS_PER_S, reason: { type: 'NoDataReceived' } }]);
    expect(log.count('StaleData')).toBe(0);
  });

  it('shuts over 15 s and not at 15 s', () => {
    const { quality } = fresh();
    quality.bookApplied('l2Book', 0, 9_999, 10_001);
    expect(quality.shouldGateQuotes(15 * NS_PER_S)).toBeNull();
    expect(quality.shouldGateQuotes(15 * NS_PER_S + NS_PER_MS)).toEqual({
      type: 'StaleData',
      ageMs: 15_001,
      thresholdMs: 15_000,
    });
  });

  it('raises stale data over 30 s and not at 30 s, once an outage', () => {
    const { log, quality } = fresh();
    quality.bookApplied('l2Book', 0, 9_999, 10_001);
    quality.check(30 * NS_PER_S);
    expect(log.count('StaleData')).toBe(0);
    quality.check(30 * NS_PER_S + 1);
    quality.check(31 * NS_PER_S);
    expect(log.count('StaleData')).toBe(1);
    quality.bookApplied('bbo', 32 * NS_PER_S, 9_999, 10_001);
    quality.check(80 * NS_PER_S);
    expect(log.count('StaleData')).toBe(2);
  });

  it('is as fresh as the newest book feed', () => {
    const { quality } = fresh();
    quality.bookApplied('l2Book', 0, 9_999, 10_001);
    quality.bookApplied('bbo', 9 * NS_PER_S, 9_999, 10_001);
    expect(quality.bookAgeNs(20 * NS_PER_S)).toBe(11 * NS_PER_S);
  });

  it('puts stale before crossed', () => {
    const { quality } = fresh();
    quality.bookApplied('l2Book', 0, 9_999, 10_001);
    quality.bookApplied('l2Book', 1, 10_001, 10_001);
    expect(quality.shouldGateQuotes(NS_PER_S)?.type).toBe('CrossedBook');
    expect(quality.shouldGateQuotes(16 * NS_PER_S)?.type).toBe('StaleData');
  });

  it('gives way to a feed that is slow by nature, but not to one outage', () => {
    const { quality } = fresh();
    let nowNs = 0;
    const apply = (count: number, gapNs: number) => {
      for (let i = 0; i < count; i++) {
        nowNs += gapNs;
        quality.bookApplied('l2Book', nowNs, 9_999, 10_001);
      }
    };
    apply(200, NS_PER_S / 2);
    apply(1, 40 * NS_PER_S);
    expect(quality.shouldGateQuotes(nowNs + 15 * NS_PER_S + 1)?.type).toBe('StaleData');
    apply(200, 8 * NS_PER_S);
    expect(quality.shouldGateQuotes(nowNs + 23 * NS_PER_S)).toBeNull();
    expect(quality.shouldGateQuotes(nowNs + 25 * NS_PER_S)?.type).toBe('StaleData');
  });

  it('learns a cadence slower than the gate itself', () => {
    const { quality } = fresh();
    for (let i = 0; i < 60; i++) quality.bookApplied('l2Book', i * 20 * NS_PER_S, 9_999, 10_001);
    expect(quality.shouldGateQuotes(59 * 20 * NS_PER_S + 20 * NS_PER_S)).toBeNull();
  });
});

it('goes on after a restore as it would have', () => {
  const frames = fc.record({
    feed: fc.constantFrom('l2Book' as const, 'bbo' as const),
    isSnapshot: fc.boolean(),
    step: fc.integer({ min: -1, max: 12 }),
    exchStep: fc.integer({ min: -2, max: 5 }),
    idStep: fc.integer({ min: -1, max: 2 }),
    bid: fc.integer({ min: 9_990, max: 10_003 }),
    waitS: fc.integer({ min: 0, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 40 }), fc.nat(40), (steps, cut) => {
      const run = (quality: DataQuality, from: number, to: number, start: number[]): number[] => {
        let [nowNs, sequence, exchNs, updateId] = start;
        for (const step of steps.slice(from, to)) {
          nowNs += step.waitS * NS_PER_S;
          sequence += step.step;
          exchNs += step.exchStep;
          const previousUpdateId = updateId;
          updateId += step.idStep;
          const { feed, isSnapshot, bid } = step;
          const frame = bookFrame({ nowNs, sequence, exchNs, feed, isSnapshot, updateId, previousUpdateId });
          frame.levels.priceTicks[0] = bid;
          deliver(quality, frame);
          quality.check(nowNs);
        }
        return [nowNs, sequence, exchNs, updateId];
      };
      const one = fresh();
      const two = fresh();
      run(one.quality, 0, steps.length, [0, 0, 0, 5]);
      const before = fresh();
      const at = run(before.quality, 0, cut, [0, 0, 0, 5]);
      two.quality.restore(structuredClone(before.quality.snapshot()));
      run(two.quality, cut, steps.length, at);
      expect([...before.log.entries, ...two.log.entries]).toEqual(one.log.entries);
      expect(two.quality.snapshot()).toEqual(one.quality.snapshot());
    }),
    draws(1, 200),
  );
});

describe('a feed that is subscribed again while its old subscription still speaks', () => {
  it('is followed from its first new message on', () => {
    const { log, quality } = fresh();
    const delta = (sequence: number) => bookFrame({ sequence, isSnapshot: false, bids: [[9_998, sequence]], asks: [] });
    quality.checkBook(bookFrame({ sequence: 499 }), MID);
    quality.resetFeed('l2Book');
    expect(quality.checkBook(delta(500), MID), 'of the old subscription').toBe(false);
    expect(quality.checkBook(bookFrame({ sequence: 1 }), MID)).toBe(true);
    expect(quality.checkBook(delta(2), MID)).toBe(true);
    expect(quality.checkBook(delta(2), MID), 'the same again').toBe(false);
    expect(quality.checkBook(delta(3), MID)).toBe(true);
    expect(quality.checkBook(bookFrame({ sequence: 15 }), MID)).toBe(true);
    expect(log.count('SequenceGap')).toBe(1);
  });
});

describe('mids and asset contexts', () => {
  const mids = (sequence: number, midTicks: readonly number[] = [10_000], exchNs = sequence): AllMidsMessage => ({
    kind: 'all-mids',
    nowNs: exchNs,
    exchNs,
    sequence,
    midTicks,
  });
  const context = (sequence: number, change: Partial<AssetContext> = {}, exchNs = sequence): AssetContextMessage => ({
    kind: 'asset-context',
    nowNs: exchNs,
    instrument: 0,
    exchNs,
    sequence,
    context: {
      fundingPerHour: 0.000_012_5,
      openInterestLots: 1_000,
      oracleTicks: 10_000,
      markTicks: 10_000,
      midTicks: 10_000,
      ...change,
    },
  });

  it.each([
    [10, 0],
    [11, 1],
  ])('%d missing are %d gaps, each feed by itself', (missing, gaps) => {
    const log = new KeptLog();
    const quality = new DataQuality(DEFAULT_DATA_QUALITY, log.write);
    expect(quality.checkMids(mids(1))).toBe(true);
    expect(quality.checkContext(context(1))).toBe(true);
    expect(quality.checkMids(mids(2 + missing))).toBe(true);
    expect(quality.checkContext(context(2 + missing))).toBe(true);
    expect(log.of('anomaly').filter(({ anomaly }) => anomaly === 'SequenceGap')).toHaveLength(2 * gaps);
  });

  it('do not go back in time, and hold nothing that cannot be', () => {
    const log = new KeptLog();
    const quality = new DataQuality(DEFAULT_DATA_QUALITY, log.write);
    quality.checkMids(mids(1, [10_000], 100));
    quality.checkMids(mids(2, [10_000], 200));
    expect(quality.checkMids(mids(3, [10_000], 150))).toBe(false);
    expect(quality.checkMids(mids(4, [Number.NaN], 300))).toBe(false);
    expect(quality.checkMids(mids(5, [0, 10_000.5], 400)), 'no mid is no fault').toBe(true);
    expect(quality.checkContext(context(1, { oracleTicks: 0 }))).toBe(false);
    expect(quality.checkContext(context(2, { markTicks: -1 }))).toBe(false);
    expect(quality.checkContext(context(3, { openInterestLots: Number.NaN }))).toBe(false);
    expect(quality.checkContext(context(4, { fundingPerHour: Number.POSITIVE_INFINITY }))).toBe(false);
    expect(quality.checkContext(context(5))).toBe(true);
    const seen = log.of('anomaly').map(({ anomaly }) => anomaly);
    expect(seen).toEqual([
      'TimestampRegression',
      'InvalidPrice',
      'InvalidPrice',
      'InvalidPrice',
      'InvalidSize',
      'InvalidSize',
    ]);
  });
});
