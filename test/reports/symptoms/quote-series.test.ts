import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuoteSeries } from '../../../reports/symptoms/quote-series.ts';
import { draws } from '../../support/draws.ts';
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
    expect([S - 1, S, 6 * S - 1, 6 * S].map(ns => series.restsAt(0, ns))).toEqual([false, true, true, false]);
    expect([series.restsAt(1, 7 * S - 1), series.restsAt(1, 7 * S)]).toEqual([false, true]);
    expect(series.nextChangeNs(1, 7 * S)).toBe(Number.POSITIVE_INFINITY);
    expect([0, S].map(ns => series.nextChangeNs(0, ns))).toEqual([S, 6 * S]);
    expect(series.nextChangeNs(0, 6 * S)).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds gaps longer than 5 s, at both ends too, and none of exactly 5 s', () => {
    const series = new QuoteSeries([BTC], 10 * S);
    for (const ns of [16 * S, 21 * S, 26 * S + 1]) series.onMarket(ns, 1, 0, 1_000_000, 1_000_010);
    series.onEnd(40 * S);
    expect(series.gaps(0)).toEqual([
      { fromNs: 10 * S, toNs: 16 * S },
      { fromNs: 21 * S, toNs: 26 * S + 1 },
      { fromNs: 26 * S + 1, toNs: 40 * S },
    ]);
  });

  it('keeps the best own price and the mid where they change, as they stand at the end of a nanosecond', () => {
    const series = new QuoteSeries([BTC]);
    const at = (oid: number, priceTicks: number) => order(oid, { priceTicks });
    tell(series, [
      { ns: S, kind: 'market', bid: 999_999, ask: 1_000_001 },
      { ns: S, kind: 'market', bid: 999_999, ask: 1_000_003 },
      { ns: 2 * S, kind: 'accept', order: at(1, 999_000), replaces: 0 },
      { ns: 3 * S, kind: 'accept', order: at(2, 999_100), replaces: 0 },
      // A modification to a worse price, which leaves the other one the best.
      { ns: 4 * S, kind: 'remove', order: at(2, 999_100), why: 'modified' },
      { ns: 4 * S, kind: 'accept', order: at(3, 998_000), replaces: 2 },
      { ns: 5 * S, kind: 'market', bid: 999_998, ask: 1_000_004 },
      { ns: 6 * S, kind: 'remove', order: at(1, 999_000), why: 'canceled' },
      { ns: 6 * S, kind: 'remove', order: at(3, 998_000), why: 'canceled' },
    ]);
    const best = [2 * S - 1, 2 * S, 3 * S, 4 * S, 6 * S - 1, 6 * S].map(ns => series.bestTicksAt(0, ns));
    expect(best).toEqual([0, 999_000, 999_100, 999_000, 999_000, 0]);
    expect([S - 1, S, 9 * S].map(ns => series.mid2At(0, ns))).toEqual([0, 2_000_002, 2_000_002]);
    // The mid at 5 s is the same as before.
    expect([0, S, 2 * S, 3 * S, 4 * S].map(ns => series.nextDistanceNs(0, ns) / S)).toEqual([1, 2, 3, 4, 6]);
    expect(series.nextDistanceNs(0, 6 * S)).toBe(Number.POSITIVE_INFINITY);
    expect(series.bestTicksAt(1, 9 * S)).toBe(0);
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
      draws(1, 200),
    );
  });
});
