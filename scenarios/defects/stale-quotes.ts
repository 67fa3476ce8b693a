/** Planted bugs of the family stale-quotes (playbook). */
import type { Defect } from './defect.ts';
import { CHECKPOINT_SAYS_WARM } from './stale-quotes/checkpoint-says-warm.ts';
import { DATA_QUALITY_DEFECTS } from './stale-quotes/data-quality-checks.ts';
import { JUMPS_DO_NOT_TRIGGER } from './stale-quotes/jumps-do-not-trigger.ts';
import { PIPELINE_DEFECTS } from './stale-quotes/pipeline.ts';
import { RECONNECT_ATTEMPTS } from './stale-quotes/reconnect-attempts.ts';
import { SUPERVISION_DEFECTS } from './stale-quotes/supervision.ts';
import { WARM_UP_DEFECTS } from './stale-quotes/wait-to-learn.ts';

export const STALE_QUOTES_DEFECTS: readonly Defect[] = [
  JUMPS_DO_NOT_TRIGGER,
  ...DATA_QUALITY_DEFECTS,
  ...SUPERVISION_DEFECTS,
  RECONNECT_ATTEMPTS,
  ...WARM_UP_DEFECTS,
  CHECKPOINT_SAYS_WARM,
  ...PIPELINE_DEFECTS,
];
