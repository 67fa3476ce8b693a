/** Family 3, position mismatch: from the safety audit to fill tracking. */
import type { Step } from '../step.ts';

export const POSITION_MISMATCH_CHAIN: readonly Step[] = [];
