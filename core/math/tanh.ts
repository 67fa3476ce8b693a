import { productError, sumError } from './exact.ts';
import { expm1Parts } from './expm1.ts';

const TWO_MINUS_28 = 3.725290298461914e-9;
/** From here on tanh is 1 to within half an ulp. */
const ONE_FROM = 19.1;

const parts = new Float64Array(2);

/** The hyperbolic tangent. Largest error seen: 0.71 ulp. */
export function tanh(x: number): number {
  if (x > ONE_FROM) return 1;
  if (x < -ONE_FROM) return -1;
  if (!(x > TWO_MINUS_28 || x < -TWO_MINUS_28)) return x;
  // e / (e + 2) with e = e^2|x| - 1 in two parts: rounding e first would cost another ulp.
  expm1Parts(x < 0 ? -2 * x : 2 * x, parts);
  const e = parts[0];
  const eLow = parts[1];
  const divisor = e + 2;
  const divisorLow = sumError(e, 2, divisor) + eLow;
  const quotient = e / divisor;
  const product = quotient * divisor;
  const remainder = e - product - productError(quotient, divisor, product) + (eLow - quotient * divisorLow);
  const result = quotient + remainder / divisor;
  return x < 0 ? -result : result;
}
