import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CycleStopReason, LogEntry, RateLimitErrorType } from '../../../core/evidence.ts';
import type { Action, Command, PlaceOrder, PostItem } from '../../../core/port.ts';
import { createInvariants, INVARIANTS, type Invariant } from '../../../reports/invariants/invariants.ts';
import { isValidPrice } from '../../../reports/invariants/order-rules.ts';
import { StaleQuotes } from '../../../reports/symptoms/stale-quotes.ts';
import { draws } from '../../support/draws.ts';
import { ASK, BID, BTC, fill, order, S, work } from '../support.ts';
import { history, tell } from '../symptoms/history.ts';

const METRIC_FIELDS = [{ name: 'mm_position_lots', type: 'gauge', help: '' }] as const;

function all(symptoms: StaleQuotes[] = [], instruments = [BTC]): Invariant[] {
  return createInvariants({ instruments, maxInventoryUsd: 1_000, metricFields: METRIC_FIELDS, symptoms });
}

function one(name: (typeof INVARIANTS)[number], symptoms: StaleQuotes[] = [], instruments = [BTC]): Invariant {
  const found = all(symptoms, instruments).find(invariant => invariant.invariant === name);
  if (found === undefined) throw new TypeError(name);
  return found;
}

const messages = (invariant: Invariant): string[] => invariant.violations().map(violation => violation.message);

function post(id: number, action: Action = { type: 'cancel', cancels: [] }): Command {
  return { kind: 'post', via: 'websocket', id, nonce: id, action };
}
const stop = (atNs: number, reason: CycleStopReason): LogEntry => ({
  type: 'cycle-stopped',
  atNs,
  stage: 'risk',
  reason,
});
const resume = (atNs: number): LogEntry => ({ type: 'cycle-resumed', atNs });
const pulled = (atNs: number): LogEntry => ({ type: 'quotes-pulled', atNs, reason: 'DataQualityGate', orders: 1 });
const timeout = (atNs: number, id: number): LogEntry => ({ type: 'request-timeout', atNs, id, ageNs: 5e8 });

describe('all invariants', () => {
  it('are there by the names that scenarios use, with a name each for their state', () => {
    const made = all();
    expect(made.map(invariant => invariant.invariant)).toEqual(INVARIANTS);
    expect(new Set(made.map(invariant => invariant.name)).size).toBe(made.length);
  });

  it('go on after a restore as if nothing had been', () => {
    fc.assert(
      fc.property(history, fc.nat(60), (happenings, cut) => {
        const at = Math.min(cut, happenings.length);
        for (const [index, whole] of all().entries()) {
          tell(whole, happenings, 0, at);
          const resumed = all()[index];
          resumed.restore(structuredClone(whole.snapshot()));
          for (const invariant of [whole, resumed]) {
            tell(invariant, happenings, at);
            invariant.onEnd?.(1e12, 1_000);
          }
          expect(resumed.violations()).toEqual(whole.violations());
          expect(resumed.snapshot()).toEqual(whole.snapshot());
        }
      }),
      draws(1, 60),
    );
  });

  it('keep the first of many violations', () => {
    const invariant = one('order-conservation');
    for (let oid = 1; oid < 100; oid++) invariant.onRemoved?.(oid, oid, order(oid), 'canceled');
    expect(invariant.violations()).toHaveLength(20);
    expect(invariant.violations()[0]).toMatchObject({ invariant: 'order-conservation', atNs: 1, event: 1 });
  });
});

describe('position', () => {
  const started = (metrics: Float64Array): Invariant => {
    const invariant = one('position');
    invariant.onStart?.({ instruments: [BTC], fromNs: 0, toNs: 1, healNs: 1, core: { metrics } });
    return invariant;
  };
  const filled = (sizeLots: number): LogEntry => ({
    type: 'fill',
    atNs: 1,
    tid: 1,
    oid: 1,
    side: ASK,
    priceTicks: 1,
    sizeLots,
    ageNs: 0,
    via: 'stream',
    order: 'Resting',
  });

  it('compares the core’s position with its own log', () => {
    const metrics = Float64Array.of(7);
    const invariant = started(metrics);
    metrics[0] = 4;
    invariant.onEvidence?.(filled(3));
    invariant.onHandled?.(1, 2, 0, work());
    metrics[0] = 10;
    invariant.onEvidence?.({ type: 'position-adjusted', atNs: 2, fromLots: 4, toLots: 10 });
    invariant.onHandled?.(2, 3, 0, work());
    expect(messages(invariant)).toEqual([]);
    metrics[0] = 6;
    invariant.onEvidence?.(filled(3));
    invariant.onHandled?.(5, 6, 0, work());
    expect(messages(invariant)).toEqual(['the core holds 6 lots, its fills and adjustments make 7']);
  });

  it('compares once more at the end, after a change that no entry tells', () => {
    const atEnd = (...entries: readonly LogEntry[]) => {
      const metrics = Float64Array.of(3);
      const invariant = started(metrics);
      metrics[0] = 0;
      for (const entry of entries) invariant.onEvidence?.(entry);
      invariant.onHandled?.(1, 2, 0, work());
      metrics[0] = 5;
      invariant.onHandled?.(2, 3, 0, work());
      expect(messages(invariant)).toEqual([]);
      invariant.onEnd?.(9, 4);
      return invariant.violations();
    };
    const message = 'the core holds 5 lots, its fills and adjustments make 0';
    expect(atEnd(filled(3))).toEqual([{ invariant: 'position', atNs: 9, event: 4, message }]);
    // A core that tells nothing of its fills promises nothing.
    expect(atEnd()).toEqual([]);
  });

  it('holds the exchange to its own fills', () => {
    const invariant = one('position');
    invariant.onFill?.(1, 1, fill(order(1), 5, { startPositionLots: 2 }), 7);
    invariant.onFill?.(2, 2, fill(order(2, { side: ASK }), 3, { startPositionLots: 7 }), 4);
    expect(messages(invariant)).toEqual([]);
    invariant.onFill?.(3, 3, fill(order(3), 1, { startPositionLots: 4 }), 6);
    expect(messages(invariant)).toHaveLength(1);
  });
});

describe('order-conservation', () => {
  it('adds what was filled and cancelled up', () => {
    const invariant = one('order-conservation');
    invariant.onAccepted?.(1, 1, order(1), 0);
    invariant.onFill?.(2, 2, fill(order(1), 40), 40);
    invariant.onRemoved?.(3, 3, order(1, { remainingLots: 60 }), 'canceled');
    invariant.onAccepted?.(1, 1, order(2), 0);
    invariant.onFill?.(2, 2, fill(order(2), 100), 140);
    invariant.onRemoved?.(3, 3, order(2, { remainingLots: 0 }), 'filled');
    expect(messages(invariant)).toEqual([]);
    invariant.onAccepted?.(4, 4, order(3), 0);
    invariant.onFill?.(5, 5, fill(order(3), 30), 170);
    invariant.onRemoved?.(6, 6, order(3, { remainingLots: 60 }), 'canceled');
    invariant.onFill?.(7, 7, fill(order(3), 30), 200);
    expect(messages(invariant)).toEqual([
      'order 3 (canceled): 30 filled and 60 cancelled of 100 lots',
      'order 3 was filled, but is not open',
    ]);
  });
});

describe('no-live-quote-after-pull', () => {
  const open = (): Invariant => {
    const invariant = one('no-live-quote-after-pull');
    invariant.onConnection?.(0, 0, 'user', 'open');
    invariant.onAccepted?.(10 * S, 1, order(1), 0);
    return invariant;
  };

  it('gives the cancels their time and no more', () => {
    for (const [goneNs, broken] of [
      [21 * S, false],
      [21 * S + 1, true],
    ] as const) {
      const invariant = open();
      invariant.onEvidence?.(pulled(20 * S));
      invariant.onRemoved?.(goneNs, 2, order(1), 'canceled');
      invariant.onEnd?.(30 * S, 3);
      expect(messages(invariant)).toEqual(broken ? ['live 1.0 s after the quotes were pulled: orders 1'] : []);
    }
  });

  it('finds what is accepted after the pull and stays', () => {
    const invariant = open();
    invariant.onEvidence?.(pulled(20 * S));
    invariant.onRemoved?.(20.1 * S, 2, order(1), 'canceled');
    invariant.onAccepted?.(20.2 * S, 3, order(2), 0);
    invariant.onEnd?.(25 * S, 4);
    expect(messages(invariant)).toHaveLength(1);
  });

  it('finds what is sent while risk wants no quotes, once a pull', () => {
    const risk = (atNs: number, pullQuotes: boolean): LogEntry => ({
      type: 'risk',
      atNs,
      pullQuotes,
      spreadFactor: 1,
      reduceOnly: false,
      maxSeverity: 'High',
      monitors: ['price-velocity'],
      pulledBy: pullQuotes ? ['price-velocity'] : [],
    });
    const sendAt = (...entries: readonly (readonly [number, boolean])[]) => {
      const invariant = open();
      invariant.onStart?.({ instruments: [BTC] } as never);
      for (const [atNs, pullQuotes] of entries) invariant.onEvidence?.(risk(atNs, pullQuotes));
      invariant.onCommand?.(20.1 * S, 2, post(1, { type: 'order', orders: [] }));
      invariant.onCommand?.(20.2 * S, 3, post(2, { type: 'order', orders: [] }));
      return messages(invariant);
    };
    expect(sendAt([20 * S, true])).toEqual(['new quotes are sent while risk wants none']);
    // Whatever else risk has to say in the meantime.
    expect(sendAt([20 * S, true], [20.095 * S, true])).toHaveLength(1);
    expect(sendAt([20 * S, true], [20.05 * S, false])).toEqual([]);
  });

  it('is about the orders of the instrument whose quotes were pulled', () => {
    for (const [instrument, broken] of [
      [0, true],
      [1, false],
    ] as const) {
      const invariant = one('no-live-quote-after-pull');
      const instruments = [BTC, { ...BTC, symbol: 'ETH' }];
      const core = { metrics: new Float64Array() };
      invariant.onStart?.({ instruments, fromNs: 0, toNs: 1, healNs: 1, core });
      invariant.onConnection?.(0, 0, 'user', 'open');
      invariant.onAccepted?.(10 * S, 1, order(1), 0);
      invariant.onEvidence?.({ ...pulled(20 * S), instrument } as LogEntry);
      invariant.onEnd?.(30 * S, 3);
      expect(messages(invariant)).toHaveLength(broken ? 1 : 0);
    }
  });

  it('does not count time in which cancels cannot get through, nor quotes after the pull ended', () => {
    const invariant = open();
    invariant.onConnection?.(19 * S, 2, 'user', 'closed');
    invariant.onEvidence?.(pulled(20 * S));
    invariant.onCommand?.(50 * S, 3, post(1));
    invariant.onConnection?.(60 * S, 4, 'user', 'open');
    invariant.onCommand?.(63 * S, 5, post(2));
    invariant.onEvidence?.(resume(63 * S));
    invariant.onEnd?.(100 * S, 6);
    expect(messages(invariant)).toEqual([]);
    const stuck = open();
    stuck.onEvidence?.(pulled(20 * S));
    stuck.onCommand?.(20.1 * S, 2, { kind: 'connect', connection: 'user' });
    stuck.onConnection?.(30 * S, 3, 'user', 'open');
    stuck.onEnd?.(33 * S + 1, 4);
    expect(messages(stuck)).toHaveLength(1);
  });
});

describe('one-outcome-per-request', () => {
  const reply = (id: number) => ({ kind: 'post-reply', nowNs: 0, id, error: null, items: [] }) as const;

  it('takes an answer, a timeout, and a late answer', () => {
    const invariant = one('one-outcome-per-request');
    for (const id of [1, 2, 3]) invariant.onCommand?.(S, id, post(id));
    invariant.onReply?.(1.1 * S, 4, reply(1));
    invariant.onEvidence?.(timeout(1.5 * S, 2));
    invariant.onReply?.(2 * S, 5, reply(2));
    invariant.onCommand?.(20 * S, 6, post(4));
    invariant.onEnd?.(21 * S, 7);
    expect(messages(invariant)).toEqual(['request 3 has no outcome']);
  });

  it('refuses second ones and strangers', () => {
    const invariant = one('one-outcome-per-request');
    invariant.onCommand?.(S, 1, post(1));
    invariant.onReply?.(1.1 * S, 2, reply(1));
    invariant.onReply?.(1.2 * S, 3, reply(1));
    invariant.onEvidence?.(timeout(9 * S, 1));
    invariant.onReply?.(9 * S, 4, reply(7));
    invariant.onEvidence?.(timeout(9 * S, 8));
    invariant.onCommand?.(9 * S, 5, post(1));
    expect(messages(invariant)).toEqual([
      'a second answer to request 1',
      'request 1 timed out after it was answered',
      'an answer to request 7, which was not sent',
      'a timeout of request 8, which was not sent',
      'request id 1 is used twice',
    ]);
  });
});

describe('inventory-limit', () => {
  // At 1,000,000 ticks ($100,000) a lot is a dollar: the limit is 1,000 lots, told of from 1,010 on.
  const grow = (invariant: Invariant, oid: number, lots: number, positionLots: number): void => {
    invariant.onFill?.(oid * S, oid, fill(order(oid, { originalLots: 200 }), lots), positionLots);
  };
  const accept = (invariant: Invariant, oid: number): void => {
    invariant.onAccepted?.(oid * S, oid, order(oid, { originalLots: 200 }), 0);
  };

  it('allows what rested when it was reached, and nothing more', () => {
    const invariant = one('inventory-limit');
    for (const oid of [1, 2]) accept(invariant, oid);
    grow(invariant, 1, 200, 1_100);
    grow(invariant, 2, 200, 1_300);
    expect(messages(invariant)).toEqual([]);
    accept(invariant, 3);
    grow(invariant, 3, 50, 1_350);
    expect(messages(invariant)).toEqual(['a position of 1350 lots ($1350.00), at most 1300 lots']);
  });

  it('begins anew when the position was worth less again', () => {
    const invariant = one('inventory-limit');
    grow(invariant, 1, 1, 1_020);
    invariant.onFill?.(2 * S, 2, fill(order(2, { side: ASK }), 200), 820);
    accept(invariant, 3);
    grow(invariant, 3, 200, 1_020);
    expect(messages(invariant)).toEqual([]);
  });
});

describe('own orders that stand together', () => {
  it('never cross, and a modification within one moment is no crossing', () => {
    const invariant = one('no-own-cross');
    invariant.onAccepted?.(S, 1, order(1, { priceTicks: 100 }), 0);
    invariant.onAccepted?.(2 * S, 2, order(2, { side: ASK, priceTicks: 100 }), 0);
    invariant.onRemoved?.(2 * S, 2, order(1, { priceTicks: 100 }), 'expired');
    invariant.onAccepted?.(3 * S, 3, order(3, { priceTicks: 99 }), 0);
    invariant.onEnd?.(4 * S, 4);
    expect(messages(invariant)).toEqual([]);
    invariant.onAccepted?.(5 * S, 5, order(5, { priceTicks: 100 }), 0);
    invariant.onAccepted?.(6 * S, 6, order(6, { priceTicks: 90 }), 0);
    invariant.onEnd?.(7 * S, 7);
    expect(invariant.violations()).toMatchObject([
      { atNs: 5 * S, event: 5, message: 'an own bid at 100 ticks rests at or above an own ask at 100' },
    ]);
  });

  it('never share a cloid', () => {
    const invariant = one('unique-cloid');
    invariant.onAccepted?.(S, 1, order(1, { cloid: 9 }), 0);
    invariant.onRemoved?.(2 * S, 2, order(1, { cloid: 9 }), 'modified');
    invariant.onAccepted?.(2 * S, 2, order(2, { cloid: 9 }), 1);
    invariant.onEnd?.(3 * S, 3);
    expect(messages(invariant)).toEqual([]);
    invariant.onAccepted?.(4 * S, 4, order(3, { cloid: 9 }), 0);
    invariant.onEnd?.(5 * S, 5);
    expect(messages(invariant)).toEqual(['client order id 9 is on orders 2 and 3']);
  });

  it('may go without one', () => {
    const invariant = one('unique-cloid');
    for (const oid of [1, 2]) invariant.onAccepted?.(S, oid, order(oid, { cloid: 0 }), 0);
    invariant.onEnd?.(3 * S, 3);
    expect(messages(invariant)).toEqual([]);
  });
});

describe('order-rules', () => {
  const placed = (changes: Partial<PlaceOrder>): PlaceOrder => ({
    cloid: 1,
    instrument: 0,
    side: BID,
    priceTicks: 1_000_000,
    sizeLots: 100,
    tif: 'Alo',
    reduceOnly: false,
    ...changes,
  });
  const broken = (changes: Partial<PlaceOrder>, positionLots = 0): string[] => {
    const invariant = one('order-rules');
    if (positionLots !== 0) invariant.onFill?.(0, 0, fill(order(1), 1), positionLots);
    invariant.onCommand?.(S, 1, post(1, { type: 'order', orders: [placed(changes)] }));
    const modify: Action = { type: 'batchModify', modifies: [{ oid: 1, order: placed(changes) }] };
    invariant.onCommand?.(S, 2, post(2, modify));
    const found = messages(invariant);
    expect(found.length % 2).toBe(0);
    return found.slice(0, found.length / 2);
  };

  it('knows prices of five significant figures, and whole numbers', () => {
    const valid = [1_000_000, 10, 12_345, 1_234_560, 99_999].map(ticks => isValidPrice(BTC, ticks));
    expect(valid).toEqual([true, true, true, true, true]);
    const invalid = [1_234_561, 1_000_001, 0, -10, 1.5].map(ticks => isValidPrice(BTC, ticks));
    expect(invalid).toEqual([false, false, false, false, false]);
    expect(isValidPrice({ ...BTC, significantFigures: 0 }, 1_234_561)).toBe(true);
  });

  it('refuses wrong prices, sizes and values, on both sides of each boundary', () => {
    expect(broken({})).toEqual([]);
    expect(broken({ priceTicks: 1_000_001 })).toHaveLength(1);
    expect(broken({ sizeLots: 0 })).toHaveLength(1);
    expect(broken({ sizeLots: 10.5 })).toHaveLength(1);
    expect(broken({ sizeLots: 10 })).toEqual([]);
    expect(broken({ sizeLots: 9 })).toEqual(['order 1 is worth $9.00, the least is $10']);
    expect(broken({ priceTicks: 999_000, sizeLots: 10 })).toEqual([]);
    expect(broken({ priceTicks: 998_000, sizeLots: 10 })).toHaveLength(1);
  });

  it('lets closing orders be smaller', () => {
    expect(broken({ sizeLots: 1, reduceOnly: true })).toEqual([]);
    expect(broken({ sizeLots: 5 }, -5)).toEqual([]);
    expect(broken({ sizeLots: 6 }, -5)).toHaveLength(1);
    expect(broken({ sizeLots: 5 }, 5)).toHaveLength(1);
  });
});

describe('reducing-side-open', () => {
  /** A position at the limit from 10 s on, with a frame each second. */
  const bare = (positionLots: number, untilS: number, at: Partial<Record<number, (i: Invariant) => void>> = {}) => {
    const invariant = one('reducing-side-open');
    invariant.onMarket?.(0, 0, 0, 999_990, 1_000_010);
    invariant.onFill?.(10 * S, 1, fill(order(1), 1), positionLots);
    for (let s = 10; s <= untilS; s++) {
      at[s]?.(invariant);
      invariant.onDelivered?.(s * S, s, 'l2Book', 0);
    }
    return messages(invariant);
  };
  const rest = (side: 0 | 1) => (invariant: Invariant) => invariant.onAccepted?.(12 * S, 2, order(2, { side }), 0);

  it('wants a reducing order within 10 s at the limit', () => {
    expect(bare(1_000, 21)).toEqual([]);
    expect(bare(1_000, 22)).toEqual(['no order reduces the position of 1000 lots for more than 10 s']);
    expect(bare(-1_000, 60)).toHaveLength(1);
    expect(bare(990, 60)).toEqual([]);
  });

  it('is content with one on the reducing side only', () => {
    expect(bare(1_000, 60, { 12: rest(ASK) })).toEqual([]);
    expect(bare(1_000, 60, { 12: rest(BID) })).toHaveLength(1);
  });

  it('does not ask for it while quoting is stopped or data is late', () => {
    const stopped = (i: Invariant) => i.onEvidence?.(stop(12 * S, 'DataQualityGate'));
    expect(bare(1_000, 40, { 12: stopped, 35: i => i.onEvidence?.(resume(35 * S)) })).toEqual([]);
    expect(bare(1_000, 40, { 12: i => i.onEvidence?.(stop(12 * S, 'EmptyLadder')) })).toHaveLength(1);
    const late = one('reducing-side-open');
    late.onMarket?.(0, 0, 0, 999_990, 1_000_010);
    late.onFill?.(10 * S, 1, fill(order(1), 1), 1_000);
    for (let s = 10; s <= 60; s += 6) late.onDelivered?.(s * S, s, 'l2Book', 0);
    expect(messages(late)).toEqual([]);
  });

  it('knows which instrument’s quoting is stopped', () => {
    const broken = (...entries: readonly LogEntry[]): number => {
      const invariant = one('reducing-side-open', [], [BTC, { ...BTC, symbol: 'ETH' }]);
      invariant.onMarket?.(0, 0, 0, 999_990, 1_000_010);
      invariant.onFill?.(10 * S, 1, fill(order(1), 1), 1_000);
      for (const entry of entries) invariant.onEvidence?.(entry);
      for (let s = 10; s <= 60; s++) invariant.onDelivered?.(s * S, s, 'l2Book', 0);
      return messages(invariant).length;
    };
    const of = (entry: LogEntry, instrument: number): LogEntry => ({ ...entry, instrument }) as LogEntry;
    expect(broken(of(stop(10 * S, 'NoBook'), 1))).toBe(1);
    expect(broken(of(stop(10 * S, 'NoBook'), 0))).toBe(0);
    expect(broken(of(stop(10 * S, 'NoBook'), 0), of(resume(11 * S), 1))).toBe(0);
  });

  it('values the position by the last mid that there was', () => {
    const oneSided = (i: Invariant) => i.onMarket?.(11 * S, 2, 0, 999_990, 0);
    expect(bare(1_000, 40, { 11: oneSided })).toHaveLength(1);
  });
});

describe('backoff-kept', () => {
  const order1: Action = { type: 'order', orders: [{ side: BID } as PlaceOrder] };
  const sent = (error: RateLimitErrorType, action: Action, status: 'success' | 'resting' | 'error') => {
    const invariant = one('backoff-kept');
    // Sent before the refusal of another one came in.
    invariant.onCommand?.(39 * S, 1, post(1, action));
    invariant.onEvidence?.({ type: 'rate-limit-error', atNs: 40 * S, error, errors: 1, untilNs: 70 * S });
    const items = [{ status, error: 'no', oid: 1 }] as unknown as PostItem[];
    invariant.onReply?.(41 * S, 2, { kind: 'post-reply', nowNs: 41 * S, id: 1, error: null, items });
    invariant.onCommand?.(52 * S, 3, post(2, order1));
    return messages(invariant);
  };
  const cancel: Action = { type: 'cancel', cancels: [] };
  const broken = ['post 2 goes out while all orders are said to be held back'];

  it('lets what is answered end the back-off after a 429, if only a cancel', () => {
    expect(sent('TooManyRequests', cancel, 'success')).toEqual([]);
    expect(sent('TooManyRequests', order1, 'resting')).toEqual([]);
  });

  it('lets only orders that are taken end that of an address without requests', () => {
    expect(sent('CumulativeRequests', cancel, 'success')).toEqual(broken);
    expect(sent('CumulativeRequests', order1, 'error')).toEqual(broken);
    expect(sent('CumulativeRequests', order1, 'resting')).toEqual([]);
  });
});

describe('cold-after-heal', () => {
  it('tells of a symptom that is hot at the end, once the run is over', () => {
    const stale = new StaleQuotes([BTC], null);
    const invariant = one('cold-after-heal', [stale]);
    stale.onMarket(S, 1, 0, 999_990, 1_000_010);
    stale.onAccepted(S, 2, order(9), 0);
    stale.onMarket(8 * S, 3, 0, 1_009_990, 1_010_010);
    invariant.onEnd?.(10 * S, 4);
    stale.onEnd(10 * S);
    expect(invariant.violations()).toMatchObject([
      { atNs: 10 * S, event: 4, message: 'stale-quotes is hot on the bid at the end, since 9.5 s' },
    ]);
  });
});

describe('time-forward', () => {
  it('holds world, log and handlers each to their own clock', () => {
    const invariant = one('time-forward');
    invariant.onMarket?.(5, 1, 0, 1, 2);
    invariant.onHandled?.(5, 90, 0, work());
    invariant.onEvidence?.(resume(50));
    invariant.onAccepted?.(6, 2, order(1), 0);
    invariant.onHandled?.(90, 95, 10, work());
    expect(messages(invariant)).toEqual([]);
    invariant.onFill?.(5, 3, fill(order(1), 1), 1);
    invariant.onReply?.(7, 2, { kind: 'post-reply', nowNs: 7, id: 1, error: null, items: [] });
    invariant.onEvidence?.(resume(49));
    invariant.onHandled?.(80, 81, 0, work());
    expect(messages(invariant)).toHaveLength(4);
  });
});
