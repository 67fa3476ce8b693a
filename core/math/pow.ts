import { productError } from './exact.ts';
import { expOfSum } from './exp.ts';
import { lnParts } from './ln-parts.ts';

const parts = new Float64Array(2);

/**
 * x^y, for any real y; as `Math.pow`, with NaN for a negative x and a y that is not an integer, and for 1 or -1 to the
 * power of an infinity. Largest error seen: 0.74 ulp.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const base = x < 0 ? -x : x;
  if (y === Infinity || y === -Infinity) {
    if (base === 1) return NaN;
    return base > 1 === y > 0 ? Infinity : 0;
  }
  const odd = isOddInteger(y);
  // 1 / x tells the two zeros apart.
  const negative = odd && (x < 0 || (x === 0 && 1 / x < 0));
  if (x < 0 && !odd && Math.floor(y) !== y && base !== Infinity) return NaN;
  const magnitude = powOfPositive(base, y);
  return negative ? -magnitude : magnitude;
}

/** base^y for base >= 0, infinite included, and finite y other than 0. */
function powOfPositive(base: number, y: number): number {
  if (base === 0 || base === Infinity) return (base === 0) === y > 0 ? 0 : Infinity;
  if (base === 1) return 1;
  lnParts(base, parts);
  const ln = parts[0];
  const product = y * ln;
  return expOfSum(product, productError(y, ln, product) + y * parts[1]);
}

/** Doubles of 2^53 and above are even integers. */
function isOddInteger(y: number): boolean {
  const magnitude = y < 0 ? -y : y;
  if (magnitude >= 9007199254740992 || Math.floor(y) !== y) return false;
  return Math.floor(magnitude / 2) * 2 !== magnitude;
}
