/** Faults of own orders and their fills: races, what is lost, late or told twice. */
import type { FaultKind } from '../fault-kind.ts';
import { aggressorFills } from './aggressor-fills.ts';
import { cancelFillRace } from './cancel-fill-race.ts';
import { cancelNeverExecutes } from './cancel-never-executes.ts';
import { duplicateFill } from './duplicate-fill.ts';
import { fillsReversed } from './fills-reversed.ts';
import { foreignOrder } from './foreign-order.ts';
import { lateFill } from './late-fill.ts';
import { lostFill } from './lost-fill.ts';
import { lostOrderUpdate } from './lost-order-update.ts';
import { orderEndedUnasked } from './order-ended-unasked.ts';

export const ORDER_FAULTS: readonly FaultKind[] = [
  foreignOrder,
  lostOrderUpdate,
  cancelNeverExecutes,
  cancelFillRace,
  lateFill,
  lostFill,
  duplicateFill,
  fillsReversed,
  aggressorFills,
  orderEndedUnasked,
];
