/** Faults of the sockets and what is subscribed on them. */
import type { FaultKind } from '../fault-kind.ts';
import { connectionClose } from './connection-close.ts';
import { linkLatency } from './link-latency.ts';
import { lossyLink } from './lossy-link.ts';

export const CONNECTION_FAULTS: readonly FaultKind[] = [connectionClose, linkLatency, lossyLink];
