/** The bits of a double, and scaling by powers of two. */

export const SMALLEST_NORMAL = 2.2250738585072014e-308;
/** Lifts every subnormal into the normal range, exactly. */
export const TWO_54 = 18014398509481984;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
/** Index of the word with sign and exponent; 1 on little-endian machines, which are all that Node runs on by default. */
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;
/** Added to the upper word, it carries into the exponent exactly where the fraction is that of sqrt(2) or more. */
const OVER_SQRT2 = 0x95f64;

/** Sign, exponent and the upper 20 bits of the fraction, as an unsigned integer. */
function highWord(x: number): number {
  double[0] = x;
  return words[HIGH];
}

/** The k for which x / 2^k lies in [sqrt(1/2), sqrt(2)), for normal x > 0. */
export function exponentNearOne(x: number): number {
  return ((highWord(x) + OVER_SQRT2) >>> 20) - 1023;
}

/** x / 2^k, exactly, for the k that `exponentNearOne` gives. */
export function significandNearOne(x: number, k: number): number {
  double[0] = x;
  words[HIGH] -= k << 20;
  return double[0];
}

/** 2^k for -1022 <= k <= 1023. */
export function powerOfTwo(k: number): number {
  words[HIGH] = (k + 1023) << 20;
  words[LOW] = 0;
  return double[0];
}

/**
 * x * 2^k, for |x| in (0.25, 4) and any k from -1200 to 1024. Rounds once, and only where the result is subnormal;
 * beyond the largest double it is infinite.
 */
export function scaleByPowerOfTwo(x: number, k: number): number {
  if (k > 1000) return x * powerOfTwo(k - 1) * 2;
  if (k >= -1000) return x * powerOfTwo(k);
  return x * powerOfTwo(k + 200) * powerOfTwo(-200);
}
