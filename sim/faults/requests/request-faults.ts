/** Faults of requests and their answers: actions and queries. */
import type { FaultKind } from '../fault-kind.ts';
import { laggingSnapshot } from './lagging-snapshot.ts';

export const REQUEST_FAULTS: readonly FaultKind[] = [laggingSnapshot];
