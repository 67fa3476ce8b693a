/**
 * One step of the playbook, as a question put to the evidence. A step sees what the core wrote and nothing else, and knows
 * the playbook's numbers by itself: it shares none with what injects faults.
 */
import type { StepFinding } from '../verdict.ts';
import type { Evidence } from './evidence.ts';
import type { Signs } from './signs.ts';

export interface Step {
  /** `family.step`. */
  readonly step: string;
  /** Looks for this step's own marks. */
  look(evidence: Evidence, signs: Signs): StepFinding;
}
