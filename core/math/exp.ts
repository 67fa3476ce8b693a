import { scaleByPowerOfTwo } from './bits.ts';
import { expTail, LN2_HIGH, LN2_LOW, multipleOfLn2 } from './exp-kernel.ts';

/** Beyond these e^x is surely over the largest double or under half of the smallest; up to them, scaling decides. */
const OVERFLOW = 710;
const UNDERFLOW = -746;

/** e^x. Largest error seen: 0.67 ulp, 0.78 where the result is subnormal. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(x + low) for |low| at most a few ulp of x; `low` does not matter where x alone decides. */
export function expOfSum(x: number, low: number): number {
  if (Number.isNaN(x)) return x;
  if (x > OVERFLOW) return Infinity;
  if (x < UNDERFLOW) return 0;
  const k = multipleOfLn2(x);
  const high = x - k * LN2_HIGH;
  // What the reduced argument lacks of x + low; kept apart, because rounding it away would cost a quarter of an ulp.
  const rest = low - k * LN2_LOW;
  const r = high + rest;
  const rLow = high - r + rest;
  const sum = 1 + r;
  // The larger operand first: the rounding error of 1 + r is exact.
  const sumLow = 1 - sum + r;
  return scaleByPowerOfTwo(sum + (sumLow + (expTail(r) + rLow * sum)), k);
}
