/** Planted bugs of the family high-latency (playbook). */
import type { Defect } from './defect.ts';

export const HIGH_LATENCY_DEFECTS: readonly Defect[] = [];
