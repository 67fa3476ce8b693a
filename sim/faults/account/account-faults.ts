/** Faults of the account and the market itself: what changes at the exchange. */
import type { FaultKind } from '../fault-kind.ts';

export const ACCOUNT_FAULTS: readonly FaultKind[] = [];
