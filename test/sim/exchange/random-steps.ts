/**
 * Random frames and actions. In a wild market every order soon ends; in a calm one queues live long enough to be worked
 * through. Both are drawn.
 */
import fc from 'fast-check';
import { ASK, BID, type Side } from '../../../core/market.ts';
import type { Action, OpenOrder, PlaceOrder } from '../../../core/port.ts';
import type { FrameSpec, Level } from './support.ts';

/** What happens `afterNs` after the step before. Cancels and modifications name open orders by their place in the list. */
export interface Step {
  afterNs: number;
  what: FrameSpec | { kind: 'trades-ago'; trades: readonly TradeAgo[]; flags: number } | ActionDraft;
}

interface TradeAgo {
  aggressor: Side;
  ticks: number;
  lots: number;
  agoNs: number;
}

type ActionDraft =
  | { kind: 'order'; orders: readonly PlaceOrder[] }
  | { kind: 'cancel' | 'cancelByCloid'; places: readonly number[] }
  | { kind: 'modify'; modifies: readonly { place: number; order: PlaceOrder; samePrice: boolean }[] };

type Range = readonly [min: number, max: number];

interface Market {
  mid: Range;
  bids: Range;
  asks: Range;
  weights: { snapshot: number; delta: number; bbo: number; trades: number; action: number };
}

const WILD: Market = {
  mid: [193, 207],
  bids: [188, 212],
  asks: [188, 212],
  weights: { snapshot: 1, delta: 1, bbo: 1, trades: 2, action: 5 },
};
const CALM: Market = {
  mid: [200, 200],
  bids: [197, 199],
  asks: [201, 203],
  weights: { snapshot: 1, delta: 6, bbo: 4, trades: 10, action: 8 },
};

const within = ([min, max]: Range) => fc.integer({ min, max });
const lots = fc.integer({ min: 1, max: 12 });

/** Levels of a side from the touch outwards; `deep` makes the 20 and more that close a side. */
function levels(from: number, step: number, deep: boolean): fc.Arbitrary<Level[]> {
  const size = deep ? { minLength: 20, maxLength: 24 } : { maxLength: 8 };
  return fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), lots), size).map(rows => {
    let ticks = from;
    return rows.map(([gap, size]): Level => {
      ticks += gap * step;
      return [ticks, size];
    });
  });
}

function snapshots({ mid }: Market): fc.Arbitrary<FrameSpec> {
  return fc
    .tuple(within(mid), fc.boolean())
    .chain(([centre, deep]) => fc.record({ bids: levels(centre, -1, deep), asks: levels(centre, 1, deep) }))
    .map(({ bids, asks }) => ({ kind: 'snapshot', bids, asks }));
}

function deltas({ bids, asks }: Market): fc.Arbitrary<FrameSpec> {
  const changes = (prices: Range) => {
    const change = fc.tuple(within(prices), fc.integer({ min: 0, max: 12 }));
    return fc.uniqueArray(change, { maxLength: 4, selector: row => row[0] });
  };
  return fc.record({ bids: changes(bids), asks: changes(asks) }).map(sides => ({ kind: 'delta', ...sides }));
}

function bbos({ bids }: Market): fc.Arbitrary<FrameSpec> {
  const missing = fc.constantFrom('none', 'none', 'none', 'none', 'none', 'bid', 'ask');
  return fc
    .record({ bid: within(bids), gap: fc.integer({ min: 1, max: 4 }), bidLots: lots, askLots: lots, missing })
    .map(({ bid, gap, bidLots, askLots, missing }) => ({
      kind: 'bbo',
      bids: missing === 'bid' ? [] : [[bid, bidLots]],
      asks: missing === 'ask' ? [] : [[bid + gap, askLots]],
    }));
}

function trades({ bids, asks }: Market): fc.Arbitrary<Step['what']> {
  // Some happened before their frame, and so before orders that have come since.
  const agoNs = fc.constantFrom(0, 0, 0, 1, 2);
  const row = fc.oneof(
    fc.record({ aggressor: fc.constant<Side>(ASK), ticks: within(bids), lots, agoNs }),
    fc.record({ aggressor: fc.constant<Side>(BID), ticks: within(asks), lots, agoNs }),
  );
  const flags = fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2);
  const rows = fc.array(row, { minLength: 1, maxLength: 3 });
  return fc.record({ trades: rows, flags }).map(frame => ({ kind: 'trades-ago', ...frame }));
}

function actions({ bids, asks }: Market): fc.Arbitrary<ActionDraft> {
  const rest = {
    cloid: fc.integer({ min: 1, max: 40 }),
    instrument: fc.constant(0),
    sizeLots: lots,
    tif: fc.constantFrom<PlaceOrder['tif'][]>('Alo', 'Alo', 'Alo', 'Alo', 'Gtc', 'Ioc'),
    reduceOnly: fc.constantFrom(false, false, false, false, true),
  };
  const anywhere = within([bids[0] - 2, asks[1] + 2]);
  const order = fc.oneof(
    fc.record({ ...rest, side: fc.constant<Side>(BID), priceTicks: within(bids) }),
    fc.record({ ...rest, side: fc.constant<Side>(ASK), priceTicks: within(asks) }),
    fc.record({ ...rest, side: fc.constantFrom<Side>(BID, ASK), priceTicks: anywhere }),
  );
  const batch = { minLength: 1, maxLength: 3 };
  const place = fc.nat({ max: 11 });
  const modify = fc.record({ place, order, samePrice: fc.boolean() });
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('order' as const), orders: fc.array(order, batch) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('cancel' as const, 'cancelByCloid' as const),
        places: fc.array(place, batch),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('modify' as const), modifies: fc.array(modify, batch) }) },
  );
}

function stepsOf(market: Market): fc.Arbitrary<Step[]> {
  const { weights } = market;
  const what = fc.oneof(
    { weight: weights.snapshot, arbitrary: snapshots(market) },
    { weight: weights.delta, arbitrary: deltas(market) },
    { weight: weights.bbo, arbitrary: bbos(market) },
    { weight: weights.trades, arbitrary: trades(market) },
    { weight: weights.action, arbitrary: actions(market) },
  );
  // Steps often share one time, so that books and trades of the same moment meet in either order.
  const step = fc.record({ afterNs: fc.constantFrom(0, 0, 1), what });
  return fc
    .tuple(snapshots(market), fc.array(step, { minLength: 30, maxLength: 70 }))
    .map(([first, others]) => [{ afterNs: 1, what: first }, ...others]);
}

export const steps: fc.Arbitrary<Step[]> = fc.oneof(stepsOf(WILD), stepsOf(CALM));

/** What a step comes to at this time, with these orders open. */
export function resolve(
  step: Step,
  nowNs: number,
  open: readonly OpenOrder[],
): { frame: FrameSpec } | { action: Action } {
  const { what } = step;
  // A place beyond the list is an order that never was.
  const at = (place: number) => open[place % (open.length + 1)] ?? { oid: 1_000_000, cloid: 1_000_000 };
  switch (what.kind) {
    case 'trades-ago':
      return {
        frame: {
          kind: 'trades',
          flags: what.flags,
          trades: what.trades.map(({ agoNs, ...trade }) => ({ ...trade, exchNs: nowNs - agoNs })),
        },
      };
    case 'order':
      return { action: { type: 'order', orders: what.orders } };
    case 'cancel':
      return { action: { type: 'cancel', cancels: what.places.map(place => ({ instrument: 0, oid: at(place).oid })) } };
    case 'cancelByCloid':
      return {
        action: {
          type: 'cancelByCloid',
          cancels: what.places.map(place => ({ instrument: 0, cloid: at(place).cloid })),
        },
      };
    case 'modify':
      return {
        action: {
          type: 'batchModify',
          modifies: what.modifies.map(({ place, order, samePrice }) => {
            const old = at(place);
            if (!samePrice || !('limitTicks' in old)) return { oid: old.oid, order };
            return { oid: old.oid, order: { ...order, side: old.side, priceTicks: old.limitTicks } };
          }),
        },
      };
    default:
      return { frame: what };
  }
}
