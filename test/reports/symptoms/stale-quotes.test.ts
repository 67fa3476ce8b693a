import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteSeries } from '../../../reports/symptoms/quote-series.ts';
import { StaleQuotes } from '../../../reports/symptoms/stale-quotes.ts';
import { STALE_QUOTES } from '../../../reports/symptoms/thresholds.ts';
import { draws } from '../../support/draws.ts';
import { ASK, BID, BTC, order, S } from '../support.ts';
import { type Happening, history, judgeSlowly, tell } from './history.ts';

const SHORT = { quoteAgeNs: 12, midMoveBps: 5, reactionNs: 4, bareNs: 9 };

function seriesOf(happenings: readonly Happening[]): QuoteSeries {
  const series = new QuoteSeries([BTC]);
  tell(series, happenings);
  return series;
}

/** A twin that has both sides out all the time. */
const ALWAYS: readonly Happening[] = [
  { ns: 0, kind: 'accept', order: order(1), replaces: 0 },
  { ns: 0, kind: 'accept', order: order(2, { side: ASK }), replaces: 0 },
];

function lastNs(happenings: readonly Happening[]): number {
  return happenings.at(-1)?.ns ?? 0;
}

describe('stale-quotes against a judge that looks at every nanosecond', () => {
  const plain = (observer: StaleQuotes) =>
    observer.intervals().map(({ fromNs, toNs, side }) => ({ fromNs, toNs, side }));

  it('finds the same intervals with a twin', () => {
    let old = 0;
    let bare = 0;
    fc.assert(
      fc.property(history, history, (run, twin) => {
        const endNs = Math.max(lastNs(run), lastNs(twin)) + 30;
        const observer = new StaleQuotes([BTC], seriesOf(twin), SHORT);
        tell(observer, run);
        observer.onEnd(endNs);
        const slow = judgeSlowly(run, twin, endNs, SHORT);
        for (const { why } of observer.intervals()) {
          if (why.startsWith('nothing')) bare++;
          else old++;
        }
        expect(plain(observer)).toEqual(slow);
        expect(observer.isHot).toBe(slow.some(interval => interval.toNs === null));
      }),
      draws(1, 800),
    );
    // Both forms came up often enough to mean something.
    expect(Math.min(old, bare)).toBeGreaterThan(100);
  });

  it('finds the same intervals without one', () => {
    fc.assert(
      fc.property(history, run => {
        const observer = new StaleQuotes([BTC], null, SHORT);
        tell(observer, run);
        observer.onEnd(lastNs(run) + 30);
        expect(plain(observer)).toEqual(judgeSlowly(run, null, lastNs(run) + 30, SHORT));
      }),
      draws(2, 300),
    );
  });

  it('goes on after a restore as if nothing had been', () => {
    fc.assert(
      fc.property(history, history, fc.nat(60), (run, twin, cut) => {
        const series = seriesOf(twin);
        const at = Math.min(cut, run.length);
        const whole = new StaleQuotes([BTC], series, SHORT);
        tell(whole, run, 0, at);
        const state = structuredClone(whole.snapshot());
        tell(whole, run, at);
        whole.onEnd(lastNs(run) + 30);
        const resumed = new StaleQuotes([BTC], series, SHORT);
        resumed.restore(state);
        tell(resumed, run, at);
        resumed.onEnd(lastNs(run) + 30);
        expect(resumed.intervals()).toEqual(whole.intervals());
        expect(resumed.snapshot()).toEqual(whole.snapshot());
      }),
      draws(3, 300),
    );
  });
});

describe('stale-quotes, case by case', () => {
  /** Without the time to react, so that the other numbers show by themselves. */
  const AT_ONCE = { ...STALE_QUOTES, reactionNs: 0 };
  const observe = (): StaleQuotes => new StaleQuotes([BTC], seriesOf(ALWAYS), AT_ONCE);

  it('leaves 1.5 s for a quote to follow a jump, anew each time that the mid comes back', () => {
    const jump = (...then: readonly (readonly [number, number])[]) => {
      const observer = new StaleQuotes([BTC], seriesOf(ALWAYS));
      observer.onMarket(S, 1, 0, 999_990, 1_000_010);
      observer.onAccepted(S, 2, order(9), 0);
      for (const [ns, bid] of then) observer.onMarket(ns, 3, 0, bid, bid + 20);
      return observer;
    };
    const followed = jump([8 * S, 1_000_990]);
    followed.onAccepted(9.5 * S, 4, order(10), 9);
    followed.onEnd(12 * S);
    expect(followed.intervals()).toEqual([]);
    const late = jump([8 * S, 1_000_990]);
    late.onAccepted(9.5 * S + 1, 4, order(10), 9);
    late.onEnd(12 * S);
    expect(late.intervals()).toMatchObject([{ fromNs: 9.5 * S, toNs: 9.5 * S + 1 }]);
    const back = jump([8 * S, 1_000_990], [9 * S, 999_990], [9.5 * S, 1_000_990]);
    back.onEnd(12 * S);
    expect(back.intervals()).toMatchObject([{ fromNs: 11 * S, toNs: null }]);
  });

  it('turns hot one nanosecond after 5 s with a mid 5 bps away, and not with less', () => {
    for (const { ask, hot } of [
      { ask: 1_001_001, hot: true },
      { ask: 1_001_000, hot: true },
      { ask: 1_000_999, hot: false },
    ]) {
      const observer = observe();
      // Twice the mid is 2,000,000 at the acceptance: 5 bps of it are 1,000.
      observer.onMarket(S, 1, 0, 1_000_000, 1_000_000);
      observer.onAccepted(S, 2, order(9), 0);
      observer.onMarket(2 * S, 3, 0, 1_000_000, ask);
      observer.onEnd(20 * S);
      const [first] = observer.intervals();
      if (hot) expect(first).toMatchObject({ fromNs: 6 * S + 1, toNs: null, side: 'bid', event: 3 });
      else expect(first).toBeUndefined();
    }
  });

  it('turns hot at once where the mid moves after the 5 s', () => {
    const observer = observe();
    observer.onMarket(S, 1, 0, 999_990, 1_000_010);
    observer.onAccepted(S, 2, order(9), 0);
    observer.onMarket(8 * S, 3, 0, 1_000_990, 1_001_010);
    observer.onMarket(9 * S, 4, 0, 999_990, 1_000_010);
    observer.onAccepted(10 * S, 5, order(10), 9);
    observer.onEnd(12 * S);
    // It stays hot though the mid comes back: only a new quote ends it.
    expect(observer.intervals()).toMatchObject([
      { fromNs: 8 * S, toNs: 10 * S, event: 3, toEvent: 5, by: 'order accepted on bid' },
    ]);
    expect(observer.intervals()[0].why).toBe('an order rests unchanged for 7.0 s while the mid moved 10.0 bps');
  });

  it('is not fooled by an acceptance on the other side', () => {
    const observer = observe();
    observer.onMarket(S, 1, 0, 999_990, 1_000_010);
    observer.onAccepted(S, 2, order(9), 0);
    observer.onMarket(8 * S, 3, 0, 1_000_990, 1_001_010);
    observer.onAccepted(9 * S, 4, order(10, { side: ASK }), 0);
    observer.onEnd(12 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 8 * S, toNs: null, side: 'bid' }]);
  });

  it('turns hot 5 s after the last quote left, and names a deliberate pull', () => {
    const observer = observe();
    observer.onAccepted(S, 1, order(9), 0);
    observer.onEvidence({
      type: 'quote-gate',
      atNs: 2 * S,
      reason: { type: 'StaleData', ageMs: 15_100, thresholdMs: 15_000 },
    });
    observer.onRemoved(2 * S, 2, order(9));
    observer.onMarket(7 * S, 3, 0, 1_000_000, 1_000_010);
    expect(observer.isHot).toBe(false);
    observer.onMarket(7 * S + 2, 4, 0, 1_000_000, 1_000_010);
    expect(observer.isHot).toBe(true);
    observer.onAccepted(8 * S, 5, order(10), 0);
    observer.onEnd(9 * S);
    expect(observer.intervals()).toMatchObject([
      { fromNs: 7 * S + 1, toNs: 8 * S, why: 'nothing of ours rests for 5.0 s (gate: StaleData)' },
    ]);
  });

  it('is cold while the twin has nothing there either, and hot once it has had something for 1.5 s', () => {
    const twin: Happening[] = [{ ns: 30 * S, kind: 'accept', order: order(1), replaces: 0 }];
    const observer = new StaleQuotes([BTC], seriesOf(twin));
    observer.onAccepted(S, 1, order(9), 0);
    observer.onRemoved(2 * S, 2, order(9));
    observer.onEnd(40 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 31.5 * S, side: 'bid' }]);
  });

  it('never turns hot on a side that was not quoted yet', () => {
    const observer = observe();
    observer.onMarket(S, 1, 0, 999_990, 1_000_010);
    observer.onAccepted(S, 2, order(9), 0);
    observer.onEnd(3 * S);
    expect(observer.intervals()).toEqual([]);
  });

  it('does not take an order that fills at once for a quote', () => {
    const observer = observe();
    observer.onAccepted(S, 1, order(9), 0);
    observer.onRemoved(2 * S, 2, order(9));
    tell(observer, [
      { ns: 8 * S, kind: 'accept', order: order(10), replaces: 0 },
      { ns: 8 * S, kind: 'fill', order: order(10), lots: 100 },
    ]);
    observer.onEnd(9 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 7 * S + 1, toNs: null }]);
  });

  it('keeps instruments apart and says which', () => {
    const observer = new StaleQuotes([BTC, { ...BTC, symbol: 'ETH' }], null, AT_ONCE);
    observer.onMarket(S, 1, 0, 999_990, 1_000_010);
    observer.onMarket(S, 2, 1, 999_990, 1_000_010);
    observer.onAccepted(S, 3, order(9, { instrument: 1 }), 0);
    observer.onMarket(8 * S, 4, 0, 1_009_990, 1_010_010);
    observer.onEnd(9 * S);
    expect(observer.intervals()).toEqual([]);
    const other = new StaleQuotes([BTC, { ...BTC, symbol: 'ETH' }], null, AT_ONCE);
    other.onMarket(S, 2, 1, 999_990, 1_000_010);
    other.onAccepted(S, 3, order(9, { instrument: 1, side: BID }), 0);
    other.onMarket(8 * S, 4, 1, 1_009_990, 1_010_010);
    other.onEnd(9 * S);
    expect(other.intervals()).toMatchObject([{ instrument: 1, fromNs: 8 * S }]);
    expect(other.intervals()[0].why).toMatch(/^ETH: /);
  });
});
