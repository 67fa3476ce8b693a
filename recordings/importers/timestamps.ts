/** Receive times as recorders write them, to whole seconds since 1970 and nanoseconds in the second. */
import { ReplaybookError } from '../../core/errors.ts';
import { NS_PER_S } from '../../core/scale.ts';

const ZERO = 0x30;
const SPACE = 0x20;
const NANO_DIGITS = 9;
/** 2001 to 2286. */
const DIGITS_OF_NS = 19;

export class Timestamp {
  seconds = 0;
  nanos = 0;

  /**
   * Reads `<ns since 1970> ` at `start` and returns the position after the space. Throws `format` where there is none.
   */
  readNs(bytes: Uint8Array, start: number, end: number): number {
    const space = start + DIGITS_OF_NS;
    if (space >= end || bytes[space] !== SPACE) throw noReceiveTime();
    this.seconds = digitsAt(bytes, start, space - NANO_DIGITS);
    this.nanos = digitsAt(bytes, space - NANO_DIGITS, space);
    return space + 1;
  }

  /** Reads `YYYY-MM-DDTHH:MM:SS`, with up to nine decimals, in [start, end). UTC. */
  readIso(bytes: Uint8Array, start: number, end: number): void {
    const separators =
      end - start >= 19 &&
      bytes[start + 4] === 0x2d &&
      bytes[start + 7] === 0x2d &&
      bytes[start + 10] === 0x54 &&
      bytes[start + 13] === 0x3a &&
      bytes[start + 16] === 0x3a;
    if (!separators) throw noReceiveTime();
    const year = digitsAt(bytes, start, start + 4);
    const month = digitsAt(bytes, start + 5, start + 7);
    const day = digitsAt(bytes, start + 8, start + 10);
    const hour = digitsAt(bytes, start + 11, start + 13);
    const minute = digitsAt(bytes, start + 14, start + 16);
    const second = digitsAt(bytes, start + 17, start + 19);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) throw noReceiveTime();
    if (hour > 23 || minute > 59 || second > 59) throw noReceiveTime();
    this.seconds = ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    this.nanos = end === start + 19 ? 0 : fraction(bytes, start + 19, end);
  }

  /** Reads digits of ns since 1970. */
  readText(originNs: string): void {
    if (!/^[0-9]{1,19}$/.test(originNs)) throw noReceiveTime();
    const padded = originNs.padStart(DIGITS_OF_NS, '0');
    this.seconds = Number(padded.slice(0, -NANO_DIGITS));
    this.nanos = Number(padded.slice(-NANO_DIGITS));
  }

  /** Moves the time on by `ns`. */
  add(ns: number): void {
    const nanos = this.nanos + (ns % NS_PER_S);
    this.seconds += Math.floor(ns / NS_PER_S) + Math.floor(nanos / NS_PER_S);
    this.nanos = nanos % NS_PER_S;
  }
}

function fraction(bytes: Uint8Array, start: number, end: number): number {
  const digits = end - start - 1;
  if (bytes[start] !== 0x2e || digits < 1 || digits > NANO_DIGITS) throw noReceiveTime();
  let nanos = digitsAt(bytes, start + 1, end);
  for (let i = digits; i < NANO_DIGITS; i++) nanos *= 10;
  return nanos;
}

function digitsAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] ^ ZERO;
    if (digit > 9) throw noReceiveTime();
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01; the year begins in March here, so that the leap day is its last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leapDays + dayOfYear - 719_468;
}

function noReceiveTime(): ReplaybookError {
  return new ReplaybookError('format', 'no receive time where one is expected');
}
