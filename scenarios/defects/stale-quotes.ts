/** Planted bugs of the family stale-quotes (playbook). */
import type { Defect } from './defect.ts';

export const STALE_QUOTES_DEFECTS: readonly Defect[] = [];
