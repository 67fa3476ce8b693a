import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID, type Side } from '../../../../core/market.ts';
import {
  logProbQueueFunc,
  logProbQueueFunc2,
  type Probability,
  powerProbQueueFunc,
  powerProbQueueFunc2,
  powerProbQueueFunc3,
  QUEUE_MODEL_NAMES,
  type QueueModelName,
  queueModel,
} from '../../../../sim/exchange/replay/queue-models.ts';
import { FILL_MODEL_NAMES, type FillModelName } from '../../../../sim/exchange/replay/replay-matching.ts';
import { type FrameSpec, type Level, Stand } from '../support.ts';

const PROBABILISTIC = QUEUE_MODEL_NAMES.filter(name => name !== 'RiskAdverseQueueModel');
const powers = fc.constantFrom(0.5, 1, 1.5, 2, 3, 50);

describe('the probability that who left stood behind us', () => {
  it.each<[name: string, probability: Probability, expected: number]>([
    ['PowerProbQueueFunc, 1', powerProbQueueFunc(1), 0.9],
    ['PowerProbQueueFunc, 2', powerProbQueueFunc(2), 8_100 / 8_200],
    ['PowerProbQueueFunc2, 2', powerProbQueueFunc2(2), 8_100 / 10_000],
    ['PowerProbQueueFunc3, 2', powerProbQueueFunc3(2), 1 - 100 / 10_000],
    ['LogProbQueueFunc, 1 lot a coin', logProbQueueFunc(1), Math.log(91) / (Math.log(91) + Math.log(11))],
    ['LogProbQueueFunc, 10 lots a coin', logProbQueueFunc(10), Math.log(10) / (Math.log(10) + Math.log(2))],
    ['LogProbQueueFunc2, 10 lots a coin', logProbQueueFunc2(10), Math.log(10) / Math.log(11)],
  ])('%s: 10 lots ahead and 90 behind', (_name, probability, expected) => {
    expect(probability(10, 90)).toBeCloseTo(expected, 14);
  });

  it('is one, and falls as we stand further back, and is 0 with nobody behind, under every function', () => {
    const lots = fc.integer({ min: 1, max: 1e9 });
    fc.assert(
      fc.property(powers, lots, lots, lots, (n, ahead, more, behind) => {
        for (const probability of [
          powerProbQueueFunc(n),
          powerProbQueueFunc2(n),
          powerProbQueueFunc3(n),
          logProbQueueFunc(1_000),
          logProbQueueFunc2(1_000),
        ]) {
          const near = probability(ahead, behind);
          const far = probability(ahead + more, Math.max(0, behind - more));
          expect(near).toBeGreaterThanOrEqual(0);
          expect(near).toBeLessThanOrEqual(1);
          expect(far).toBeLessThanOrEqual(near + 1e-12);
          expect(probability(ahead, 0)).toBe(0);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

const model = (name: QueueModelName, queuePower = 1) => queueModel({ queueModel: name, queuePower }, 3);

describe('the volume ahead when a level changes', () => {
  it.each<[name: string, before: number, shown: number, traded: number, expected: number]>([
    ['splits what left by the probability', 100, 60, 0, 10 - 0.1 * 40],
    ['leaves out what was traded', 100, 60, 30, 10 - 0.1 * 10],
    ['stays where all of it was traded', 100, 60, 40, 10],
    ['stays where the level grew', 100, 160, 0, 10],
    ['is all that is shown where that is less', 100, 3, 200, 3],
    ['is nothing where the level is gone', 100, 0, 0, 0],
  ])('PowerProbQueueFunc: %s', (_name, before, shown, traded, expected) => {
    expect(model('PowerProbQueueFunc').shown(10, before, shown, traded)).toBeCloseTo(expected, 12);
  });

  it('takes from ahead of us what cannot have left behind', () => {
    // 90 % of 100 are 90 of the 50 behind: the other 40 left ahead, with the 10 % of 100.
    const certain = model('PowerProbQueueFunc', 50);
    expect(certain.shown(49, 100, 20, 0)).toBeCloseTo(20, 6);
  });

  it('never rises, is never below nothing or above what is shown, and never beyond what the cautious model says', () => {
    const lots = fc.nat({ max: 1_000 });
    fc.assert(
      fc.property(powers, lots, lots, lots, lots, (n, before, draw, shown, traded) => {
        const front = draw % (before + 1);
        const cautious = model('RiskAdverseQueueModel').shown(front, before, shown, traded);
        expect(cautious).toBe(Math.min(front, shown));
        for (const name of PROBABILISTIC) {
          const moved = model(name, n).shown(front, before, shown, traded);
          expect(moved).toBeGreaterThanOrEqual(0);
          expect(moved).toBeLessThanOrEqual(cautious);
          // The less is shown, the less is ahead.
          expect(model(name, n).shown(front, before, shown + 1, traded)).toBeGreaterThanOrEqual(moved - 1e-9);
        }
      }),
      { seed: 2, numRuns: 1_000 },
    );
  });
});

// ------------------------------------------------------------------------------------------ in the exchange

const BIDS: readonly Level[] = [
  [1000, 300],
  [999, 500],
  [998, 700],
];
const ASKS: readonly Level[] = [
  [1001, 400],
  [1002, 500],
  [1003, 600],
];

/** A market with an order of ours at every price. */
function standing(name: QueueModelName, fillModel: FillModelName = 'PartialFillExchange', queuePower = 2): Stand {
  const stand = new Stand({ queueModel: name, queuePower, fillModel });
  stand.play({ kind: 'snapshot', bids: BIDS, asks: ASKS });
  for (const [ticks] of BIDS) stand.place(BID, ticks, 100);
  for (const [ticks] of ASKS) stand.place(ASK, ticks, 100);
  return stand;
}

/** Calm frames: the touch stays, so that queues are worked through, and sizes are such that this happens. */
const frames: fc.Arbitrary<{ afterNs: number; frame: FrameSpec }[]> = (() => {
  const bid = fc.integer({ min: 998, max: 1000 });
  const ask = fc.integer({ min: 1001, max: 1003 });
  const rows = (price: fc.Arbitrary<number>) =>
    fc.uniqueArray(fc.tuple(price, fc.integer({ min: 0, max: 700 })), { maxLength: 3, selector: row => row[0] });
  const delta = fc.record({ kind: fc.constant('delta' as const), bids: rows(bid), asks: rows(ask) });
  const lots = fc.integer({ min: 1, max: 120 });
  const trade = fc.oneof(
    fc.record({ aggressor: fc.constant<Side>(ASK), ticks: bid, lots }),
    fc.record({ aggressor: fc.constant<Side>(BID), ticks: ask, lots }),
  );
  const trades = fc.record({
    kind: fc.constant('trades' as const),
    trades: fc.array(trade, { minLength: 1, maxLength: 3 }),
  });
  const frame = fc.oneof<fc.Arbitrary<FrameSpec>[]>(delta, trades, trades);
  return fc.array(fc.record({ afterNs: fc.constantFrom(0, 1), frame }), { minLength: 10, maxLength: 40 });
})();

/** What each order has been filled with. */
function filled(stand: Stand): Map<number, number> {
  const lots = new Map<number, number>();
  for (const fill of stand.journal.fills) lots.set(fill.oid, (lots.get(fill.oid) ?? 0) + fill.sizeLots);
  return lots;
}

describe('fills by model', () => {
  it('come under no model later than under the cautious one', () => {
    fc.assert(
      fc.property(frames, powers, (steps, power) => {
        const cautious = standing('RiskAdverseQueueModel');
        const others = PROBABILISTIC.map(name => standing(name, 'PartialFillExchange', power));
        for (const { afterNs, frame } of steps) {
          cautious.play(frame, afterNs);
          for (const other of others) {
            other.play(frame, afterNs);
            const lots = filled(other);
            for (const [oid, least] of filled(cautious)) expect(lots.get(oid) ?? 0).toBeGreaterThanOrEqual(least);
          }
        }
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  it('are at no price more than was traded there or through it', () => {
    fc.assert(
      fc.property(frames, fc.constantFrom(...QUEUE_MODEL_NAMES), powers, (steps, name, power) => {
        const stand = standing(name, 'PartialFillExchange', power);
        for (const { afterNs, frame } of steps) {
          stand.journal.forget();
          stand.play(frame, afterNs);
          if (frame.kind !== 'trades') continue;
          for (const { side, priceTicks } of stand.journal.fills) {
            const at = frame.trades.filter(trade => trade.aggressor !== side && trade.ticks === priceTicks);
            const through = frame.trades.some(
              trade => trade.aggressor !== side && (side === BID ? trade.ticks < priceTicks : trade.ticks > priceTicks),
            );
            const lots = stand.journal.fills
              .filter(fill => fill.side === side && fill.priceTicks === priceTicks)
              .reduce((sum, fill) => sum + fill.sizeLots, 0);
            if (!through) expect(lots).toBeLessThanOrEqual(at.reduce((sum, trade) => sum + trade.lots, 0));
          }
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('are whole, and come when the first part would, without partial fills', () => {
    fc.assert(
      fc.property(frames, fc.constantFrom(...QUEUE_MODEL_NAMES), (steps, name) => {
        const partial = standing(name);
        const whole = standing(name, 'NoPartialFillExchange');
        for (const { afterNs, frame } of steps) {
          partial.play(frame, afterNs);
          whole.play(frame, afterNs);
          expect([...filled(whole).keys()].sort((a, b) => a - b)).toEqual(
            [...filled(partial).keys()].sort((a, b) => a - b),
          );
        }
        expect(whole.journal.fills.every(fill => fill.sizeLots === 100)).toBe(true);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it('go on from a snapshot as they would have without', () => {
    const settings = [fc.constantFrom(...QUEUE_MODEL_NAMES), fc.constantFrom(...FILL_MODEL_NAMES)] as const;
    fc.assert(
      fc.property(frames, fc.nat(), ...settings, (steps, draw, name, fillModel) => {
        const cut = draw % steps.length;
        const stand = standing(name, fillModel);
        for (const { afterNs, frame } of steps.slice(0, cut)) stand.play(frame, afterNs);
        const restored = new Stand({ queueModel: name, queuePower: 2, fillModel });
        restored.exchange.restore(structuredClone(stand.exchange.snapshot()));
        restored.nowNs = stand.nowNs;
        stand.journal.forget();
        for (const { afterNs, frame } of steps.slice(cut)) {
          stand.play(frame, afterNs);
          restored.play(frame, afterNs);
        }
        expect(restored.journal.lines).toEqual(stand.journal.lines);
        expect(restored.exchange.snapshot()).toEqual(stand.exchange.snapshot());
      }),
      { seed: 6, numRuns: 150 },
    );
  });
});

describe('a queue of which part was traded and part cancelled', () => {
  /** 300 ahead and 100 behind. */
  function inTheMiddle(name: QueueModelName): Stand {
    const stand = new Stand({ queueModel: name, queuePower: 1 });
    stand.play({ kind: 'snapshot', bids: BIDS, asks: ASKS });
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'delta', bids: [[1000, 400]] });
    return stand;
  }

  it('counts a trade once, whether the book or the trade is printed first', () => {
    for (const name of QUEUE_MODEL_NAMES) {
      for (const bookFirst of [true, false]) {
        const stand = inTheMiddle(name);
        stand.nowNs += 10;
        if (bookFirst) stand.play({ kind: 'delta', bids: [[1000, 280]] }, 0);
        stand.sell(1000, 120, 0);
        if (!bookFirst) stand.play({ kind: 'delta', bids: [[1000, 280]] }, 0);
        // The next frame changes nothing: all that left has been told apart.
        stand.play({ kind: 'delta', bids: [[1000, 280]] });
        stand.sell(1000, 180);
        expect(stand.fills()).toEqual([]);
        stand.sell(1000, 1);
        expect(stand.fills()).toEqual(['1:1@1000']);
      }
    }
  });

  it('moves up by its share of a cancellation', () => {
    const stand = inTheMiddle('PowerProbQueueFunc');
    // A quarter stands behind, so three quarters of the 80 left ahead of us: 240 are left.
    stand.play({ kind: 'delta', bids: [[1000, 320]] });
    stand.sell(1000, 240);
    expect(stand.fills()).toEqual([]);
    stand.sell(1000, 5);
    expect(stand.fills()).toEqual(['1:5@1000']);
  });

  it('takes a row that repeats the size for a level refilled after its trades', () => {
    const stand = inTheMiddle('PowerProbQueueFunc');
    stand.sell(1000, 80);
    // 220 are ahead. As much as was traded has come behind.
    stand.play({ kind: 'delta', bids: [[1000, 400]] });
    // So these 80 were cancelled: 220/400 of them ahead of us.
    stand.play({ kind: 'delta', bids: [[1000, 320]] });
    stand.sell(1000, 220 - 44 + 1);
    expect(stand.fills()).toEqual(['1:1@1000']);
  });

  it('leaves an order alone whose price a delta, a bbo or a fast book does not reach', () => {
    for (const frame of [
      { kind: 'delta', bids: [[999, 10]] },
      { kind: 'bbo', bids: [[1001, 10]], asks: [[1002, 10]] },
      { kind: 'fast', bids: [1005, 1004, 1003, 1002, 1001].map((ticks): Level => [ticks, 1]), asks: [[1006, 1]] },
    ] satisfies FrameSpec[]) {
      const stand = inTheMiddle('PowerProbQueueFunc');
      stand.sell(1000, 80);
      stand.play(frame);
      // The 80 of the trade are still to be told from cancellations.
      stand.play({ kind: 'delta', bids: [[1000, 320]] });
      stand.sell(1000, 220);
      expect(stand.fills()).toEqual([]);
      stand.sell(1000, 1);
      expect(stand.fills()).toEqual(['1:1@1000']);
    }
  });

  it('fills the next whole lot where the volume ahead is not whole', () => {
    const stand = new Stand({ queueModel: 'PowerProbQueueFunc', queuePower: 1 });
    stand.play({ kind: 'snapshot', bids: [[1000, 3]], asks: ASKS });
    stand.place(BID, 1000, 200);
    stand.play({ kind: 'delta', bids: [[1000, 8]] });
    // 3 - 3/8 of 1 are ahead: 2.625. Of a trade of 3, 0.375 come past, which is no lot.
    stand.play({ kind: 'delta', bids: [[1000, 7]] });
    stand.sell(1000, 3);
    expect(stand.fills()).toEqual([]);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['1:1@1000']);
  });
});

describe('NoPartialFillExchange', () => {
  it('fills an order whole by one lot that reaches it, and hands the next order what is left of the trade', () => {
    const stand = new Stand({ fillModel: 'NoPartialFillExchange' });
    stand.play({ kind: 'snapshot', bids: BIDS, asks: ASKS });
    stand.place(BID, 1000, 200);
    stand.place(BID, 1000, 200);
    stand.sell(1000, 301);
    expect(stand.fills()).toEqual(['1:200@1000']);
    stand.sell(1000, 1);
    expect(stand.fills()).toEqual(['1:200@1000', '2:200@1000']);
  });

  it('fills an order that takes whole at the best price, however little is there', () => {
    const stand = new Stand({ fillModel: 'NoPartialFillExchange' });
    stand.play({ kind: 'snapshot', bids: BIDS, asks: ASKS });
    stand.place(BID, 1003, 5_000, { tif: 'Ioc' });
    expect(stand.fills()).toEqual(['1:5000@1001']);
  });
});
