/**
 * The heart of ln and log1p, with the method and the coefficients of fdlibm's e_log.c (Sun Microsystems, 1993): with
 * s = f / (2 + f), ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)) to within 2^-58.45 for 1 + f in [sqrt(1/2), sqrt(2)].
 */

const L1 = 0.6666666666666735;
const L2 = 0.3999999999940942;
const L3 = 0.2857142874366239;
const L4 = 0.22222198432149784;
const L5 = 0.1818357216161805;
const L6 = 0.15313837699209373;
const L7 = 0.14798198605116586;

/** s (f^2/2 + R(s^2)): what ln(1 + f) is more than f - f^2/2, where `halfSquare` is f^2/2. */
export function lnTail(f: number, halfSquare: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (L2 + w * (L4 + w * L6));
  const odd = z * (L1 + w * (L3 + w * (L5 + w * L7)));
  return s * (halfSquare + (even + odd));
}
