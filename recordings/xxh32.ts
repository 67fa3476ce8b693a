/**
 * xxHash32, the checksum of LZ4 frames. The algorithm and its constants are those of the specification
 * (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). `update` may be called with pieces of any length.
 */
import { LITTLE_ENDIAN } from './byte-order.ts';

const PRIME_1 = 0x9e3779b1 | 0;
const PRIME_2 = 0x85ebca77 | 0;
const PRIME_3 = 0xc2b2ae3d | 0;
const PRIME_4 = 0x27d4eb2f | 0;
const PRIME_5 = 0x165667b1 | 0;
const STRIPE = 16;
const UINT32 = 0x1_0000_0000;

export class Xxh32 {
  readonly #seed: number;
  #acc1: number;
  #acc2: number;
  #acc3: number;
  #acc4: number;
  #length = 0;
  /** Bytes that do not fill a stripe yet. */
  readonly #rest = new Uint8Array(STRIPE);
  #restLength = 0;

  constructor(seed = 0) {
    this.#seed = seed | 0;
    this.#acc1 = (seed + PRIME_1 + PRIME_2) | 0;
    this.#acc2 = (seed + PRIME_2) | 0;
    this.#acc3 = seed | 0;
    this.#acc4 = (seed - PRIME_1) | 0;
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let from = 0;
    if (this.#restLength > 0) {
      from = Math.min(STRIPE - this.#restLength, bytes.length);
      this.#rest.set(bytes.subarray(0, from), this.#restLength);
      this.#restLength += from;
      if (this.#restLength < STRIPE) return;
      this.#stripes(this.#rest, 0, STRIPE);
    }
    const end = from + (bytes.length - from) - ((bytes.length - from) % STRIPE);
    this.#stripes(bytes, from, end);
    this.#rest.set(bytes.subarray(end), 0);
    this.#restLength = bytes.length - end;
  }

  /** The hash of all bytes so far, 0 to 2^32 - 1. More may be added afterwards. */
  digest(): number {
    let hash =
      this.#length >= STRIPE
        ? (rotate(this.#acc1, 1) + rotate(this.#acc2, 7) + rotate(this.#acc3, 12) + rotate(this.#acc4, 18)) | 0
        : (this.#seed + PRIME_5) | 0;
    hash = (hash + (this.#length % UINT32)) | 0;
    const rest = this.#rest;
    let i = 0;
    for (; i + 4 <= this.#restLength; i += 4) {
      hash = Math.imul(rotate((hash + Math.imul(word(rest, i), PRIME_3)) | 0, 17), PRIME_4);
    }
    for (; i < this.#restLength; i++) {
      hash = Math.imul(rotate((hash + Math.imul(rest[i], PRIME_5)) | 0, 11), PRIME_1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, from: number, end: number): void {
    let acc1 = this.#acc1;
    let acc2 = this.#acc2;
    let acc3 = this.#acc3;
    let acc4 = this.#acc4;
    const at = bytes.byteOffset + from;
    if (LITTLE_ENDIAN && at % 4 === 0) {
      // Whole words are read four times as fast as they are put together.
      const words = new Int32Array(bytes.buffer, at, (end - from) / 4);
      for (let i = 0; i < words.length; i += 4) {
        acc1 = round(acc1, words[i]);
        acc2 = round(acc2, words[i + 1]);
        acc3 = round(acc3, words[i + 2]);
        acc4 = round(acc4, words[i + 3]);
      }
    } else {
      for (let i = from; i < end; i += STRIPE) {
        acc1 = round(acc1, word(bytes, i));
        acc2 = round(acc2, word(bytes, i + 4));
        acc3 = round(acc3, word(bytes, i + 8));
        acc4 = round(acc4, word(bytes, i + 12));
      }
    }
    this.#acc1 = acc1;
    this.#acc2 = acc2;
    this.#acc3 = acc3;
    this.#acc4 = acc4;
  }
}

/** Hash of one piece. */
export function xxh32(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}

function round(acc: number, input: number): number {
  return Math.imul(rotate((acc + Math.imul(input, PRIME_2)) | 0, 13), PRIME_1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
