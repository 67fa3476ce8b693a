import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BID, SIDES, type Side } from '../../../core/market.ts';
import { OrdersNotSending } from '../../../reports/symptoms/orders-not-sending.ts';
import { QuoteSeries } from '../../../reports/symptoms/quote-series.ts';
import { ORDERS_NOT_SENDING, type OrdersNotSendingThresholds } from '../../../reports/symptoms/thresholds.ts';
import type { OrderTruth } from '../../../sim/truth.ts';
import { draws } from '../../support/draws.ts';
import { ASK, BTC, order, S } from '../support.ts';
import { history as anyHistory, type Happening, tell } from './history.ts';

const SHORT: OrdersNotSendingThresholds = {
  quietNs: 20,
  twinAcceptances: 2,
  twinApartNs: 5,
  distanceBps: 2.5,
  movedBps: 3,
  reactionNs: 4,
};

/** With prices about the mid, a few bps apart. */
const history = anyHistory.map(happenings =>
  happenings.map((it): Happening => {
    if (it.kind === 'market') return it;
    const inwards = ((it.order.oid * 7) % 10) - 5;
    return { ...it, order: { ...it.order, priceTicks: it.order.side === BID ? 19_990 + inwards : 20_010 - inwards } };
  }),
);

function seriesOf(happenings: readonly Happening[]): QuoteSeries {
  const series = new QuoteSeries([BTC]);
  tell(series, happenings);
  return series;
}

function begun(twin: QuoteSeries | null, thresholds?: OrdersNotSendingThresholds): OrdersNotSending {
  const observer = new OrdersNotSending([BTC], twin, thresholds);
  observer.onStart({ fromNs: 0 });
  return observer;
}

/** How a run stands on one side at the end of a nanosecond, found by going over all of it. */
function standing(happenings: readonly Happening[], ns: number, side: number) {
  const live = new Map<number, OrderTruth>();
  let mid = 0;
  let filled = 0;
  let acceptedMid = 0;
  const acceptedNs: number[] = [];
  for (const it of happenings) {
    if (it.ns > ns) break;
    if (it.kind === 'market') mid = (it.bid + it.ask) / 2;
    else if (it.kind === 'accept') {
      live.set(it.order.oid, it.order);
      if (it.order.side !== side) continue;
      acceptedNs.push(it.ns);
      acceptedMid = mid;
    } else {
      live.delete(it.order.oid);
      if (it.kind === 'fill') filled += it.order.side === BID ? it.lots : -it.lots;
    }
  }
  const prices = [...live.values()].filter(o => o.side === side).map(o => o.priceTicks);
  const best = prices.length === 0 ? null : side === BID ? Math.max(...prices) : Math.min(...prices);
  const bps = best === null || mid === 0 ? null : (10_000 * (mid - best)) / mid;
  return { best, bps, acceptedNs, filled, mid, acceptedMid };
}

/** The matrix's words, looked at in every nanosecond; where the positions differ, only how far the market has gone says something. */
function judgeSlowly(
  run: readonly Happening[],
  twin: readonly Happening[],
  endNs: number,
  thresholds: OrdersNotSendingThresholds,
) {
  const intervals: { fromNs: number; toNs: number | null; side: string }[] = [];
  for (const side of SIDES) {
    let open: { fromNs: number; toNs: number | null; side: string } | null = null;
    let wrongForNs = -1;
    for (let ns = 0; ns <= endNs; ns++) {
      const own = standing(run, ns, side);
      const other = standing(twin, ns, side);
      const lastNs = own.acceptedNs.at(-1) ?? 0;
      if (open !== null && lastNs > open.fromNs) {
        open.toNs = ns;
        open = null;
      }
      const missed = other.acceptedNs.filter(at => at > lastNs);
      const isEnough =
        missed.length >= thresholds.twinAcceptances && missed[missed.length - 1] - missed[0] >= thresholds.twinApartNs;
      const isApart =
        own.filled === other.filled &&
        own.bps !== null &&
        other.bps !== null &&
        Math.abs(own.bps - other.bps) >= thresholds.distanceBps - 1e-9;
      const isBehind =
        own.filled !== other.filled &&
        own.acceptedMid > 0 &&
        Math.abs(own.mid - own.acceptedMid) * 10_000 >= thresholds.movedBps * own.acceptedMid;
      wrongForNs = isEnough && (own.best === null || isApart || isBehind) && lastNs !== ns ? wrongForNs + 1 : -1;
      if (open !== null || ns - lastNs <= thresholds.quietNs || wrongForNs < thresholds.reactionNs) continue;
      open = { fromNs: ns, toNs: null, side: side === BID ? 'bid' : 'ask' };
      intervals.push(open);
    }
  }
  return intervals.sort((a, b) => a.fromNs - b.fromNs || (a.side < b.side ? 1 : -1));
}

describe('orders-not-sending against a judge that looks at every nanosecond', () => {
  it('finds the same intervals', () => {
    let absent = 0;
    let apart = 0;
    fc.assert(
      fc.property(history, history, (run, twin) => {
        const endNs = Math.max(run.at(-1)?.ns ?? 0, twin.at(-1)?.ns ?? 0) + 30;
        const observer = begun(seriesOf(twin), SHORT);
        tell(observer, run);
        observer.onEnd(endNs);
        const found = observer.intervals().map(({ fromNs, toNs, side }) => ({ fromNs, toNs, side }));
        expect(found).toEqual(judgeSlowly(run, twin, endNs, SHORT));
        for (const { why } of observer.intervals()) {
          if (why.includes('nothing of ours')) absent++;
          else apart++;
        }
      }),
      draws(1, 300),
    );
    expect(Math.min(absent, apart)).toBeGreaterThan(10);
  });

  it('goes on after a restore as if nothing had been', () => {
    fc.assert(
      fc.property(history, history, fc.nat(60), (run, twin, cut) => {
        const series = seriesOf(twin);
        const at = Math.min(cut, run.length);
        const whole = begun(series, SHORT);
        tell(whole, run, 0, at);
        const state = structuredClone(whole.snapshot());
        tell(whole, run, at);
        whole.onEnd((run.at(-1)?.ns ?? 0) + 30);
        // As in a run that goes on: told of the start again, and then its state.
        const resumed = begun(series, SHORT);
        resumed.restore(state);
        tell(resumed, run, at);
        resumed.onEnd((run.at(-1)?.ns ?? 0) + 30);
        expect(resumed.snapshot()).toEqual(whole.snapshot());
      }),
      draws(2, 300),
    );
  });

  it('is never hot without a twin', () => {
    const observer = begun(null);
    observer.onEnd(1_000 * S);
    expect(observer.intervals()).toEqual([]);
  });
});

describe('orders-not-sending, number by number', () => {
  /** Twice the mid is 2,000,000. */
  const market = (ns: number, bid = 999_999): Happening => ({ ns, kind: 'market', bid, ask: bid + 2 });
  const accept = (ns: number, oid: number, changes: Partial<OrderTruth> = {}): Happening => {
    return { ns, kind: 'accept', order: order(oid, { priceTicks: 999_000, ...changes }), replaces: 0 };
  };
  const twinOf = (...happenings: Happening[]): QuoteSeries => seriesOf([market(0), ...happenings]);
  const judged = (twin: QuoteSeries, endNs: number, ...happenings: Happening[]) => {
    const observer = begun(twin);
    tell(observer, [market(0), ...happenings]);
    observer.onEnd(endNs);
    return observer.intervals();
  };
  const BUSY = twinOf(accept(S, 1), accept(3 * S, 2), accept(5 * S, 3));

  it('turns hot one nanosecond after 10 s, counted from the last acceptance or from the start', () => {
    expect(judged(BUSY, 20 * S)).toMatchObject([{ fromNs: 10 * S + 1, toNs: null, side: 'bid' }]);
    expect(judged(BUSY, 10 * S)).toEqual([]);
    const own = accept(S, 9);
    const gone: Happening = { ns: 2 * S, kind: 'remove', order: order(9), why: 'canceled' };
    expect(judged(BUSY, 20 * S, own, gone)).toMatchObject([{ fromNs: 11 * S + 1 }]);
  });

  it('turns cold at the next acceptance on that side', () => {
    const hot = judged(BUSY, 20 * S, accept(12 * S, 8, { side: ASK }), accept(13 * S, 9));
    expect(hot).toMatchObject([{ fromNs: 10 * S + 1, toNs: 13 * S, toEvent: 2, by: 'order accepted on bid' }]);
    expect(hot[0].why).toBe('nothing was accepted for 10.0 s, and nothing of ours rests (no deliberate pull)');
  });

  it('needs two acceptances of the twin, 1 s apart', () => {
    expect(judged(twinOf(accept(S, 1)), 20 * S)).toEqual([]);
    expect(judged(twinOf(accept(S, 1), accept(2 * S - 1, 2)), 20 * S)).toEqual([]);
    expect(judged(twinOf(accept(S, 1), accept(2 * S, 2)), 20 * S)).toMatchObject([{ fromNs: 10 * S + 1 }]);
    // On the same side, and after our last.
    expect(judged(twinOf(accept(S, 1), accept(2 * S, 2, { side: ASK })), 20 * S)).toEqual([]);
    const own = accept(S, 9);
    expect(judged(twinOf(accept(S, 1), accept(3 * S, 2)), 20 * S, own)).toEqual([]);
  });

  it('leaves 1.5 s to follow a twin that has only just sent', () => {
    const late = twinOf(accept(S, 1), accept(15 * S, 2));
    expect(judged(late, 16.5 * S - 1)).toEqual([]);
    expect(judged(late, 20 * S)).toMatchObject([{ fromNs: 16.5 * S }]);
    expect(judged(late, 20 * S, accept(16.5 * S, 9))).toEqual([]);
  });

  it('takes a best order 2.5 bps farther or nearer than the twin’s, and not one of less', () => {
    for (const [priceTicks, hot] of [
      [999_250, true],
      [999_249, false],
      [998_750, true],
      [998_751, false],
    ] as const) {
      // The twin's best is 10 bps away; a worse order of ours says nothing.
      const own = [accept(S, 9, { priceTicks }), accept(S, 10, { priceTicks: 900_000 })];
      const twin = twinOf(accept(2 * S, 1), accept(4 * S, 2, { priceTicks: 998_000 }));
      expect(judged(twin, 20 * S, ...own).length).toBe(hot ? 1 : 0);
    }
  });

  it('finds nothing wrong with the distance where the positions differ, and goes on when they do not', () => {
    const own = accept(S, 9, { priceTicks: 990_000 });
    const fills = (ns: number, side: Side): Happening => ({
      ns,
      kind: 'fill',
      order: order(50 + side, { side }),
      lots: 10,
    });
    expect(judged(BUSY, 20 * S, own)).toHaveLength(1);
    expect(judged(BUSY, 20 * S, own, fills(4 * S, BID))).toEqual([]);
    expect(judged(BUSY, 20 * S, own, fills(4 * S, BID), fills(15 * S, ASK))).toMatchObject([{ fromNs: 16.5 * S }]);
    // A side without an order is missed all the same.
    expect(judged(BUSY, 20 * S, fills(4 * S, BID))).toHaveLength(1);
  });

  it('compares distances, not prices, where the markets differ', () => {
    const own = accept(S, 9, { priceTicks: 999_000 });
    // Both mids and both quotes are 1 % higher in the twin.
    const twin = seriesOf([market(0, 1_009_999), ...[2, 4].map(s => accept(s * S, s, { priceTicks: 1_008_990 }))]);
    expect(judged(twin, 20 * S, own)).toEqual([]);
    expect(judged(twin, 20 * S, own, market(12 * S, 1_009_999))).toMatchObject([{ fromNs: 13.5 * S }]);
    // A move that both follow within the time to react is none.
    expect(judged(twin, 20 * S, own, market(12 * S, 1_009_999), market(13.5 * S - 1))).toEqual([]);
  });

  it('finds nothing wrong with an order where the twin has none', () => {
    const gone: Happening = { ns: 5 * S, kind: 'remove', order: order(2), why: 'canceled' };
    const twin = twinOf(accept(2 * S, 2), accept(4 * S, 3), gone, { ...gone, order: order(3) });
    expect(judged(twin, 20 * S, accept(S, 9, { priceTicks: 900_000 }))).toEqual([]);
  });

  it('has its numbers from one place', () => {
    expect(ORDERS_NOT_SENDING).toMatchObject({ quietNs: 10 * S, twinAcceptances: 2, twinApartNs: S, distanceBps: 2.5 });
  });
});
