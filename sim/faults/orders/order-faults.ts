/** Faults of own orders and their fills: races, what is lost, late or told twice. */
import type { FaultKind } from '../fault-kind.ts';
import { duplicateFill } from './duplicate-fill.ts';
import { lostFill } from './lost-fill.ts';

export const ORDER_FAULTS: readonly FaultKind[] = [lostFill, duplicateFill];
