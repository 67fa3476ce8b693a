/** Faults of the sockets and what is subscribed on them. */
import type { FaultKind } from '../fault-kind.ts';
import { connectionClose } from './connection-close.ts';
import { connectionFlap } from './connection-flap.ts';
import { halfOpen } from './half-open.ts';
import { linkLatency } from './link-latency.ts';
import { lossyLink } from './lossy-link.ts';
import { snapshotResent } from './snapshot-resent.ts';
import { subscriptionLost } from './subscription-lost.ts';
import { userSilence } from './user-silence.ts';

export const CONNECTION_FAULTS: readonly FaultKind[] = [
  connectionClose,
  connectionFlap,
  halfOpen,
  subscriptionLost,
  snapshotResent,
  userSilence,
  linkLatency,
  lossyLink,
];
