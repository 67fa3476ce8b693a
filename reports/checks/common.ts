/** What several checks say. */
import type { Symptom } from '../../core/playbook.ts';
import type { HotInterval } from '../symptoms/symptom.ts';
import type { Check } from '../verdict.ts';

/** What is hot in the run beyond what is inherent, each symptom by time. */
export type Hot = Partial<Record<Symptom, HotInterval[]>>;

export const NOT_EXPECTED: Check = { status: 'pass', reason: 'not expected' };
export const NO_EFFECT: Check = { status: 'unknown', reason: 'the cause did not take effect' };

/** A list of steps as it is written in a scenario: `["1.1", "2.3"]`. */
export function quoted(steps: readonly string[]): string {
  return `[${steps.map(step => `"${step}"`).join(', ')}]`;
}
