/** Faults of the machine that the core runs on. */
import type { FaultKind } from '../fault-kind.ts';

export const HOST_FAULTS: readonly FaultKind[] = [];
