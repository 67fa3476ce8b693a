import { exponentNearOne, SMALLEST_NORMAL, significandNearOne, TWO_54 } from './bits.ts';
import { LN2_HIGH, LN2_LOW } from './exp-kernel.ts';
import { lnTail } from './ln-kernel.ts';

/** The natural logarithm of x: NaN below 0, -Infinity at 0. Largest error seen: 0.86 ulp. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const exponent = exponentNearOne(normal);
  const f = significandNearOne(normal, exponent) - 1;
  const k = subnormal ? exponent - 54 : exponent;
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (lnTail(f, halfSquare) + k * LN2_LOW) - f);
}
