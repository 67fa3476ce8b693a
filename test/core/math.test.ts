import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exp, expm1, ln, log1p, pow, tanh } from '../../core/math.ts';
import { RandomStreams } from '../../sim/kernel/random.ts';
import { Decimal, EXACT, exactExp, exactLn, exactly, ulpError } from '../support/exact-functions.ts';
import { GOLDEN, GOLDEN_DIGEST_INPUTS, GOLDEN_DIGESTS } from './math-golden.ts';
import { bitsOf, FUNCTION_NAMES, FUNCTIONS, fromBits, inputs } from './math-ranges.ts';

const INPUTS = process.env.CI === 'true' ? 100_000 : 5_000;

describe('the oracle', () => {
  it('agrees with decimal.js to 45 digits', () => {
    const random = new RandomStreams('oracle').stream('x');
    for (let round = 0; round < 40; round++) {
      const x = exactly((random.next() - 0.5) * 1400);
      expect(exactExp(x).div(x.exp()).minus(1).abs().lt('1e-45')).toBe(true);
      const positive = random.next() * 10;
      const expected = exactly(positive).ln();
      expect(exactLn(exactly(positive), Math.log(positive)).minus(expected).abs().lt('1e-45')).toBe(true);
    }
  });

  it('measures the distance to the nearest double at both ends of the range', () => {
    expect(ulpError(1, new Decimal(1))).toBe(0);
    const tenth = new Decimal('0.1000000000000000055511151231257827021181583404541015625');
    expect(exactly(0.1).equals(tenth.toSignificantDigits(50))).toBe(true);
    expect(exactly(5e-324).toNumber()).toBe(5e-324);
    expect(ulpError(1 + 2 ** -52, new Decimal(1))).toBe(1);
    expect(ulpError(2 ** -1074, new Decimal(0))).toBe(1);
    expect(ulpError(0, new Decimal(2).pow(-1074))).toBe(1);
    expect(ulpError(Number.MAX_VALUE, new Decimal('1e400'))).toBe(1);
    expect(ulpError(1, new Decimal('1e400'))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe.each(FUNCTION_NAMES)('%s', name => {
  it(`is within 1 ulp of the exact value on ${INPUTS} inputs`, { timeout: 300_000 }, () => {
    let worst = 0;
    let worstInput: readonly number[] = [];
    for (const [x, y] of inputs(name, INPUTS)) {
      const error = ulpError(FUNCTIONS[name](x, y), EXACT[name](x, y));
      if (error > worst) {
        worst = error;
        worstInput = [x, y];
      }
    }
    expect(worst, `at ${worstInput}`).toBeLessThanOrEqual(1);
    // The documented accuracy: if it gets worse, somebody should know.
    expect(worst, `at ${worstInput}`).toBeLessThan(0.9);
  });

  it('gives the golden bits', () => {
    for (const line of GOLDEN[name]) {
      const doubles = line.split(' ').map(fromBits);
      expect(bitsOf(FUNCTIONS[name](doubles[0], doubles[1])), `${name} of ${doubles}`).toBe(line.slice(-16));
    }
    const hash = createHash('sha256');
    for (const [x, y] of inputs(name, GOLDEN_DIGEST_INPUTS)) hash.update(bitsOf(FUNCTIONS[name](x, y)));
    expect(hash.digest('hex')).toBe(GOLDEN_DIGESTS[name]);
  });
});

/** The values at which Math's functions are exact by definition, so that ours must equal them. */
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 1, -1];

describe('special values', () => {
  it.each([
    ['exp', exp, Math.exp, [NaN, Infinity, -Infinity, 0, -0, 710, -746, 1e300, -1e300]],
    ['expm1', expm1, Math.expm1, [NaN, Infinity, -Infinity, 0, -0, 710, -60, 5e-324, -5e-324]],
    ['ln', ln, Math.log, [...SPECIAL, -5e-324]],
    ['log1p', log1p, Math.log1p, [NaN, Infinity, -Infinity, 0, -0, -1, -2, 5e-324, -5e-324]],
    ['tanh', tanh, Math.tanh, [NaN, Infinity, -Infinity, 0, -0, 30, -30, 5e-324, -5e-324]],
  ] as const)('%s', (_name, ours, reference, values) => {
    for (const x of values) expect(ours(x), `of ${Object.is(x, -0) ? '-0' : x}`).toBe(reference(x));
  });

  it('pow, every pair', () => {
    const values = [
      ...SPECIAL,
      2,
      -2,
      0.5,
      -0.5,
      3,
      -3,
      2 ** 53,
      -(2 ** 53),
      2 ** 53 + 2,
      1e308,
      -1e308,
      5e-324,
      -5e-324,
    ];
    for (const x of values) {
      for (const y of values) {
        const shown = `${Object.is(x, -0) ? '-0' : x} to ${Object.is(y, -0) ? '-0' : y}`;
        const expected = x ** y;
        const ours = pow(x, y);
        const exact = !Number.isFinite(expected) || expected === 0 || Math.abs(expected) === 1;
        if (exact) expect(ours, shown).toBe(expected);
        else expect(Math.abs(ours / expected - 1), shown).toBeLessThan(1e-15);
      }
    }
  });
});

describe('what users count on', () => {
  it('is exact where the result is', () => {
    for (let n = 0; n <= 22; n++) expect(pow(10, n)).toBe(Number(`1e${n}`));
    for (let n = -1074; n <= 1023; n++) expect(bitsOf(pow(2, n))).toBe(bitsOf(Number(new Decimal(2).pow(n))));
    expect(exp(0)).toBe(1);
    expect(ln(1)).toBe(0);
  });

  it('overflows and vanishes at the last possible input', () => {
    expect(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(expm1(709.7827128933841)).toBe(Infinity);
  });

  it('keeps the symmetry of tanh', () => {
    for (const [x] of inputs('tanh', 1_000)) expect(tanh(-x)).toBe(-tanh(x));
  });

  it('never falls where the function rises, step by step around its seams', () => {
    const seams = {
      exp: [0, 0.34657359027997264, 1.0397207708399179],
      ln: [1, Math.SQRT2, Math.SQRT1_2],
      tanh: [19.1, 0.173286795],
    };
    for (const name of ['exp', 'ln', 'tanh'] as const) {
      for (const seam of seams[name]) {
        let before = -Infinity;
        for (let step = -200; step <= 200; step++) {
          const value = FUNCTIONS[name](seam + step * 2 ** -50);
          // One unit in the last place is what two neighbours may be wrong by.
          expect(value).toBeGreaterThanOrEqual(before - Math.abs(before) * 2 ** -52);
          before = value;
        }
      }
    }
  });
});
