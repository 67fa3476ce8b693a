/** Family 3, position mismatch: from the safety audit to fill tracking. */
import type { Step } from '../step.ts';
import { safetyAudit } from '../steps/3.1-safety-audit.ts';
import { orphanFills } from '../steps/3.2-orphan-fills.ts';
import { fillDedup } from '../steps/3.3-fill-dedup.ts';
import { localVsExchange } from '../steps/3.4-local-vs-exchange.ts';
import { fillTracker } from '../steps/3.5-fill-tracker.ts';

export const POSITION_MISMATCH_CHAIN: readonly Step[] = [
  safetyAudit,
  orphanFills,
  fillDedup,
  localVsExchange,
  fillTracker,
];
