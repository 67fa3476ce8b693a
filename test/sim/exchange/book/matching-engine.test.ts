import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PRICE } from '../../../../core/book.ts';
import { ASK, BID, newLevelColumns, type Side } from '../../../../core/market.ts';
import {
  BACKGROUND,
  MatchingEngine,
  type MatchListener,
  NO_SLOT,
} from '../../../../sim/exchange/book/matching-engine.ts';
import { decodeState, encodeState } from '../../../../sim/kernel/codec.ts';
import { DRAWS } from '../../../damage/draws.ts';
import { NaiveEngine } from './naive-engine.ts';

/** The engine under test, told of in the naive one's words: orders by the id that they would have there. */
class Told {
  readonly told: string[] = [];
  readonly idOf = new Map<number, number>();
  readonly barred = new Set<number>();
  readonly listener: MatchListener = {
    matched: (slot, makerOwner, takerOwner, side, ticks, lots) =>
      this.told.push(`matched ${this.idOf.get(slot)} of ${makerOwner} by ${takerOwner}/${side} at ${ticks}: ${lots}`),
    expired: slot => this.told.push(`expired ${this.idOf.get(slot)}`),
    mayMatch: slot => {
      const id = this.idOf.get(slot) ?? -1;
      if (this.barred.has(id)) this.told.push(`barred ${id}`);
      return !this.barred.has(id);
    },
  };
}

function levelsOf(engine: MatchingEngine, depth: number): number[][] {
  const columns = newLevelColumns(2 * depth);
  const count = engine.writeLevels(columns, depth);
  return Array.from({ length: count }, (_, row) => [
    columns.side[row],
    columns.priceTicks[row],
    columns.sizeLots[row],
    columns.orders[row],
  ]);
}

/** Slots of a price from the oldest to the newest. */
function queueOf(engine: MatchingEngine, side: Side, ticks: number): number[] {
  const slots: number[] = [];
  for (let slot = engine.firstSlot(side, ticks); slot !== NO_SLOT; slot = engine.nextSlot(slot)) slots.push(slot);
  return slots;
}

const nobody: MatchListener = { matched: () => {}, expired: () => {}, mayMatch: () => true };

describe('the matching engine', () => {
  it('fills the best price first and at one price the oldest', () => {
    const told = new Told();
    const engine = new MatchingEngine(told.listener);
    const orders = [
      [101, 5],
      [100, 3],
      [100, 4],
      [102, 9],
    ];
    for (const [id, [ticks, lots]] of orders.entries()) told.idOf.set(engine.rest(BACKGROUND, ASK, ticks, lots), id);
    expect(engine.take(1, BID, 101, 20)).toBe(8);
    expect(told.told).toEqual([
      'matched 1 of 0 by 1/0 at 100: 3',
      'matched 2 of 0 by 1/0 at 100: 4',
      'matched 0 of 0 by 1/0 at 101: 5',
    ]);
    expect(levelsOf(engine, 20)).toEqual([[ASK, 102, 9, 1]]);
  });

  it('leaves a maker that is matched in part at the front', () => {
    const engine = new MatchingEngine(nobody);
    const first = engine.rest(2, BID, 100, 5);
    const second = engine.rest(3, BID, 100, 5);
    expect(engine.take(BACKGROUND, ASK, 100, 2)).toBe(0);
    expect(queueOf(engine, BID, 100)).toEqual([first, second]);
    expect(engine.lotsOf(first)).toBe(3);
    expect(engine.aheadLots(second)).toBe(3);
  });

  it('expires the own order of a named owner and goes on, and lets the background trade with itself', () => {
    const told = new Told();
    const engine = new MatchingEngine(told.listener);
    told.idOf.set(engine.rest(1, ASK, 100, 5), 0);
    told.idOf.set(engine.rest(BACKGROUND, ASK, 100, 5), 1);
    expect(engine.take(1, BID, 100, 3)).toBe(0);
    expect(engine.take(BACKGROUND, BID, 100, 2)).toBe(0);
    expect(told.told).toEqual(['expired 0', 'matched 1 of 0 by 1/0 at 100: 3', 'matched 1 of 0 by 0/0 at 100: 2']);
    expect(engine.bestAskTicks).toBe(NO_PRICE);
  });

  it('keeps the place of an order that is made smaller', () => {
    const engine = new MatchingEngine(nobody);
    const first = engine.rest(1, BID, 100, 5);
    const second = engine.rest(1, BID, 100, 5);
    engine.reduce(first, 4);
    expect(queueOf(engine, BID, 100)).toEqual([first, second]);
    expect(engine.levelLots(BID, 100)).toBe(6);
  });

  it('tells a slot that is used again by its generation', () => {
    const engine = new MatchingEngine(nobody);
    const slot = engine.rest(1, BID, 100, 5);
    const generation = engine.generationOf(slot);
    engine.cancel(slot);
    expect(engine.lotsOf(slot)).toBe(0);
    expect(engine.rest(2, ASK, 200, 5)).toBe(slot);
    expect(engine.generationOf(slot)).not.toBe(generation);
    engine.clear();
    expect(engine.generationOf(slot)).toBe(generation + 2);
  });

  it('asks again what a maker has left after the listener has reduced it, and lets the listener cancel others', () => {
    const traded: number[] = [];
    const engine: MatchingEngine = new MatchingEngine({
      ...nobody,
      mayMatch: slot => {
        if (engine.lotsOf(slot) > 2) engine.reduce(slot, engine.lotsOf(slot) - 2);
        return true;
      },
      matched: (_slot, _makerOwner, _takerOwner, _side, ticks, lots) => {
        traded.push(ticks, lots);
        if (ticks === 100) engine.cancel(other);
      },
    });
    engine.rest(2, ASK, 100, 10);
    const other = engine.rest(2, ASK, 101, 10);
    engine.rest(BACKGROUND, ASK, 102, 10);
    expect(engine.take(1, BID, 102, 5)).toBe(0);
    expect(traded).toEqual([100, 2, 102, 3]);
  });

  it('holds books of any depth, and finds levels across empty pages', () => {
    const engine = new MatchingEngine(nobody);
    const prices = [1, 511, 512, 513, 40_000, 1_000_000];
    for (const ticks of prices) {
      engine.rest(BACKGROUND, BID, ticks, 1);
      engine.rest(BACKGROUND, ASK, 2_000_000 - ticks, 1);
    }
    const bids = [...prices].reverse();
    expect(levelsOf(engine, 20).map(row => row[1])).toEqual([...bids, ...bids.map(ticks => 2_000_000 - ticks)]);
    expect(engine.worseThan(BID, 5_000_000)).toBe(1_000_000);
    expect(engine.worseThan(ASK, 1)).toBe(1_000_000);
    for (let many = 0; many < 5_000; many++) engine.rest(BACKGROUND, BID, 300, 1);
    expect(engine.levelOrders(BID, 300)).toBe(5_000);
    expect(engine.take(BACKGROUND, ASK, 1, 10_000)).toBe(10_000 - prices.length - 5_000);
    expect(engine.levels(BID)).toBe(0);
  });

  const action = fc.record({
    what: fc.constantFrom('rest', 'rest', 'rest', 'take', 'take', 'cancel', 'reduce', 'bar'),
    owner: fc.integer({ min: 0, max: 3 }),
    side: fc.constantFrom<Side>(BID, ASK),
    ticks: fc.integer({ min: 505, max: 520 }),
    lots: fc.integer({ min: 1, max: 9 }),
    pick: fc.nat(),
  });

  it('does as the naive engine does, restored in the middle or not', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), fc.nat({ max: 120 }), (actions, restoreAt) => {
        const naive = new NaiveEngine();
        const told = new Told();
        let engine = new MatchingEngine(told.listener);
        const slotOf = new Map<number, number>();
        for (const [at, { what, owner, side, ticks, lots, pick }] of actions.entries()) {
          if (at === restoreAt) {
            const state = decodeState(encodeState(engine.snapshot()));
            engine = new MatchingEngine(told.listener);
            engine.rest(1, BID, 7, 7);
            engine.restore(state);
          }
          const chosen = naive.orders[pick % Math.max(1, naive.orders.length)];
          if (what === 'rest' || what === 'take') {
            const left = naive.take(owner, side, ticks, lots);
            expect(engine.take(owner, side, ticks, lots)).toBe(left);
            if (what === 'rest' && left > 0) {
              const id = naive.rest(owner, side, ticks, left);
              const slot = engine.rest(owner, side, ticks, left);
              slotOf.set(id, slot);
              told.idOf.set(slot, id);
            }
          } else if (chosen !== undefined) {
            const slot = slotOf.get(chosen.id) ?? -1;
            if (what === 'cancel') {
              naive.cancel(chosen.id);
              engine.cancel(slot);
            } else if (what === 'reduce' && chosen.lots > lots) {
              chosen.lots -= lots;
              engine.reduce(slot, lots);
            } else if (what === 'bar' && chosen.owner !== BACKGROUND) {
              naive.barred.add(chosen.id);
              told.barred.add(chosen.id);
            }
          }
          // A barred maker is told of by the question, before it leaves.
          expect(told.told).toEqual(naive.told);
          expect(levelsOf(engine, 50)).toEqual(naive.levels(50));
        }
        for (const order of naive.orders) {
          const slot = slotOf.get(order.id) ?? -1;
          const ahead = naive.queue(order.side).filter(other => other.ticks === order.ticks && other.id < order.id);
          expect(engine.lotsOf(slot)).toBe(order.lots);
          expect(engine.ownerOf(slot)).toBe(order.owner);
          expect(engine.aheadLots(slot)).toBe(ahead.reduce((sum, other) => sum + other.lots, 0));
        }
      }),
      { seed: 1, numRuns: DRAWS },
    );
  });
});
