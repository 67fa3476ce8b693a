/** Faults of the sockets and what is subscribed on them. */
import type { FaultKind } from '../fault-kind.ts';
import { connectionClose } from './connection-close.ts';
import { halfOpen } from './half-open.ts';

export const CONNECTION_FAULTS: readonly FaultKind[] = [connectionClose, halfOpen];
