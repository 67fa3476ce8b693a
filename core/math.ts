/**
 * The mathematical functions that may reach a digest (design, section 4).
 *
 * `Math.exp`, `Math.log1p`, `Math.pow` and their kin differ in the last bit between processors and Node versions. These are
 * made of + - * / sqrt, comparisons and integer operations only, which IEEE 754 and ECMAScript fix to the last bit: they
 * give the same bits everywhere. No product and sum can be fused on the way, because ECMAScript rounds every operation.
 *
 * Each is within 1 ulp of the exact value over its whole domain, subnormal results included; the largest errors seen are
 * named at the functions. Special values are those of ECMAScript's functions of the same name.
 */
export { exp } from './math/exp.ts';
export { expm1 } from './math/expm1.ts';
export { ln } from './math/ln.ts';
export { log1p } from './math/log1p.ts';
export { pow } from './math/pow.ts';
export { tanh } from './math/tanh.ts';
