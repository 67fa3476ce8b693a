/**
 * Sums and products without loss: what rounding took away is itself a double, and these find it. A pair (high, low) of a
 * rounded value and its error carries about 106 bits.
 */

/** 2^27 + 1: multiplied by it and subtracted again, a double falls into two halves of at most 26 bits (Veltkamp). */
const SPLITTER = 134217729;

/** a + b - sum, exactly, where `sum` is the rounded a + b (Knuth). */
export function sumError(a: number, b: number, sum: number): number {
  const bPart = sum - a;
  return a - (sum - bPart) + (b - bPart);
}

/** a b - product, exactly, where `product` is the rounded a b (Dekker), for |a|, |b| < 2^996 and |product| > 2^-960. */
export function productError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
