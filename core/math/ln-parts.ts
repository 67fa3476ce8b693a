import { exponentNearOne, SMALLEST_NORMAL, significandNearOne, TWO_54 } from './bits.ts';
import { productError, sumError } from './exact.ts';
import { LN2_HIGH, LN2_LOW } from './exp-kernel.ts';

/** 1/3 and 1/5 in two parts. */
const THIRD = 0.3333333333333333;
const THIRD_LOW = 1.850371707708594e-17;
const FIFTH_LOW = -1.1102230246251566e-17;

/**
 * ln x as the sum of `into[0]`, which is it rounded, and `into[1]`, with a relative error of about 2^-64, for finite x > 0.
 *
 * With x = 2^k m and s = (m - 1) / (m + 1), ln m = 2 s (1 + s^2/3 + s^4/5 + ...). The first three terms are taken in
 * two parts, the rest, under 1/200,000 of the whole, in one.
 */
export function lnParts(x: number, into: Float64Array): void {
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const exponent = exponentNearOne(normal);
  const f = significandNearOne(normal, exponent) - 1;
  const k = subnormal ? exponent - 54 : exponent;

  const divisor = 2 + f;
  const divisorLow = sumError(2, f, divisor);
  const s = f / divisor;
  const back = s * divisor;
  const sLow = (f - back - productError(s, divisor, back) - s * divisorLow) / divisor;

  const w = s * s;
  const wLow = productError(s, s, w) + 2 * s * sLow;

  const small = w * restOfSeries(w);
  const q = 0.2 + small;
  const qLow = 0.2 - q + small + FIFTH_LOW;

  const rest = w * q;
  const p = THIRD + rest;
  const pLow = THIRD - p + rest + (THIRD_LOW + productError(w, q, rest) + w * qLow + wLow * q);

  const v = w * p;
  const vLow = productError(w, p, v) + w * pLow + wLow * p;

  const sv = s * v;
  const svLow = productError(s, v, sv) + s * vLow + sLow * v;
  const lnM = 2 * (s + sv);
  const lnMLow = 2 * (s - (s + sv) + sv + (sLow + svLow));

  const multiple = k * LN2_HIGH;
  const high = multiple + lnM;
  const low = sumError(multiple, lnM, high) + (lnMLow + k * LN2_LOW);
  const rounded = high + low;
  into[0] = rounded;
  into[1] = high - rounded + low;
}

/** 1/7 + w/9 + w^2/11 + ... for 0 <= w < 0.0295, to within 2^-55. */
function restOfSeries(w: number): number {
  const far = 1 / 17 + w * (1 / 19 + w * (1 / 21 + w * (1 / 23 + w / 25)));
  return 1 / 7 + w * (1 / 9 + w * (1 / 11 + w * (1 / 13 + w * (1 / 15 + w * far))));
}
