/**
 * The digest: a hash chain over fixed-width records of everything that happened (design, section 4).
 *
 * H0 = SHA-256(tape identity, format version); Hk = SHA-256(Hk-1, block k of at most 1,024 records). Two runs are compared
 * block by block, and within the first block that differs record by record.
 *
 * A record has 32 bytes, little-endian (as are all processors that Node runs on):
 *
 *     0  f64  time, ns of virtual time
 *     8  u8   record type          9  u8  a        10  u16  b
 *    12  i32  c                   16  i32 d        20  i32  e
 *    24  f64  x
 *
 * event    a class, b stream, c rows, d best bid, e best ask after it, x detail
 * command  a kind, b side, time in force and reduce-only, c price, d and e low and high half of an order id, x size
 *          (`network/command-records.ts`)
 * fill     a side, b instrument, c price, d and e low and high half of the order id, x size
 * row      of a market message that a fault altered: a side, b feed + 16 x instrument, c price cut to 32 bits, x size
 */
import { hash } from 'node:crypto';

export const DIGEST_FORMAT = 1;
export const RECORD_BYTES = 32;
export const BLOCK_RECORDS = 1_024;

export const RECORD_TYPES = ['event', 'command', 'fill', 'row'] as const;
export const RECORD_EVENT = 0;
export const RECORD_COMMAND = 1;
export const RECORD_FILL = 2;
export const RECORD_ROW = 3;

const HASH_BYTES = 32;
const TWO_32 = 4_294_967_296;

export interface DigestState {
  hash: Uint8Array;
  blocks: string[];
  open: Uint8Array;
}

/** Gets the number of a block and its bytes, which are the chain's own: valid during the call. */
export type OnBlock = (block: number, bytes: Uint8Array) => void;

export class DigestChain {
  /** The hash so far and behind it the open block's records: a block is hashed in one piece, by one call. */
  readonly #chained = new Uint8Array(HASH_BYTES + BLOCK_RECORDS * RECORD_BYTES);
  readonly #hash = this.#chained.subarray(0, HASH_BYTES);
  readonly #bytes = this.#chained.subarray(HASH_BYTES);
  readonly #f64 = new Float64Array(this.#chained.buffer, HASH_BYTES);
  readonly #i32 = new Int32Array(this.#chained.buffer, HASH_BYTES);
  #blocks: string[] = [];
  #open = 0;
  readonly #onBlock: OnBlock | null;

  /** `onBlock` is told every block, for a comparison record by record. */
  constructor(tapeIdentity: string, onBlock: OnBlock | null = null) {
    this.#hash.set(hash('sha256', `${tapeIdentity}\n${DIGEST_FORMAT}`, 'buffer'));
    this.#onBlock = onBlock;
  }

  /** Number of records so far; the next record gets this number. */
  get count(): number {
    return this.#blocks.length * BLOCK_RECORDS + this.#open;
  }

  /** Hashes of the full blocks, in order. */
  get blocks(): readonly string[] {
    return this.#blocks;
  }

  record(type: number, atNs: number, a: number, b: number, c: number, d: number, e: number, x: number): void {
    const at = this.#open;
    const f64 = this.#f64;
    const i32 = this.#i32;
    f64[at * 4] = atNs;
    // Little-endian: the type comes first, then a, then b.
    i32[at * 8 + 2] = type | (a << 8) | (b << 16);
    i32[at * 8 + 3] = c;
    i32[at * 8 + 4] = d;
    i32[at * 8 + 5] = e;
    // -0 and 0 are one number, but not the same bits.
    f64[at * 4 + 3] = x === 0 ? 0 : x;
    if (++this.#open === BLOCK_RECORDS) this.#closeBlock();
  }

  /** A record that names an id of up to 2^53 by its two halves. */
  recordWithId(type: number, atNs: number, a: number, b: number, c: number, id: number, x: number): void {
    this.record(type, atNs, a, b, c, id | 0, Math.floor(id / TWO_32) | 0, x);
  }

  #closeBlock(): void {
    this.#onBlock?.(this.#blocks.length, this.#bytes);
    const next = hash('sha256', this.#chained, 'buffer');
    this.#hash.set(next);
    this.#blocks.push(next.toString('hex'));
    this.#open = 0;
  }

  /** Tells `onBlock` what the run ended with, which may be no record at all. */
  tellOpenBlock(): void {
    this.#onBlock?.(this.#blocks.length, this.#bytes.subarray(0, this.#open * RECORD_BYTES));
  }

  /** The digest of everything so far, `sha256:` and 64 hex digits. The chain can go on afterwards. */
  value(): string {
    const open = this.#chained.subarray(0, HASH_BYTES + this.#open * RECORD_BYTES);
    return `sha256:${hash('sha256', open, 'hex')}`;
  }

  snapshot(): DigestState {
    return {
      hash: Uint8Array.from(this.#hash),
      blocks: [...this.#blocks],
      open: this.#bytes.slice(0, this.#open * RECORD_BYTES),
    };
  }

  restore(state: DigestState): void {
    this.#hash.set(state.hash);
    this.#blocks = [...state.blocks];
    this.#bytes.set(state.open);
    this.#open = state.open.length / RECORD_BYTES;
  }
}

/** One record in words, for the report of a first difference. */
export interface DigestRecord {
  type: (typeof RECORD_TYPES)[number];
  atNs: number;
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  x: number;
}

/** Reads record `index` of a block's bytes. */
export function readRecord(block: Uint8Array, index: number): DigestRecord {
  const view = new DataView(block.buffer, block.byteOffset + index * RECORD_BYTES, RECORD_BYTES);
  return {
    type: RECORD_TYPES[view.getUint8(8)],
    atNs: view.getFloat64(0, true),
    a: view.getUint8(9),
    b: view.getUint16(10, true),
    c: view.getInt32(12, true),
    d: view.getInt32(16, true),
    e: view.getInt32(20, true),
    x: view.getFloat64(24, true),
  };
}
