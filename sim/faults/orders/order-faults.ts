/** Faults of own orders and their fills: races, what is lost, late or told twice. */
import type { FaultKind } from '../fault-kind.ts';
import { cancelNeverExecutes } from './cancel-never-executes.ts';
import { foreignOrder } from './foreign-order.ts';
import { lostOrderUpdate } from './lost-order-update.ts';

export const ORDER_FAULTS: readonly FaultKind[] = [foreignOrder, lostOrderUpdate, cancelNeverExecutes];
