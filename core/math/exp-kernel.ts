import { productError } from './exact.ts';

/**
 * The heart of exp, expm1, tanh and pow: x = k ln 2 + r with |r| <= 0.35, and e^r = 1 + r + tail(r).
 *
 * The method and the coefficients are those of fdlibm's e_exp.c (Sun Microsystems, 1993): with
 * c = r - r^2 (P1 + P2 r^2 + ... + P5 r^8), e^r = 1 + r + r c / (2 - c) to within 2^-59.
 */

// biome-ignore lint/suspicious/noApproximativeNumericConstant: a literal is the same on every engine, Math.LOG2E need not be
const INVERSE_LN2 = 1.4426950408889634;
/** ln 2 in two parts. The first has 21 zero bits at its end, so that its product with a |k| < 2^20 is exact. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 0.00006613756321437934;
const P4 = -0.0000016533902205465252;
const P5 = 4.1381367970572385e-8;

/** e^r - 1 - r for |r| <= 0.35, with a relative error of about 2^-52. */
export function expTail(r: number): number {
  const square = r * r;
  const c = r - square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
  return (r * c) / (2 - c);
}

/**
 * The same with a relative error of about 2^-56, for where the tail is up to a fifth of the result: r^2/2 in two parts, and
 * only what is left, a tenth of it, with roundings.
 */
export function expTailExactly(r: number): number {
  const square = r * r;
  const g = square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
  const c = r - g;
  const rest = (r * (r * c - 2 * g)) / (2 * (2 - c));
  return 0.5 * square + (0.5 * productError(r, r, square) + rest);
}

/** The multiple of ln 2 nearest to x (or next to nearest), for |x| < 800. */
export function multipleOfLn2(x: number): number {
  return (x * INVERSE_LN2 + (x < 0 ? -0.5 : 0.5)) | 0;
}
