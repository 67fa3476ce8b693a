/** Faults of own orders and their fills: races, what is lost, late or told twice. */
import type { FaultKind } from '../fault-kind.ts';

export const ORDER_FAULTS: readonly FaultKind[] = [];
