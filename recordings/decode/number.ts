/**
 * Decimal text to integer ticks or lots: the plain way, for every text. The scanners (`scanner.ts`) have a fast way for
 * ordinary ones; where they give up, this decides, so this is what a number means.
 */
import { ReplaybookError } from '../../core/errors.ts';

/** Longer texts are refused before anything is computed with them. */
const MAX_DIGITS = 40;

/** A decimal without sign and exponent, taken apart: 10^-fraction times the digits. */
export interface Decimal {
  digits: bigint;
  /** Digits after the point as they were written, and without zeros at the end. */
  written: number;
  significant: number;
}

/** Reads a decimal text as exchanges write them. Throws `format` for anything but digits, point, digits. */
export function parseDecimal(text: unknown, what: string): Decimal {
  if (typeof text !== 'string' || text.length > MAX_DIGITS || !/^[0-9]+(\.[0-9]+)?$/.test(text)) {
    throw new ReplaybookError('format', `${what} is not a decimal number in quotes`);
  }
  const point = text.indexOf('.');
  const fraction = point === -1 ? '' : text.slice(point + 1);
  const significant = fraction.replace(/0+$/, '').length;
  return { digits: BigInt(text.replace('.', '')), written: fraction.length, significant };
}

/**
 * The decimal in units of 10^-decimals. Throws `format` where it lies between two units, or above `max`.
 */
export function toUnits(decimal: Decimal, decimals: number, max: number, what: string): number {
  const { digits, written } = decimal;
  let units: bigint;
  if (written <= decimals) {
    units = digits * BigInt(`1${'0'.repeat(decimals - written)}`);
  } else {
    const divisor = BigInt(`1${'0'.repeat(written - decimals)}`);
    if (digits % divisor !== 0n) throw new ReplaybookError('format', `${what} has more than ${decimals} decimals`);
    units = digits / divisor;
  }
  if (units > BigInt(max)) throw new ReplaybookError('format', `${what} is too large`);
  return Number(units);
}
