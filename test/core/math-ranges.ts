/** Inputs for the tests of core/math.ts: random ones over the ranges that matter, the same at every call. */
import { exp, expm1, ln, log1p, pow, tanh } from '../../core/math.ts';
import { type RandomStream, RandomStreams } from '../../sim/kernel/random.ts';

export const FUNCTIONS = { exp, expm1, ln, log1p, tanh, pow } as const;
export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** Draws [x, y]; only pow uses y. */
type Range = (random: RandomStream) => [x: number, y: number];

const between =
  (low: number, high: number): Range =>
  random => [low + (high - low) * random.next(), 0];

/** Evenly over the binary exponents from `low` to `high`, and over the fractions. */
const exponents =
  (low: number, high: number, sign: 1 | -1 = 1): Range =>
  random => {
    const significand = 1 + random.next();
    const exponent = low + random.int(high - low + 1);
    return [sign * significand * 2 ** Math.max(exponent, -1022) * 2 ** Math.min(exponent + 1022, 0), 0];
  };

/** x from one range, y from another. */
const both =
  (xs: Range, ys: Range): Range =>
  random => [xs(random)[0], ys(random)[0]];

const RANGES: Readonly<Record<FunctionName, readonly Range[]>> = {
  exp: [between(-745.2, 709.8), between(-1, 1), between(-745.2, -708), exponents(-60, 3), exponents(-1074, 3, -1)],
  expm1: [between(-46, 709.8), between(-1, 1), between(0.34, 0.37), exponents(-1074, 5), exponents(-1074, 5, -1)],
  ln: [exponents(-1074, 1023), between(0.5, 2), between(0.999, 1.001), between(0, 100), exponents(-1074, -1000)],
  log1p: [exponents(-1074, 1023), exponents(-1074, -1, -1), between(-1, 1), between(-0.45, -0.25), between(0.3, 3)],
  tanh: [exponents(-1074, 5), exponents(-1074, 5, -1), between(-1, 1), between(0.15, 0.25), between(-23, 23)],
  pow: [
    both(between(0, 10), between(-300, 300)),
    both(between(0.7, 1.42), between(-2000, 2000)),
    both(exponents(-1074, 1023), between(-1.05, 1.05)),
    both(between(0.999, 1.001), between(-700_000, 700_000)),
    both(between(1, 100), between(-5, 5)),
    both(exponents(-1074, 1023), exponents(-1074, 60)),
  ],
};

/** The first `count` inputs of a function, from its ranges in turn. */
export function* inputs(name: FunctionName, count: number): Generator<[x: number, y: number]> {
  const random = new RandomStreams('core/math').stream(name);
  const ranges = RANGES[name];
  for (let index = 0; index < count; index++) yield ranges[index % ranges.length](random);
}

const words = new DataView(new ArrayBuffer(8));

/** A double's 64 bits as 16 hex digits. */
export function bitsOf(x: number): string {
  words.setFloat64(0, x);
  return words.getBigUint64(0).toString(16).padStart(16, '0');
}

export function fromBits(bits: string): number {
  words.setBigUint64(0, BigInt(`0x${bits}`));
  return words.getFloat64(0);
}
