/** Family 4, high latency: from the quote cycle to model computation. */
import type { Step } from '../step.ts';

export const HIGH_LATENCY_CHAIN: readonly Step[] = [];
