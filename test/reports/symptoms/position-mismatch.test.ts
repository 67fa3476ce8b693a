import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstrumentAccount, QuotingCore } from '../../../core/port.ts';
import { PositionMismatch } from '../../../reports/symptoms/position-mismatch.ts';
import { POSITION_MISMATCH, type PositionMismatchThresholds } from '../../../reports/symptoms/thresholds.ts';
import type { OrderTruth } from '../../../sim/truth.ts';
import { draws } from '../../support/draws.ts';
import { ASK, BID, BTC, fill, order, S, work } from '../support.ts';
import { type Span, spansOf } from './spans.ts';

type Known = { oid: number; cloid: number };

type Happening =
  | { ns: number; kind: 'market'; mid: number }
  | { ns: number; kind: 'accept'; order: OrderTruth }
  | { ns: number; kind: 'remove'; order: OrderTruth }
  | { ns: number; kind: 'fill'; order: OrderTruth; lots: number; positionLots: number; dueNs: number }
  | { ns: number; kind: 'read'; account: InstrumentAccount };

const NOTHING: InstrumentAccount = { positionLots: 0, orders: [] };

/** An observer and the core's view that it reads. */
function begun(thresholds?: PositionMismatchThresholds) {
  const observer = new PositionMismatch([BTC], thresholds);
  let account = NOTHING;
  const core: Pick<QuotingCore, 'metrics' | 'accountView'> = {
    metrics: new Float64Array(),
    accountView: () => [account],
  };
  observer.onStart({ core });
  const read = (ns: number, event: number, seen: InstrumentAccount): void => {
    account = seen;
    observer.onHandled(ns, ns, 0, work({ kind: 'timer', event }));
  };
  const tell = (happenings: readonly Happening[], from = 0, to = happenings.length): void => {
    for (let event = from; event < to; event++) {
      const it = happenings[event];
      if (it.kind === 'market') observer.onMarket(it.ns, event, 0, it.mid - 1, it.mid + 1);
      else if (it.kind === 'accept') observer.onAccepted(it.ns, event, it.order, 0);
      else if (it.kind === 'remove') observer.onRemoved(it.ns, event, it.order);
      else if (it.kind === 'read') read(it.ns, event, it.account);
      else {
        const filled = fill(it.order, it.lots);
        observer.onFill(it.ns, event, filled, it.positionLots);
        observer.onFillSent(it.ns, event, filled, it.dueNs);
      }
    }
  };
  return { observer, tell };
}

const step = fc.record({
  gapNs: fc.oneof(fc.nat(2), fc.nat(6)),
  kind: fc.constantFrom('market', 'accept', 'remove', 'fill', 'fill', 'read', 'read', 'read'),
  side: fc.constantFrom<0 | 1>(0, 1),
  amount: fc.integer({ min: -9, max: 9 }),
  lateNs: fc.nat(6),
  off: fc.constantFrom(0, 0, 0, 0, 1),
  /** Of the exchange's orders, which the core has: all, but one, without their oids; or one more. */
  has: fc.constantFrom('all', 'all', 'all', 'fewer', 'unnamed', 'more'),
  rate: fc.constantFrom(Number.NaN, 0, 0.5, 1, 0.5),
});

const history = fc
  .tuple(fc.boolean(), fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }))
  .map(([isReported, steps]) => {
    const happenings: Happening[] = [{ ns: 0, kind: 'market', mid: 1_000 }];
    const live: { order: OrderTruth; ns: number }[] = [];
    let ns = 1;
    let mid = 1_000;
    let oid = 0;
    let tid = 0;
    let positionLots = 0;
    let lastReadNs = 0;
    for (const { gapNs, kind, side, amount, lateNs, off, has, rate } of steps) {
      ns += gapNs;
      const old = live.find(known => known.ns < ns);
      if (kind === 'accept') {
        const accepted = order(++oid, { cloid: oid + 100, side });
        live.push({ order: accepted, ns });
        happenings.push({ ns, kind, order: accepted });
      } else if (kind === 'remove' && old !== undefined) {
        live.splice(live.indexOf(old), 1);
        happenings.push({ ns, kind, order: old.order });
      } else if (kind === 'fill') {
        const lots = 1 + Math.abs(amount);
        positionLots += side === BID ? lots : -lots;
        const filled = order(1_000 + ++tid, { side, priceTicks: 1_000 + amount });
        happenings.push({ ns, kind, order: filled, lots, positionLots, dueNs: ns + lateNs });
      } else if (kind === 'read' && ns > lastReadNs) {
        lastReadNs = ns;
        const known: Known[] = live.map(({ order: { oid, cloid } }) => ({ oid: has === 'unnamed' ? 0 : oid, cloid }));
        if (has === 'fewer') known.pop();
        if (has === 'more') known.push({ oid: 0, cloid: 900 });
        const account = { positionLots: positionLots + off, orders: known };
        happenings.push({ ns, kind, account: isReported ? { ...account, adverseSelectionRate: rate } : account });
      } else {
        mid += amount;
        happenings.push({ ns, kind: 'market', mid });
      }
    }
    return happenings;
  });

const SHORT: PositionMismatchThresholds = {
  positionNs: 4,
  orderNs: 9,
  rateOff: 0.1,
  rateFillsOff: 1,
  rateFills: 4,
  rateWindow: 6,
  rateNs: 3,
  horizonNs: 5,
};

/** The matrix's words, looked at in every nanosecond. */
function judgeSlowly(happenings: readonly Happening[], endNs: number, thresholds: PositionMismatchThresholds): Span[] {
  const aloneForNs = new Map<string, number>();
  let gapForNs = -1;
  let rateForNs = -1;
  const midAt = (ns: number): number =>
    happenings.reduce((mid, it) => (it.kind === 'market' && it.ns <= ns ? it.mid : mid), 0);
  return spansOf(endNs, ns => {
    const past = happenings.filter(it => it.ns <= ns);
    const account = past.reduce((seen, it) => (it.kind === 'read' ? it.account : seen), NOTHING);
    const fills = past.filter(it => it.kind === 'fill');

    const onTheirWay = fills.filter(it => it.dueNs > ns);
    const net = onTheirWay.reduce((sum, it) => sum + (it.order.side === BID ? it.lots : -it.lots), 0);
    gapForNs = account.positionLots !== (fills.at(-1)?.positionLots ?? 0) - net ? gapForNs + 1 : -1;

    const removed = new Set(past.filter(it => it.kind === 'remove').map(it => it.order.oid));
    const accepted = past.filter(it => it.kind === 'accept').map(it => it.order);
    const open = accepted.filter(({ oid }) => !removed.has(oid));
    const isSame = (own: Known, other: OrderTruth): boolean =>
      own.oid === 0 ? own.cloid === other.cloid : own.oid === other.oid;
    const alone = [
      ...open.filter(other => !account.orders.some(own => isSame(own, other))).map(({ oid }) => `exchange ${oid}`),
      ...account.orders.filter(own => !open.some(other => isSame(own, other))).map(({ cloid }) => `local ${cloid}`),
    ];
    for (const key of aloneForNs.keys()) if (!alone.includes(key)) aloneForNs.delete(key);
    for (const key of alone) aloneForNs.set(key, (aloneForNs.get(key) ?? -1) + 1);

    const outcomes = fills
      .filter(it => it.ns + thresholds.horizonNs <= ns)
      .map(it => {
        const after = midAt(it.ns + thresholds.horizonNs);
        return it.order.side === BID ? after < it.order.priceTicks : after > it.order.priceTicks;
      })
      .slice(-thresholds.rateWindow);
    const rate = outcomes.filter(Boolean).length / outcomes.length;
    const reported = account.adverseSelectionRate;
    const isOff =
      reported !== undefined &&
      outcomes.length >= thresholds.rateFills &&
      !(Math.abs(reported - rate) <= Math.max(thresholds.rateOff, thresholds.rateFillsOff / outcomes.length) + 1e-9);
    rateForNs = isOff ? rateForNs + 1 : -1;

    return (
      gapForNs > thresholds.positionNs ||
      Math.max(-1, ...aloneForNs.values()) > thresholds.orderNs ||
      rateForNs > thresholds.rateNs
    );
  });
}

describe('position-mismatch against a judge that looks at every nanosecond', () => {
  it('finds the same intervals', () => {
    const words = { position: 0, order: 0, rate: 0 };
    fc.assert(
      fc.property(history, happenings => {
        const endNs = (happenings.at(-1)?.ns ?? 0) + 30;
        const { observer, tell } = begun(SHORT);
        tell(happenings);
        observer.onEnd(endNs);
        const found = observer.intervals().map(({ fromNs, toNs }) => ({ fromNs, toNs }));
        expect(found).toEqual(judgeSlowly(happenings, endNs, SHORT));
        for (const { why } of observer.intervals()) {
          if (why.startsWith('we hold')) words.position++;
          else if (why.startsWith('order')) words.order++;
          else words.rate++;
        }
      }),
      draws(1, 400),
    );
    // Each form came up often enough to mean something.
    expect(Math.min(...Object.values(words))).toBeGreaterThan(30);
  });

  it('goes on after a restore as if nothing had been', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (happenings, cut) => {
        const at = Math.min(cut, happenings.length);
        const whole = begun(SHORT);
        whole.tell(happenings, 0, at);
        const state = structuredClone(whole.observer.snapshot());
        whole.tell(happenings, at);
        const resumed = begun(SHORT);
        resumed.observer.restore(state);
        resumed.tell(happenings, at);
        expect(resumed.observer.snapshot()).toEqual(whole.observer.snapshot());
      }),
      draws(2, 300),
    );
  });
});

describe('position-mismatch, number by number', () => {
  const judged = (endNs: number, ...happenings: Happening[]) => {
    const { observer, tell } = begun();
    tell(happenings);
    observer.onEnd(endNs);
    return observer.intervals();
  };
  const read = (ns: number, account: Partial<InstrumentAccount>): Happening => {
    return { ns, kind: 'read', account: { ...NOTHING, ...account } };
  };
  const bought = (ns: number, dueNs: number): Happening => {
    return { ns, kind: 'fill', order: order(7), lots: 10, positionLots: 10, dueNs };
  };

  it('turns hot one nanosecond after 1 s, counted from when the fill should have come in', () => {
    expect(judged(2.1 * S, bought(S, 1.1 * S))).toEqual([]);
    const hot = judged(9 * S, bought(S, 1.1 * S), read(4 * S, { positionLots: 10 }));
    expect(hot).toMatchObject([{ fromNs: 2.1 * S + 1, toNs: 4 * S, toEvent: 1, side: null }]);
    expect(hot[0].why).toBe('we hold 0 lots, the exchange says 10, for 1.0 s');
    expect(judged(9 * S, bought(S, 1.1 * S), read(2.1 * S, { positionLots: 10 }))).toEqual([]);
  });

  it('finds a position that no fill made', () => {
    expect(judged(9 * S, read(S, { positionLots: -3 }))).toMatchObject([{ fromNs: 2 * S + 1, toNs: null }]);
  });

  it('turns hot one nanosecond after an order has been at the exchange alone for 10 s', () => {
    const accepted: Happening = { ns: S, kind: 'accept', order: order(5, { cloid: 55 }) };
    expect(judged(11 * S, accepted)).toEqual([]);
    const hot = judged(20 * S, accepted, { ns: 15 * S, kind: 'remove', order: order(5, { cloid: 55 }) });
    expect(hot).toMatchObject([{ fromNs: 11 * S + 1, toNs: 15 * S }]);
    expect(hot[0].why).toBe('order 5 is open at the exchange and not with us, for 10.0 s');
    // Known by either id.
    for (const known of [
      { oid: 5, cloid: 0 },
      { oid: 0, cloid: 55 },
    ]) {
      expect(judged(20 * S, accepted, read(11 * S, { orders: [known] }))).toEqual([]);
    }
  });

  it('turns hot one nanosecond after an order has been with us alone for 10 s', () => {
    const placed = read(S, { orders: [{ oid: 0, cloid: 55 }] });
    expect(judged(11 * S, placed)).toEqual([]);
    const hot = judged(20 * S, placed);
    expect(hot).toMatchObject([{ fromNs: 11 * S + 1, toNs: null }]);
    expect(hot[0].why).toBe('order with CLOID 55 is open with us and not at the exchange, for 10.0 s');
    expect(judged(20 * S, placed, { ns: 11 * S, kind: 'accept', order: order(5, { cloid: 55 }) })).toEqual([]);
    expect(judged(20 * S, placed, read(11 * S, {}))).toEqual([]);
    // From when the exchange has ended it, not from when it was placed.
    const ended: Happening[] = [
      { ns: 2 * S, kind: 'accept', order: order(5, { cloid: 55 }) },
      { ns: 4 * S, kind: 'remove', order: order(5, { cloid: 55 }) },
    ];
    expect(judged(20 * S, placed, ...ended)).toMatchObject([{ fromNs: 14 * S + 1 }]);
  });

  /** So many fills whose outcome is known, of which so many were adverse, and what the core says of them. */
  const rated = (fills: number, adverse: number, reported: number | undefined) => {
    const account = reported === undefined ? NOTHING : { ...NOTHING, adverseSelectionRate: reported };
    const filled = Array.from({ length: fills }, (_, index): Happening => {
      const priceTicks = index < adverse ? 1_001 : 999;
      const side = index % 2 === 0 ? BID : ASK;
      const flipped = side === BID ? priceTicks : 2_000 - priceTicks;
      const made = order(index + 1, { side, priceTicks: flipped });
      return { ns: S, kind: 'fill', order: made, lots: 10, positionLots: 0, dueNs: S };
    });
    return judged(9 * S, { ns: S, kind: 'market', mid: 1_000 }, ...filled, read(S, account));
  };

  it('takes a rate that is off by more than 0.10, over 20 fills', () => {
    expect(rated(40, 16, 0.29)).toMatchObject([{ fromNs: 4.5 * S + 1 }]);
    expect(rated(40, 16, 0.3)).toEqual([]);
    expect(rated(40, 16, 0.5)).toEqual([]);
    expect(rated(40, 16, 0.51)).toMatchObject([
      { why: 'adverse selection is reported as 0.51, and is 0.40 over 40 fills' },
    ]);
    expect(rated(19, 8, 0)).toEqual([]);
  });

  it('takes more than 3 fills that are told otherwise, of however few', () => {
    expect(rated(20, 8, 0.25)).toEqual([]);
    expect(rated(20, 8, 0.24)).toMatchObject([
      { why: 'adverse selection is reported as 0.24, and is 0.40 over 20 fills' },
    ]);
    expect(rated(25, 11, 14 / 25)).toEqual([]);
    expect(rated(25, 11, 15 / 25)).toMatchObject([{ fromNs: 4.5 * S + 1 }]);
  });

  it('takes a rate that is not known though there were fills enough, and judges none that is not offered', () => {
    expect(rated(20, 8, Number.NaN)).toMatchObject([
      { why: 'adverse selection is not reported, and is 0.40 over 20 fills' },
    ]);
    expect(rated(20, 8, undefined)).toEqual([]);
  });

  it('does not count a fill younger than 1 s', () => {
    const { observer, tell } = begun();
    const made = (oid: number, ns: number): Happening => {
      const bad = order(oid, { priceTicks: 1_001 });
      return { ns, kind: 'fill', order: bad, lots: 10, positionLots: 0, dueNs: ns };
    };
    tell([{ ns: S, kind: 'market', mid: 1_000 }, read(S, { adverseSelectionRate: 0 })]);
    tell(Array.from({ length: 19 }, (_, index) => made(index + 1, S)));
    tell([made(20, 3 * S)]);
    observer.onEnd(9 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 4 * S + POSITION_MISMATCH.rateNs + 1 }]);
  });

  it('does not judge a core that tells nothing of itself', () => {
    const observer = new PositionMismatch([BTC]);
    observer.onStart({ core: { metrics: new Float64Array() } });
    observer.onAccepted(S, 1, order(5), 0);
    observer.onFill(S, 1, fill(order(5), 10), 10);
    observer.onEnd(60 * S);
    expect(observer.intervals()).toEqual([]);
  });

  it('reads after a market message in which the core wrote to its log, and when a post leaves', () => {
    const { observer, tell } = begun();
    tell([bought(S, S), read(S, { positionLots: 10 })]);
    let positionLots = 10;
    const core = { metrics: new Float64Array(), accountView: () => [{ positionLots, orders: [] }] };
    observer.onStart({ core });
    positionLots = 9;
    observer.onHandled(2 * S, 2 * S, 0, work({ kind: 'book' }));
    observer.onEvidence({ type: 'cycle-resumed', atNs: 3 * S });
    observer.onHandled(3 * S, 3 * S, 0, work({ kind: 'book' }));
    positionLots = 10;
    observer.onCommand(5 * S, 9, { kind: 'post', via: 'rest', id: 1, nonce: 1, action: { type: 'noop' } });
    observer.onEnd(9 * S);
    expect(observer.intervals()).toMatchObject([{ fromNs: 4 * S + 1, toNs: 5 * S }]);
  });
});
