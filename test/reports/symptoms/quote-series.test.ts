import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteSeries } from '../../../reports/symptoms/quote-series.ts';
import { ASK, BTC, order, S } from '../support.ts';
import { history, tell } from './history.ts';

describe('quote series', () => {
  it('tells when orders were accepted and when anything rested', () => {
    const series = new QuoteSeries([BTC]);
    tell(series, [
      { ns: S, kind: 'accept', order: order(1), replaces: 0 },
      { ns: 2 * S, kind: 'accept', order: order(2), replaces: 0 },
      { ns: 3 * S, kind: 'remove', order: order(1), why: 'canceled' },
      { ns: 4 * S, kind: 'remove', order: order(2), why: 'modified' },
      { ns: 4 * S, kind: 'accept', order: order(3), replaces: 2 },
      { ns: 6 * S, kind: 'remove', order: order(3), why: 'canceled' },
      { ns: 7 * S, kind: 'accept', order: order(4, { side: ASK }), replaces: 0 },
    ]);
    expect([...series.acceptedNs(0)]).toEqual([S, 2 * S, 4 * S]);
    expect(series.resting(0)).toEqual([{ fromNs: S, toNs: 6 * S }]);
    expect(series.resting(1)).toEqual([{ fromNs: 7 * S, toNs: null }]);
    expect([S - 1, S, 6 * S - 1, 6 * S].map(ns => series.restsAt(0, ns))).toEqual([false, true, true, false]);
    expect(series.nextChangeNs(0, S)).toBe(6 * S);
    expect(series.nextChangeNs(0, 6 * S)).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds gaps longer than 5 s, at both ends too, and none of exactly 5 s', () => {
    const series = new QuoteSeries([BTC], 10 * S);
    for (const ns of [16 * S, 21 * S, 26 * S + 1]) series.onMarket(ns, 1, 0);
    series.onEnd(40 * S);
    expect(series.gaps(0)).toEqual([
      { fromNs: 10 * S, toNs: 16 * S },
      { fromNs: 21 * S, toNs: 26 * S + 1 },
      { fromNs: 26 * S + 1, toNs: 40 * S },
    ]);
  });

  it('goes on after a restore as if nothing had been', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (happenings, cut) => {
        const at = Math.min(cut, happenings.length);
        const whole = new QuoteSeries([BTC]);
        tell(whole, happenings, 0, at);
        const resumed = new QuoteSeries([BTC]);
        resumed.restore(structuredClone(whole.snapshot()));
        tell(whole, happenings, at);
        tell(resumed, happenings, at);
        expect(resumed.snapshot()).toEqual(whole.snapshot());
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
