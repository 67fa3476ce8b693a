/** What several checks say. */
import type { Check } from '../verdict.ts';

export const NOT_EXPECTED: Check = { status: 'pass', reason: 'not expected' };
export const NO_EFFECT: Check = { status: 'unknown', reason: 'the cause did not take effect' };
