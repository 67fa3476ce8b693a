/** Planted bugs of the family position-mismatch (playbook). */
import type { Defect } from './defect.ts';

export const POSITION_MISMATCH_DEFECTS: readonly Defect[] = [];
