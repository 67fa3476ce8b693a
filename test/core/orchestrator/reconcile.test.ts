import { describe, expect, it } from 'vitest';
import type { TrackedOrder } from '../../../core/execution/order-lifecycle.ts';
import { QuoteCycleArena } from '../../../core/infra/arena.ts';
import { ASK, BID, type Side } from '../../../core/market.ts';
import type { ReconcileScope } from '../../../core/orchestrator/affected-tracker.ts';
import { DEFAULT_RECONCILE, type ReconcileInput, Reconciler } from '../../../core/orchestrator/reconcile.ts';
import type { ReconcilePlan } from '../../../core/orchestrator/reconcile-plan.ts';
import { DEFAULT_LADDER, Ladder } from '../../../core/strategy/ladder.ts';
import { BTC } from '../../support/script-host.ts';

const MID = 1_000_000;
const INPUT: ReconcileInput = {
  midTicks: MID,
  bestBidTicks: MID - 10,
  bestAskTicks: MID + 10,
  capacityLots: [10_000, 10_000],
  closing: false,
  heldBack: [false, false],
};

let lastCloid = 0;

/** An own bid so many basis points below the mid. */
function bid(depthBps: number, change: Partial<TrackedOrder> = {}): TrackedOrder {
  lastCloid++;
  return {
    cloid: lastCloid,
    oid: lastCloid + 1_000,
    instrument: 0,
    side: BID,
    priceTicks: MID - depthBps * 100,
    originalLots: 1_000,
    tif: 'Alo',
    reduceOnly: false,
    replacesCloid: 0,
    filledLots: 0,
    streamLots: 0,
    state: 'Resting',
    placedNs: 0,
    lastChangeNs: 0,
    cancelSentNs: 0,
    ...change,
  };
}

/** Bids of a ladder at these depths, bps, of 1,000 lots each unless said. */
function ladder(...depthsBps: readonly (number | readonly [depthBps: number, lots: number])[]): Ladder {
  const made = new Ladder(BTC, { ...DEFAULT_LADDER, levels: 10 });
  depthsBps.forEach((depth, level) => {
    const [depthBps, lots] = typeof depth === 'number' ? [depth, 1_000] : depth;
    made.bids.priceTicks[level] = MID - depthBps * 100;
    made.bids.sizeLots[level] = lots;
  });
  made.bids.count = depthsBps.length;
  return made;
}

/** A reconciler that has sent bids at a mid. */
function priced(midTicks: number): Reconciler {
  const reconciler = new Reconciler(BTC, DEFAULT_RECONCILE, new QuoteCycleArena({ capacityBytes: 8_192 }));
  reconciler.reconcile(ladder(5), [], [], INPUT);
  reconciler.sent(midTicks);
  return reconciler;
}

/** New orders of a plan: side, price and size. */
function places(made: ReconcilePlan): [Side, number, number][] {
  return Array.from({ length: made.placeCount }, (_, index) => [
    made.placeSide(index),
    made.placePriceTicks(index),
    made.placeLots(index),
  ]);
}

/** The plan in words: cancels by cloid, modifications as [cloid, depth, lots], placements as [depth, lots]. */
function plan(
  quotes: Ladder,
  orders: readonly TrackedOrder[],
  input: Partial<ReconcileInput> = {},
  reconciler = priced(MID),
) {
  reconciler.reconcile(quotes, orders, [], { ...INPUT, ...input });
  const made = reconciler.plan;
  const depth = (ticks: number): number => (MID - ticks) / 100;
  return {
    cancels: made.cancels.map(order => order.cloid),
    modifies: made.modifies.map((order, index) => [
      order.cloid,
      depth(made.modifyPriceTicks(index)),
      made.modifyLots(index),
    ]),
    places: places(made).map(([_side, ticks, lots]) => [depth(ticks), lots]),
  };
}

const NOTHING = { cancels: [], modifies: [], places: [] };

describe('reconcile', () => {
  it('places a whole ladder where nothing rests', () => {
    const places = [
      [5, 1_000],
      [6, 1_000],
    ];
    expect(plan(ladder(5, 6), [])).toEqual({ ...NOTHING, places });
  });

  it('cancels all where nothing is wanted', () => {
    const orders = [bid(5), bid(6)];
    expect(plan(ladder(), orders)).toEqual({ ...NOTHING, cancels: orders.map(order => order.cloid) });
  });

  it('leaves up to 2.5 bps, modifies up to 50 bps, and cancels and places beyond', () => {
    expect(plan(ladder(5), [bid(7.49)])).toEqual(NOTHING);
    expect(plan(ladder(5), [bid(2.51)])).toEqual(NOTHING);
    const off = bid(7.51);
    expect(plan(ladder(5), [off])).toEqual({ ...NOTHING, modifies: [[off.cloid, 5, 1_000]] });
    const far = bid(54.9);
    expect(plan(ladder(5), [far])).toEqual({ ...NOTHING, modifies: [[far.cloid, 5, 1_000]] });
    const tooFar = bid(55.1);
    expect(plan(ladder(5), [tooFar])).toEqual({ ...NOTHING, cancels: [tooFar.cloid], places: [[5, 1_000]] });
  });

  it('leaves a size within 10 %, of what is left of the order', () => {
    expect(plan(ladder([5, 1_000]), [bid(5, { originalLots: 900 })])).toEqual(NOTHING);
    expect(plan(ladder([5, 1_000]), [bid(5, { originalLots: 1_100 })])).toEqual(NOTHING);
    const small = bid(5, { filledLots: 101, state: 'PartiallyFilled' });
    expect(plan(ladder([5, 1_000]), [small]).modifies).toEqual([[small.cloid, 5, 1_000]]);
    const large = bid(5, { originalLots: 1_101 });
    expect(plan(ladder([5, 1_000]), [large]).modifies).toEqual([[large.cloid, 5, 1_000]]);
  });

  it('moves the one order that is off, and leaves those in their queues that serve another quote now', () => {
    // The mid rose by a level: what was first is second now.
    const orders = [bid(6), bid(7.2), bid(8.6), bid(10.4), bid(12.4)];
    const made = plan(ladder(2, 6, 7.2, 8.6, 10.4), orders);
    expect(made).toEqual({ ...NOTHING, modifies: [[orders[4].cloid, 2, 1_000]] });
  });

  it('cancels what is left over, also beside a quote that is served already', () => {
    const orders = [bid(5), bid(5), bid(5)];
    expect(plan(ladder(5), orders)).toEqual({ ...NOTHING, cancels: [orders[1].cloid, orders[2].cloid] });
  });

  it('does not touch what is under way, and lets it keep its quote', () => {
    const placed = bid(20, { state: 'Placed', oid: 0 });
    expect(plan(ladder(5), [placed])).toEqual(NOTHING);
    expect(plan(ladder(), [placed])).toEqual(NOTHING);
    expect(plan(ladder(5, 6), [placed])).toEqual({ ...NOTHING, places: [[6, 1_000]] });
  });

  it('does not count what is being cancelled as a quote, but as a risk', () => {
    const going = bid(5, { state: 'CancelPending' });
    expect(plan(ladder(5), [going])).toEqual({ ...NOTHING, places: [[5, 1_000]] });
    expect(plan(ladder(5), [going], { capacityLots: [1_500, 0] })).toEqual({ ...NOTHING, places: [[5, 500]] });
    expect(plan(ladder(5), [going], { capacityLots: [1_000, 0] })).toEqual(NOTHING);
  });

  it('counts an order and the one that takes its place once', () => {
    const old = bid(5, { state: 'CancelPending' });
    const replacement = bid(6, { state: 'Placed', oid: 0, replacesCloid: old.cloid });
    const made = plan(ladder(6, 7), [old, replacement], { capacityLots: [2_000, 0] });
    expect(made).toEqual({ ...NOTHING, places: [[7, 1_000]] });
  });

  it('cancels at once what the touch has reached', () => {
    const reached = bid(5);
    const made = plan(ladder(20), [reached], { bestAskTicks: reached.priceTicks });
    expect(made).toEqual({ ...NOTHING, cancels: [reached.cloid], places: [[20, 1_000]] });
    expect(plan(ladder(5), [reached], { bestAskTicks: reached.priceTicks + 1 })).toEqual(NOTHING);
  });

  it('grows an order by no more than the room there is', () => {
    const order = bid(5, { originalLots: 500 });
    expect(plan(ladder([5, 1_000]), [order], { capacityLots: [700, 0] }).modifies).toEqual([[order.cloid, 5, 700]]);
    // What there is room for is not worth losing the place in the queue.
    expect(plan(ladder([5, 1_000]), [order], { capacityLots: [600, 0] })).toEqual(NOTHING);
  });

  it('places nothing under the minimum, unless it closes', () => {
    expect(plan(ladder([5, 9]), []).places).toEqual([]);
    expect(plan(ladder([5, 9]), [], { closing: true }).places).toEqual([[5, 9]]);
    const remainder = bid(30, { filledLots: 995, state: 'PartiallyFilled' });
    const made = plan(ladder(5), [remainder], { capacityLots: [5, 0] });
    expect(made).toEqual({ ...NOTHING, cancels: [remainder.cloid] });
  });

  it('re-prices one order of a side once the mid is 2 bps from its last change', () => {
    const orders = [bid(5.5), bid(6)];
    expect(plan(ladder(5, 6), orders, {}, priced(MID - 199))).toEqual(NOTHING);
    const made = plan(ladder(5, 6), orders, {}, priced(MID - 201));
    expect(made).toEqual({ ...NOTHING, modifies: [[orders[0].cloid, 5, 1_000]] });
  });

  it('tells between which mids its orders are priced', () => {
    const reconciler = priced(MID);
    plan(ladder(5, 6), [bid(6), bid(5.5)], {}, reconciler);
    // 0.5 bps and nothing behind their quotes, of a mid that has not moved.
    expect(reconciler.quotedLowTicks(MID)).toBeCloseTo(MID - 50, 0);
    expect(reconciler.quotedHighTicks(MID)).toBe(MID);
    expect(reconciler.quotedHighTicks(MID - 300)).toBe(MID);
    plan(ladder(), [], {}, reconciler);
    expect(reconciler.quotedHighTicks(MID - 300)).toBe(MID - 300);
  });

  it('works on asks as on bids', () => {
    const reconciler = priced(MID);
    const quotes = new Ladder(BTC, DEFAULT_LADDER);
    quotes.asks.priceTicks[0] = MID + 500;
    quotes.asks.sizeLots[0] = 1_000;
    quotes.asks.count = 1;
    const ask = bid(-9, { side: ASK });
    reconciler.reconcile(quotes, [], [ask], INPUT);
    expect(reconciler.plan.modifies).toEqual([ask]);
    expect(reconciler.plan.modifyPriceTicks(0)).toBe(MID + 500);
  });
});

describe('a side that is held back', () => {
  const HELD: ReconcileInput = { ...INPUT, heldBack: [true, false] };

  it('is sent nothing new: what is right stays, what should lie elsewhere is cancelled', () => {
    const reconciler = priced(MID);
    const right = bid(5);
    const short = bid(6, { filledLots: 600 });
    const astray = bid(30);
    reconciler.reconcile(ladder(5, 6, 12, 20), [right, short, astray], [], HELD);
    expect(reconciler.plan.cancels).toEqual([astray]);
    expect(reconciler.plan.modifies).toEqual([]);
    expect(reconciler.plan.placeCount).toBe(0);
  });

  it('does not cancel what the mid has only drifted from', () => {
    const reconciler = priced(MID - 300);
    reconciler.reconcile(ladder(5), [bid(6)], [], HELD);
    expect(reconciler.plan.count).toBe(0);
    reconciler.reconcile(ladder(5), [bid(6)], [], INPUT);
    expect(reconciler.plan.modifies).toHaveLength(1);
  });
});

describe('the scope', () => {
  const ask = (depthBps: number): TrackedOrder => bid(-depthBps, { side: ASK });

  /** Bids and asks of two levels each, at 5 and 10 bps. */
  function bothSides(): Ladder {
    const quotes = ladder(5, 10);
    [5, 10].forEach((depth, level) => {
      quotes.asks.priceTicks[level] = MID + depth * 100;
      quotes.asks.sizeLots[level] = 1_000;
    });
    quotes.asks.count = 2;
    return quotes;
  }

  function scoped(scope: ReconcileScope, bids: readonly TrackedOrder[], asks: readonly TrackedOrder[]) {
    const reconciler = priced(MID);
    reconciler.reconcile(bothSides(), bids, asks, INPUT, scope);
    const { cancels, modifies } = reconciler.plan;
    return { cancels, modifies, places: places(reconciler.plan).map(([side, ticks]) => [side, ticks]) };
  }

  it('Full looks at both sides', () => {
    expect(scoped({ type: 'Full' }, [], []).places).toHaveLength(4);
  });

  it('SideOnly leaves the other side as it is, and does all on its own', () => {
    const astray = ask(30);
    const [far, near] = [bid(70), bid(20)];
    expect(scoped({ type: 'SideOnly', side: BID }, [near, far], [astray])).toEqual({
      cancels: [far],
      modifies: [near],
      places: [[BID, MID - 1_000]],
    });
  });

  it('SideAndLevels places what is missing and touches the named orders alone', () => {
    const [named, other] = [bid(70), bid(80)];
    const made = scoped({ type: 'SideAndLevels', side: BID, oids: [named.oid] }, [named, other], [ask(30)]);
    expect(made).toEqual({ cancels: [named], modifies: [], places: [[BID, MID - 500]] });
  });

  it('LevelsOnly moves the named orders of either side to their quotes, however near, and places nothing', () => {
    const [named, other] = [bid(6), bid(11)];
    const namedAsk = ask(6);
    const oids = [named.oid, namedAsk.oid];
    expect(scoped({ type: 'LevelsOnly', oids }, [named, other], [namedAsk])).toEqual({
      cancels: [],
      modifies: [named, namedAsk],
      places: [],
    });
  });

  it('LevelsOnly leaves a named order that stands right', () => {
    const named = bid(5);
    expect(scoped({ type: 'LevelsOnly', oids: [named.oid] }, [named], [])).toEqual({ ...NOTHING });
  });

  it('keeps what it knows of the side that it does not look at', () => {
    const reconciler = priced(MID);
    reconciler.reconcile(bothSides(), [bid(7), bid(10)], [ask(5), ask(10)], INPUT);
    const low = reconciler.quotedLowTicks(MID);
    expect(low).toBeLessThan(MID);
    reconciler.reconcile(bothSides(), [bid(7), bid(10)], [ask(5), ask(10)], INPUT, { type: 'SideOnly', side: ASK });
    expect(reconciler.quotedLowTicks(MID)).toBe(low);
    const restored = new Reconciler(BTC, DEFAULT_RECONCILE, new QuoteCycleArena({ capacityBytes: 8_192 }));
    restored.restore(reconciler.snapshot());
    expect(restored.quotedLowTicks(MID)).toBe(low);
    expect(restored.quotedHighTicks(MID)).toBe(reconciler.quotedHighTicks(MID));
  });
});
