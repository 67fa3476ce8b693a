/** What several checks say. */
import type { Check } from '../verdict.ts';

export const NOT_EXPECTED: Check = { status: 'pass', reason: 'not expected' };
export const NO_EFFECT: Check = { status: 'unknown', reason: 'the cause did not take effect' };

/** A list of steps as it is written in a scenario: `["1.1", "2.3"]`. */
export function quoted(steps: readonly string[]): string {
  return `[${steps.map(step => `"${step}"`).join(', ')}]`;
}
