/**
 * The tests' oracle for core/math.ts: the same functions with decimal.js, good to 40 digits or more.
 *
 * decimal.js's own exp and ln take half a millisecond. These do with it only what it does fast, multiply and add, and are
 * themselves checked against its exp and ln.
 */
import { Decimal as Base } from 'decimal.js';

export const Decimal = Base.clone({ precision: 50, maxE: 9e15, minE: -9e15 });
export type Decimal = Base;

const LN2 = new Decimal(2).ln();
const ONE = new Decimal(1);
const STEPS = 512;
const TERMS = 15;
const INVERSE_FACTORIALS = Array.from({ length: TERMS }, () => ONE);
for (let n = 1; n < TERMS; n++) INVERSE_FACTORIALS[n] = INVERSE_FACTORIALS[n - 1].div(n);

const steps = new Map<number, Decimal>();
const powersOfTwo = new Map<number, Decimal>();

function cached(map: Map<number, Decimal>, key: number, make: () => Decimal): Decimal {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function powerOfTwo(k: number): Decimal {
  return cached(powersOfTwo, k, () => new Decimal(2).pow(k));
}

const words = new DataView(new ArrayBuffer(8));

/** The binary exponent of a double's last place: the double is an integer times 2 to it. */
function lastPlace(x: number): number {
  words.setFloat64(0, x);
  return Math.max((words.getUint16(0) & 0x7ff0) >> 4, 1) - 1075;
}

/** The double's own value. decimal.js takes a number for what it prints, which is another one. */
export function exactly(x: number): Decimal {
  const exponent = lastPlace(x);
  const integer = exponent < -1000 ? x * 2 ** 1000 * 2 ** (-exponent - 1000) : x * 2 ** -exponent;
  return new Decimal(integer).times(powerOfTwo(exponent));
}

/** e^x = 2^k e^(j/512) e^s with |s| <= 1/1024, the last by its Taylor series. */
export function exactExp(x: Decimal): Decimal {
  const k = Math.round(x.toNumber() / Math.LN2);
  const reduced = x.minus(LN2.times(k));
  const j = Math.round(reduced.toNumber() * STEPS);
  const s = reduced.minus(j / STEPS);
  let series = INVERSE_FACTORIALS[TERMS - 1];
  for (let n = TERMS - 2; n >= 0; n--) series = series.times(s).plus(INVERSE_FACTORIALS[n]);
  return series.times(cached(steps, j, () => new Decimal(j / STEPS).exp())).times(powerOfTwo(k));
}

/** ln x from a guess with a relative error of 1e-15: one step of Halley's method leaves the cube of that. */
export function exactLn(x: Decimal, guess: number): Decimal {
  const start = exactly(guess);
  const e = exactExp(start);
  return x.minus(e).times(2).div(x.plus(e)).plus(start);
}

/** The first terms of a series, for arguments so small that no more are needed. */
function series(x: number, square: number, cube: number): Decimal {
  const exact = exactly(x);
  const squared = exact.times(exact);
  return exact.plus(squared.times(square)).plus(squared.times(exact).times(ONE.times(cube).div(6)));
}

const isTiny = (x: number): boolean => Math.abs(x) < 1e-20;

/** By the names of core/math.ts, for finite inputs inside the domain. */
export const EXACT = {
  exp: (x: number) => exactExp(exactly(x)),
  expm1: (x: number) => (isTiny(x) ? series(x, 0.5, 1) : exactExp(exactly(x)).minus(1)),
  ln: (x: number) => exactLn(exactly(x), Math.log(x)),
  log1p: (x: number) => (isTiny(x) ? series(x, -0.5, 2) : exactLn(exactly(x).plus(1), Math.log1p(x))),
  tanh: (x: number) => {
    if (isTiny(x)) return series(x, 0, -2);
    const e = exactExp(exactly(x).times(2));
    return e.minus(1).div(e.plus(1));
  },
  pow: (x: number, y: number) => exactExp(exactLn(exactly(x), Math.log(x)).times(exactly(y))),
} as const;

/** Distance between a double and the exact value, in units of the last place of the double nearest to the exact value. */
export function ulpError(actual: number, exact: Decimal): number {
  const nearest = exact.toNumber();
  if (Object.is(actual, nearest)) return 0;
  if (!Number.isFinite(nearest) || !Number.isFinite(actual)) {
    // Where the exact value overflows, the largest double is one step off.
    const largest = Math.abs(actual) === Number.MAX_VALUE || Math.abs(nearest) === Number.MAX_VALUE;
    return largest ? 1 : Number.POSITIVE_INFINITY;
  }
  return exact
    .minus(exactly(actual))
    .abs()
    .div(powerOfTwo(lastPlace(nearest)))
    .toNumber();
}
