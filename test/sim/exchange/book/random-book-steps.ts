/** Random actions of others and of ours around one price, dense enough that most of them meet something. */
import fc from 'fast-check';
import { ASK, BID, type Side } from '../../../../core/market.ts';
import type { Action, OpenOrder, PlaceOrder } from '../../../../core/port.ts';

export type BookStep =
  | { kind: 'rest' | 'take'; owner: number; side: Side; ticks: number; lots: number }
  | { kind: 'withdraw'; pick: number }
  | { kind: 'margin'; has: boolean }
  | { kind: 'order'; orders: readonly PlaceOrder[] }
  | { kind: 'cancel' | 'cancelByCloid'; picks: readonly number[] }
  | { kind: 'modify'; modifies: readonly ModifyDraft[]; alwaysPlace: boolean };

interface ModifyDraft {
  pick: number;
  samePrice: boolean;
  order: PlaceOrder;
}

const LOWEST = 990;
const HIGHEST = 1010;

const side = fc.constantFrom<Side>(BID, ASK);
const ticks = fc.integer({ min: LOWEST, max: HIGHEST });
const lots = fc.integer({ min: 1, max: 12 });
const other = { owner: fc.constantFrom(0, 0, 0, 0, 2, 3), side, ticks, lots };
const bidTicks = fc.integer({ min: LOWEST, max: 1001 });
const askTicks = fc.integer({ min: 999, max: HIGHEST });

const order: fc.Arbitrary<PlaceOrder> = fc
  .record({
    cloid: fc.integer({ min: 0, max: 30 }),
    instrument: fc.constant(0),
    side,
    bid: bidTicks,
    ask: askTicks,
    sizeLots: lots,
    tif: fc.constantFrom<PlaceOrder['tif'][]>('Alo', 'Alo', 'Alo', 'Gtc', 'Gtc', 'Ioc'),
    reduceOnly: fc.constantFrom(false, false, false, true),
  })
  .map(({ bid, ask, ...rest }) => ({ ...rest, priceTicks: rest.side === BID ? bid : ask }));

const picks = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 3 });
const modify = fc.record({ pick: fc.nat({ max: 9 }), samePrice: fc.boolean(), order });

const step: fc.Arbitrary<BookStep> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({ kind: fc.constant('rest' as const), ...other, bid: bidTicks, ask: askTicks })
      .map(({ bid, ask, ...rest }) => ({ ...rest, ticks: rest.side === BID ? bid : ask })),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const), ...other }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('margin' as const), has: fc.constantFrom(true, true, true, false) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      orders: fc.array(order, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cancel' as const, 'cancelByCloid' as const), picks }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('modify' as const),
      modifies: fc.array(modify, { minLength: 1, maxLength: 3 }),
      alwaysPlace: fc.constantFrom(false, false, true),
    }),
  },
);

export const bookSteps: fc.Arbitrary<BookStep[]> = fc.array(step, { minLength: 10, maxLength: 60 });

/** Our action, its picks resolved against these open orders; null: the step is none of ours. */
export function actionOf(step: BookStep, open: readonly OpenOrder[]): Action | null {
  // A pick beyond the list is an order that never was.
  const at = (pick: number) => open[pick % (open.length + 1)] ?? { oid: 1_000_000, cloid: 1_000_000 };
  switch (step.kind) {
    case 'order':
      return { type: 'order', orders: step.orders };
    case 'cancel':
      return { type: 'cancel', cancels: step.picks.map(pick => ({ instrument: 0, oid: at(pick).oid })) };
    case 'cancelByCloid':
      return { type: 'cancelByCloid', cancels: step.picks.map(pick => ({ instrument: 0, cloid: at(pick).cloid })) };
    case 'modify':
      return {
        type: 'batchModify',
        alwaysPlace: step.alwaysPlace,
        modifies: step.modifies.map(({ pick, samePrice, order }) => {
          const old = at(pick);
          if (!samePrice || !('limitTicks' in old)) return { oid: old.oid, order };
          return { oid: old.oid, order: { ...order, side: old.side, priceTicks: old.limitTicks } };
        }),
      };
    default:
      return null;
  }
}
