/** Faults of requests and their answers: actions and queries. */
import type { FaultKind } from '../fault-kind.ts';

export const REQUEST_FAULTS: readonly FaultKind[] = [];
