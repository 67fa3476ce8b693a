/** The invariants that are on in every run (playbook matrix, "invariants"), as far as the world has what they speak of. */
import { BackoffKept } from './backoff-kept.ts';
import { ColdAfterHeal } from './cold-after-heal.ts';
import type { Invariant, InvariantContext } from './invariant.ts';
import { InventoryLimit } from './inventory-limit.ts';
import { NoLiveQuoteAfterPull } from './no-live-quote-after-pull.ts';
import { noOwnCross } from './no-own-cross.ts';
import { OneOutcomePerRequest } from './one-outcome-per-request.ts';
import { OrderConservation } from './order-conservation.ts';
import { OrderRules } from './order-rules.ts';
import { PositionInvariant } from './position.ts';
import { ReducingSideOpen } from './reducing-side-open.ts';
import { StandingOrders } from './standing-orders.ts';
import { TimeForward } from './time-forward.ts';
import { uniqueCloid } from './unique-cloid.ts';

export type { Invariant, InvariantContext } from './invariant.ts';

/** Names of all invariants, as scenarios may list them in `mayBreak`. */
export const INVARIANTS = [
  'position',
  'order-conservation',
  'no-live-quote-after-pull',
  'one-outcome-per-request',
  'inventory-limit',
  'no-own-cross',
  'order-rules',
  'unique-cloid',
  'reducing-side-open',
  'cold-after-heal',
  'time-forward',
  'backoff-kept',
] as const;

/** One of each, in the order of `INVARIANTS`, for one run. */
export function createInvariants(context: InvariantContext): Invariant[] {
  const { instruments, maxInventoryUsd, metricFields, symptoms } = context;
  return [
    new PositionInvariant(instruments, metricFields),
    new OrderConservation(),
    new NoLiveQuoteAfterPull(),
    new OneOutcomePerRequest(),
    new InventoryLimit(instruments, maxInventoryUsd),
    new StandingOrders('no-own-cross', noOwnCross),
    new OrderRules(instruments),
    new StandingOrders('unique-cloid', uniqueCloid),
    new ReducingSideOpen(instruments, maxInventoryUsd),
    new ColdAfterHeal(symptoms),
    new TimeForward(),
    new BackoffKept(instruments.length),
  ];
}
