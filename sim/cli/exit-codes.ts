/** How the program ends (design, section 11). Where several apply: 1 before 3 before 0. */
import type { CheckStatus } from '../../reports/verdict.ts';

export const EXIT_PASS = 0;
/** A verdict failed. */
export const EXIT_FAIL = 1;
/** Bad usage or bad input. */
export const EXIT_BAD_INPUT = 2;
/** A verdict is unknown. */
export const EXIT_UNKNOWN = 3;
/** Digests or verdicts that must be equal differ. */
export const EXIT_DIFFERS = 4;
/** A defect of the program itself. */
export const EXIT_DEFECT = 70;

export const EXIT_OF_VERDICT: Readonly<Record<CheckStatus, number>> = {
  pass: EXIT_PASS,
  fail: EXIT_FAIL,
  unknown: EXIT_UNKNOWN,
};
