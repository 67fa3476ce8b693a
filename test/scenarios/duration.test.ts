import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, parseMoment } from '../../scenarios/duration.ts';

const NS = { ns: '1', us: '1e3', ms: '1e6', s: '1e9', m: '6e10', h: '3.6e12' } as const;
const units = Object.keys(NS) as (keyof typeof NS)[];

function problem(text: string): string {
  const parsed = parseMoment(text, 1_000);
  return parsed.ok ? `read as ${parsed.ns} ns` : parsed.problem;
}

describe('a duration', () => {
  it.each([
    ['250ms', 250_000_000],
    ['12s', 12_000_000_000],
    ['1.5m', 90_000_000_000],
    ['1h', 3_600_000_000_000],
    ['100us', 100_000],
    ['5ns', 5],
    ['0s', 0],
    ['0.000000001s', 1],
    ['0.1s', 100_000_000],
    ['2501.5h', 9_005_400_000_000_000],
  ])('%s', (text, ns) => {
    expect(parseDuration(text)).toEqual({ ok: true, ns });
  });

  it('is exact, as decimal.js has it', () => {
    const digits = fc.tuple(
      fc.integer({ min: 0, max: 99_999 }),
      fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 12 }),
    );
    fc.assert(
      fc.property(digits, fc.constantFrom(...units), ([whole, fraction], unit) => {
        const number = fraction === '' ? `${whole}` : `${whole}.${fraction}`;
        const exact = new Decimal(number).times(NS[unit]);
        const parsed = parseDuration(number + unit);
        const fits = exact.isInteger() && exact.lte(Number.MAX_SAFE_INTEGER);
        expect(parsed.ok).toBe(fits);
        if (parsed.ok) expect(parsed.ns).toBe(exact.toNumber());
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is refused beyond what a number holds exactly, and not before', () => {
    expect(parseDuration('9007199254740991ns')).toEqual({ ok: true, ns: Number.MAX_SAFE_INTEGER });
    expect(problem('9007199254740992ns')).toBe('9007199254740992ns is longer than 104 days');
    expect(problem(`${'9'.repeat(5_000)}s`)).toContain('is not a duration');
  });

  it.each([
    ['30', '30 has no unit: write 30s or 30ms'],
    ['12 s', '"12 s" is not a duration: write 12s'],
    ['12sec', '"12sec" is not a duration: write 12s'],
    ['5 Minutes', '"5 Minutes" is not a duration: write 5m'],
    ['7µs', '"7µs" is not a duration: write 7us'],
    ['-1s', '-1s is negative: expected a duration such as 250ms, 12s, 1.5m or 1h'],
    ['0.5ns', '0.5ns is not a whole number of nanoseconds'],
    ['1e3s', '"1e3s" is not a duration: expected one such as 250ms, 12s, 1.5m or 1h'],
    ['', '"" is not a duration: expected one such as 250ms, 12s, 1.5m or 1h'],
    ['1s\u001b[31m', '"1s\\u001b[31m" is not a duration: expected one such as 250ms, 12s, 1.5m or 1h'],
  ])('says what %j lacks', (text, message) => {
    expect(problem(text)).toBe(message);
  });
});

describe('a share of the run', () => {
  it.each([
    ['40%', 1_000, 400],
    ['0%', 1_000, 0],
    ['100%', 1_000, 1_000],
    ['33.3%', 1_000, 333],
    ['50%', 1, 0],
    ['12.5%', 180_000_000_000, 22_500_000_000],
  ])('%s of %d ns is %d ns', (text, whole, ns) => {
    expect(parseMoment(text, whole)).toEqual({ ok: true, ns });
  });

  it('is at most the whole', () => {
    expect(problem('100.001%')).toBe('100.001% is more than the whole');
  });
});

describe('a time as text', () => {
  it.each([
    [0, '0s'],
    [1, '1ns'],
    [1_500, '1.5us'],
    [250_000_000, '250ms'],
    [90_000_000_000, '90s'],
    [90_500_000_000, '90.5s'],
    [120_000_000_000, '120s'],
    [180_000_000_001, '180000000.001us'],
    [3_600_000_000_000, '1h'],
    [1_000_000_001, '1000000.001us'],
  ])('%d ns is %s', (ns, text) => {
    expect(formatDuration(ns)).toBe(text);
  });

  it('reads back as the same time', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), ns => {
        expect(parseDuration(formatDuration(ns))).toEqual({ ok: true, ns });
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
