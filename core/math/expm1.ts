import { powerOfTwo } from './bits.ts';
import { sumError } from './exact.ts';
import { exp } from './exp.ts';
import { expTailExactly, LN2_HIGH, LN2_LOW, multipleOfLn2 } from './exp-kernel.ts';

const TWO_MINUS_54 = 5.551115123125783e-17;
const HALF_LN2 = 0.34657359027997264;
/** Beyond 45, the 1 does not count against e^x, nor below -45 e^x against the 1. */
const LARGE = 45;

const parts = new Float64Array(2);

/** e^x - 1, without the loss of subtracting where x is small. Largest error seen: 0.85 ulp. */
export function expm1(x: number): number {
  if (!(x > -TWO_MINUS_54 && x < TWO_MINUS_54)) {
    if (x > LARGE) return exp(x);
    if (x < -LARGE) return -1;
    expm1Parts(x, parts);
    return parts[0];
  }
  return x;
}

/** e^x - 1 as the sum of `into[0]`, which is it rounded, and `into[1]`, for 2^-54 <= |x| <= 45. */
export function expm1Parts(x: number, into: Float64Array): void {
  let high = x;
  let low: number;
  if (x > -HALF_LN2 && x < HALF_LN2) {
    low = expTailExactly(x);
  } else {
    const k = multipleOfLn2(x);
    const reduced = x - k * LN2_HIGH;
    const reducedLow = -k * LN2_LOW;
    const r = reduced + reducedLow;
    const rLow = reduced - r + reducedLow;
    const sum = 1 + r;
    const scale = powerOfTwo(k);
    const scaled = scale * sum;
    high = scaled - 1;
    low = sumError(scaled, -1, high) + scale * (1 - sum + r + (expTailExactly(r) + rLow * sum));
  }
  const rounded = high + low;
  into[0] = rounded;
  into[1] = high - rounded + low;
}
