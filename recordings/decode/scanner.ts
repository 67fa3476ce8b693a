/**
 * Reads the JSON that exchanges send straight from its bytes: no strings, no objects, no allocation.
 *
 * It takes compact JSON only. Whatever is unusual (white space, escapes, exponents, more than 15 digits, a key twice) makes
 * a method answer `FAIL` or false, and the caller hands the frame to the JSON.parse reader instead. So the scanner need not
 * understand everything, but what it takes it must take exactly as JSON.parse would.
 */
import { POWERS_OF_TEN } from '../../core/scale.ts';

/** What no valid number is. */
export const FAIL = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
/** Below this, a byte in a string is a control character, which JSON forbids. */
const FIRST_PRINTABLE = 0x20;
/** So many decimal digits always fit a double exactly. */
const EXACT_DIGITS = 15;
/** Deeper nesting is left to JSON.parse. */
const MAX_DEPTH = 32;

const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();

/** ASCII text as bytes, for `literal`. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

const TRUE = ascii('true');
const FALSE = ascii('false');
const NULL = ascii('null');

export class ByteScanner {
  bytes: Uint8Array = NO_BYTES;
  pos = 0;
  /** True: `decimal` also refuses zeros beyond the unit, because they say that the instrument's unit is finer. */
  readonly zerosCount: boolean;

  constructor(zerosCount: boolean) {
    this.zerosCount = zerosCount;
  }

  /** Steps over one byte if it is the given one. */
  byte(expected: number): boolean {
    if (this.bytes[this.pos] !== expected) return false;
    this.pos++;
    return true;
  }

  /** Steps over the text if it stands here; else stays. */
  literal(text: Uint8Array): boolean {
    const { bytes, pos } = this;
    for (let i = 0; i < text.length; i++) if (bytes[pos + i] !== text[i]) return false;
    this.pos = pos + text.length;
    return true;
  }

  /** Digits without quotes: a JSON integer that is not negative and exact in a double. */
  integer(): number {
    const bytes = this.bytes;
    const first = this.pos;
    let i = first;
    let digit = bytes[i] ^ ZERO;
    if (digit > 9) return FAIL;
    let value = digit;
    digit = bytes[++i] ^ ZERO;
    while (digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++i] ^ ZERO;
    }
    // Up to 2^53 every step above was exact, and what lies beyond was not rounded to below it.
    if (value > Number.MAX_SAFE_INTEGER || (i - first > 1 && bytes[first] === ZERO)) return FAIL;
    // A point or an exponent follows: a number, but not an integer as exchanges write them.
    if (bytes[i] === POINT || (bytes[i] | 0x20) === 0x65) return FAIL;
    this.pos = i;
    return value;
  }

  /** A decimal in quotes, in units of 10^-decimals. FAIL where it lies between two units. */
  decimal(decimals: number): number {
    const bytes = this.bytes;
    let i = this.pos;
    if (bytes[i] !== QUOTE) return FAIL;
    let digit = bytes[++i] ^ ZERO;
    if (digit > 9) return FAIL;
    let value = digit;
    let digits = 1;
    digit = bytes[++i] ^ ZERO;
    while (digit <= 9) {
      value = value * 10 + digit;
      digits++;
      digit = bytes[++i] ^ ZERO;
    }
    let missing = decimals;
    if (bytes[i] === POINT) {
      const point = i;
      digit = bytes[++i] ^ ZERO;
      if (digit > 9) return FAIL;
      while (digit <= 9) {
        value = value * 10 + digit;
        digit = bytes[++i] ^ ZERO;
      }
      const fraction = i - point - 1;
      digits += fraction;
      missing -= fraction;
    }
    if (bytes[i] !== QUOTE || digits > EXACT_DIGITS) return FAIL;
    this.pos = i + 1;
    if (missing === 0) return value;
    if (missing > 0) {
      const scaled = value * POWERS_OF_TEN[missing];
      return scaled <= Number.MAX_SAFE_INTEGER ? scaled : FAIL;
    }
    if (this.zerosCount) return FAIL;
    const divisor = POWERS_OF_TEN[-missing];
    return value % divisor === 0 ? value / divisor : FAIL;
  }

  /** Steps over a string without escapes and returns the position of its closing quote, or FAIL. */
  string(): number {
    const bytes = this.bytes;
    let i = this.pos;
    if (bytes[i] !== QUOTE) return FAIL;
    let byte = bytes[++i];
    while (byte !== QUOTE) {
      // Also ends the search past the end of the bytes, where `byte` is undefined.
      if (!(byte >= FIRST_PRINTABLE) || byte === BACKSLASH) return FAIL;
      byte = bytes[++i];
    }
    this.pos = i + 1;
    return i;
  }

  /** Steps over `"key":value` of a key that the reader does not care for. */
  skipMember(): boolean {
    return this.string() !== FAIL && this.byte(COLON) && this.skipValue(0);
  }

  /** Steps over any value. */
  skipValue(depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    const byte = this.bytes[this.pos];
    if (byte === QUOTE) return this.string() !== FAIL;
    if (byte === OPEN_OBJECT) return this.#skipObject(depth);
    if (byte === OPEN_LIST) return this.#skipList(depth);
    return this.#skipNumber() || this.literal(TRUE) || this.literal(FALSE) || this.literal(NULL);
  }

  #skipObject(depth: number): boolean {
    this.pos++;
    if (this.byte(CLOSE_OBJECT)) return true;
    do {
      if (this.string() === FAIL || !this.byte(COLON) || !this.skipValue(depth + 1)) return false;
    } while (this.byte(COMMA));
    return this.byte(CLOSE_OBJECT);
  }

  #skipList(depth: number): boolean {
    this.pos++;
    if (this.byte(CLOSE_LIST)) return true;
    do {
      if (!this.skipValue(depth + 1)) return false;
    } while (this.byte(COMMA));
    return this.byte(CLOSE_LIST);
  }

  /** -digits.digits; one with an exponent is left to JSON.parse, as the byte after it will not fit. */
  #skipNumber(): boolean {
    const bytes = this.bytes;
    const start = this.pos;
    let i = bytes[start] === MINUS ? start + 1 : start;
    const first = i;
    while ((bytes[i] ^ ZERO) <= 9) i++;
    if (i === first || (i - first > 1 && bytes[first] === ZERO)) return false;
    if (bytes[i] === POINT) {
      const point = i++;
      while ((bytes[i] ^ ZERO) <= 9) i++;
      if (i === point + 1) return false;
    }
    this.pos = i;
    return true;
  }
}
