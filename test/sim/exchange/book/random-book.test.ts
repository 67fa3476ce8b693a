/** Random sequences of actions against the exchange that is slow and obvious: they must never differ. */
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BID } from '../../../../core/market.ts';
import type { PostItem } from '../../../../core/port.ts';
import { DEFAULT_EXCHANGE } from '../../../../sim/exchange/exchange.ts';
import { decodeState, encodeState } from '../../../../sim/kernel/codec.ts';
import { DRAWS } from '../../../damage/draws.ts';
import { OURS, ReferenceExchange } from '../reference-exchange.ts';
import { COIN } from '../support.ts';
import { BookStand } from './book-stand.ts';
import { actionOf, type BookStep, bookSteps } from './random-book-steps.ts';

/** Without a minimum, so that no small size is refused for it. */
const INSTRUMENT = { ...COIN, minNotionalUsd: 0 };
const price = (ticks: number) => new Decimal(ticks).div(10);
const size = (lots: number) => new Decimal(lots).div(1_000);
const lotsOf = (size: Decimal) => size.times(1_000).toNumber();

/** The exchange under test with the others' orders, and what it told in the reference's words. */
class Tested extends BookStand {
  hasMargin = true;
  /** Slots of others with the generation that they were rested with. */
  slots: { slot: number; generation: number }[] = [];

  constructor() {
    super({}, INSTRUMENT, { mayMatch: () => this.hasMargin });
  }

  live(): number[] {
    this.slots = this.slots.filter(
      ({ slot, generation }) => this.engine.generationOf(slot) === generation && this.engine.lotsOf(slot) > 0,
    );
    return this.slots.map(({ slot }) => slot);
  }

  other(owner: number, side: 0 | 1, ticks: number, lots: number, rests: boolean): void {
    const left = this.take(side, ticks, lots, owner);
    if (!rests || left === 0) return;
    const slot = this.engine.rest(owner, side, ticks, left);
    this.slots.push({ slot, generation: this.engine.generationOf(slot) });
  }

  answers(items: readonly PostItem[]): string[] {
    return items.map(item => {
      if (item.status === 'resting') return `resting ${item.oid}`;
      return item.status === 'filled' ? `filled ${item.oid} ${size(item.filledLots).toFixed()}` : item.status;
    });
  }

  fillLines(from: number): string[] {
    return this.journal.fills.slice(from).map(fill => {
      const how = fill.crossed ? 'taker' : 'maker';
      const before = size(fill.startPositionLots).toFixed();
      const fee = new Decimal(fill.feeUsd).toFixed();
      return `${fill.oid} ${price(fill.priceTicks).toFixed()} ${size(fill.sizeLots).toFixed()} ${how} ${before} ${fee}`;
    });
  }

  updateLines(from: number): string[] {
    return this.journal.updates
      .slice(from)
      .map(
        ({ oid, status, remainingLots, originalLots }) =>
          `${oid} ${status} ${size(remainingLots).toFixed()} of ${size(originalLots).toFixed()}`,
      );
  }

  tradeLines(from: number): string[] {
    return this.trades
      .slice(from)
      .map(({ side, ticks, lots }) => `${side} ${price(ticks).toFixed()} ${size(lots).toFixed()}`);
  }

  money(): Decimal {
    return this.journal.fills.reduce((money, { side, priceTicks, sizeLots, feeUsd }) => {
      const paid = price(priceTicks)
        .times(size(sizeLots))
        .times(side === BID ? 1 : -1);
      return money.minus(paid).minus(feeUsd);
    }, new Decimal(0));
  }

  /** What each owner holds, by the public trades. */
  holdings(): Map<number, number> {
    const held = new Map<number, number>();
    const add = (owner: number, lots: number) => held.set(owner, (held.get(owner) ?? 0) + lots);
    for (const { side, lots, takerOwner, makerOwner } of this.trades) {
      add(takerOwner, side === BID ? lots : -lots);
      add(makerOwner, side === BID ? -lots : lots);
    }
    return held;
  }
}

/** Carries a step out in both and compares the answers. */
function carryOut(tested: Tested, reference: ReferenceExchange, step: BookStep): void {
  const action = actionOf(step, tested.exchange.openOrders());
  if (action !== null) {
    expect(tested.answers(tested.act(action))).toEqual(reference.act(action));
  } else if (step.kind === 'rest' || step.kind === 'take') {
    const { owner, side, ticks, lots } = step;
    tested.other(owner, side, ticks, lots, step.kind === 'rest');
    reference.other(owner, side, ticks, lots, step.kind === 'rest');
  } else if (step.kind === 'margin') {
    tested.hasMargin = step.has;
    reference.hasMargin = step.has;
  } else if (step.kind === 'withdraw') {
    const slots = tested.live();
    // The orders of others, in the order in which they came to rest, are the same list there.
    const others = reference.orders.filter(order => order.owner !== OURS).sort((a, b) => a.since - b.since);
    expect(slots.length).toBe(others.length);
    if (slots.length === 0) return;
    tested.engine.cancel(slots[step.pick % slots.length]);
    reference.drop(others[step.pick % others.length]);
  }
}

/** Both have told the same so far, and come to the same. Lines that were compared before are not looked at again. */
class Comparison {
  readonly #tested: Tested;
  readonly #reference: ReferenceExchange;
  #fills = 0;
  #updates = 0;
  #trades = 0;

  constructor(tested: Tested, reference: ReferenceExchange) {
    this.#tested = tested;
    this.#reference = reference;
  }

  /** After each step. */
  step(): void {
    const tested = this.#tested;
    const reference = this.#reference;
    const levels = tested
      .levels(50)
      .map(([side, ticks, lots, orders]) => `${side} ${price(ticks).toFixed()} ${size(lots).toFixed()} ${orders}`);
    expect(levels).toEqual(reference.levels());
    expect(tested.fillLines(this.#fills)).toEqual(reference.fills.slice(this.#fills));
    expect(tested.updateLines(this.#updates)).toEqual(reference.updates.slice(this.#updates));
    expect(tested.tradeLines(this.#trades)).toEqual(reference.trades.slice(this.#trades));
    this.#fills = reference.fills.length;
    this.#updates = reference.updates.length;
    this.#trades = reference.trades.length;
    expect(
      tested.exchange.openOrders().map(order => [order.oid, order.cloid, order.remainingLots, order.originalLots]),
    ).toEqual(reference.ours().map(({ oid, cloid, left, placed }) => [oid, cloid, lotsOf(left), lotsOf(placed)]));
    expect(tested.exchange.positionLots(0)).toBe(lotsOf(reference.position));
  }

  /** After the last one. */
  end(): void {
    const tested = this.#tested;
    const { account } = tested.exchange;
    const { fills, userEvents } = tested.journal;
    expect(userEvents.map(event => (event.type === 'nonUserCancel' ? `${event.type} ${event.oid}` : ''))).toEqual(
      this.#reference.userEvents,
    );
    expect(tested.money().toFixed()).toBe(this.#reference.money.toFixed());
    const volume = fills.reduce(
      (sum, { priceTicks, sizeLots }) => sum.plus(price(priceTicks).times(size(sizeLots))),
      new Decimal(0),
    );
    expect(account.volumeUsd).toBe(volume.toNumber());
    // Every contract that one account holds another has sold.
    const held = tested.holdings();
    expect(held.get(OURS) ?? 0).toBe(account.positionLots(0));
    expect([...held.values()].reduce((sum, lots) => sum + lots, 0)).toBe(0);
    const tids = tested.trades.map(({ tid }) => tid);
    expect(new Set(tids).size).toBe(tids.length);
  }
}

describe('the exchange with a book of single orders', () => {
  it('does as the slow and obvious one does: answers, books, fills, orders, position and money', () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(bookSteps, steps => {
        const tested = new Tested();
        const reference = new ReferenceExchange(INSTRUMENT, DEFAULT_EXCHANGE.makerFeeBps, DEFAULT_EXCHANGE.takerFeeBps);
        const comparison = new Comparison(tested, reference);
        for (const step of steps) {
          carryOut(tested, reference, step);
          comparison.step();
        }
        comparison.end();
        for (const { status } of tested.journal.updates) count(status);
        for (const fill of tested.journal.fills) count(fill.crossed ? 'taker' : 'maker');
        for (const line of tested.journal.lines) if (/accepted (\d+) \d+ for \1$/.test(line)) count('made smaller');
      }),
      { seed: 1, numRuns: DRAWS },
    );
    // What never happens has not been tested.
    const expected = [
      'open',
      'filled',
      'canceled',
      'maker',
      'taker',
      'made smaller',
      'selfTradeCanceled',
      'marginCanceled',
      'reduceOnlyCanceled',
      'rejected',
      'reduceOnlyRejected',
      'badAloPxRejected',
      'iocCancelRejected',
    ];
    for (const what of expected) expect([what, (seen.get(what) ?? 0) > 20]).toEqual([what, true]);
  }, 120_000);

  it('goes on from a snapshot, taken anywhere, exactly as without', () => {
    fc.assert(
      fc.property(bookSteps, fc.nat(), (steps, draw) => {
        const cut = draw % steps.length;
        const whole = new Tested();
        const shadow = new ReferenceExchange(INSTRUMENT, 0, 0);
        for (const step of steps.slice(0, cut)) carryOut(whole, shadow, step);
        const restored = new Tested();
        // Something else before, so that what restore leaves behind would show.
        const otherShadow = new ReferenceExchange(INSTRUMENT, 0, 0);
        for (const step of steps.slice(0, 5)) carryOut(restored, otherShadow, step);
        restored.exchange.restore(decodeState(encodeState(whole.exchange.snapshot())));
        Object.assign(restored, { hasMargin: whole.hasMargin, slots: [...whole.slots], nowNs: whole.nowNs });
        restored.journal.live.clear();
        restored.journal.adopt(whole.journal);
        for (const stand of [whole, restored]) stand.journal.forget();
        const nonces = 1_000;
        for (const [at, step] of steps.slice(cut).entries()) {
          for (const stand of [whole, restored]) {
            const action = actionOf(step, stand.exchange.openOrders());
            if (action !== null) stand.exchange.handleAction(stand.tick(), nonces + at, action);
            else if (step.kind === 'rest' || step.kind === 'take') {
              stand.other(step.owner, step.side, step.ticks, step.lots, step.kind === 'rest');
            } else if (step.kind === 'margin') stand.hasMargin = step.has;
          }
        }
        expect(restored.journal.lines).toEqual(whole.journal.lines);
        expect(restored.journal.fills).toEqual(whole.journal.fills);
        expect(restored.levels(50)).toEqual(whole.levels(50));
        expect(restored.exchange.snapshot()).toEqual(whole.exchange.snapshot());
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});
