/** Faults of requests and their answers: actions and queries. */
import type { FaultKind } from '../fault-kind.ts';
import { disconnectMidBatch } from './disconnect-mid-batch.ts';
import { laggingSnapshot } from './lagging-snapshot.ts';
import { lowQuota } from './low-quota.ts';
import { rateLimit429 } from './rate-limit-429.ts';
import { rejection } from './rejection.ts';
import { replyLost } from './reply-lost.ts';
import { replyWithheld } from './reply-withheld.ts';
import { requestLost } from './request-lost.ts';
import { wrongCloid } from './wrong-cloid.ts';

export const REQUEST_FAULTS: readonly FaultKind[] = [
  rateLimit429,
  lowQuota,
  replyWithheld,
  replyLost,
  requestLost,
  rejection,
  wrongCloid,
  disconnectMidBatch,
  laggingSnapshot,
];
