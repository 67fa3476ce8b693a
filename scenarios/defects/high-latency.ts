/** Planted bugs of the family high-latency (playbook). */
import type { Defect } from './defect.ts';
import {
  checkpointInCycle,
  safetySyncStorm,
  serialSafetySync,
  stateLockHeld,
  synchronousLog,
} from './high-latency/blocking.ts';
import { hmmInCycle, mutualInformationInCycle, predictiveSkewReversed } from './high-latency/models.ts';
import { arenaNotWired, constantLatency, quoteCycleNotMeasured } from './high-latency/unmeasured.ts';

export const HIGH_LATENCY_DEFECTS: readonly Defect[] = [
  quoteCycleNotMeasured,
  constantLatency,
  arenaNotWired,
  checkpointInCycle,
  synchronousLog,
  stateLockHeld,
  serialSafetySync,
  safetySyncStorm,
  hmmInCycle,
  mutualInformationInCycle,
  predictiveSkewReversed,
];
