/**
 * Raw recordings: every frame byte for byte, with its receive time, connection and direction, in an append-only file.
 *
 *     magic │ header │ frame │ frame │ …      each: length, CRC of the length, CRC of the body, body (msgpack)
 *
 * The length has a checksum of its own, so that damage to it is not taken for the end of the file. Both checksums begin with
 * the frame's place in the file: a whole frame that is missing, repeated or out of its place is noticed. A tail that is no
 * whole frame, as an interrupted writer leaves it, is told by its size and costs the last frame only; damage before it is
 * an error that says where. What a file claims is checked against its size and a limit before memory is given for it.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { decode, decodeMulti, encode } from '@msgpack/msgpack';
import { ReplaybookError } from '../core/errors.ts';

export const RECORDING_VERSION = 1;
export const RECORDING_MAGIC = Buffer.from('RPBKREC1');
/** Length, its CRC, the body's CRC: uint32 each, little-endian. */
const HEAD_BYTES = 12;
/** Longest body of a frame. The largest message known, a 1000-level snapshot, has 40 kB. */
export const MAX_BODY_BYTES = 16_777_216;
/** Longest body of the header, nearly all of which is the note. */
const MAX_HEADER_BYTES = 65_536;
/** As msgpack begins a list of four: receive time, connection, direction, bytes. */
const LIST_OF_FOUR = 0x94;
/** None of the four holds others, so that no nesting can fill the memory. */
const NOTHING_NESTED = { maxArrayLength: 0, maxMapLength: 0, maxExtLength: 0 };
const FRAME_VALUES = 4;
const READ_BYTES = 1_048_576;
const UINT32 = 0x1_0000_0000;

export const RECORDED_VENUES = ['hyperliquid', 'binance'] as const;
/** Whose wire format the frames are in. */
export type RecordedVenue = (typeof RECORDED_VENUES)[number];

export interface RecordingHeader {
  version: number;
  /** Origin of the receive times: ns since 1970-01-01 UTC, as decimal digits. */
  originNs: string;
  venue: RecordedVenue;
  /** Free text: machine, purpose. */
  note: string;
  /** True: made by a program, not recorded at a real exchange. Absent for false. */
  synthetic?: boolean;
}

export type Direction = 'in' | 'out';

export interface RecordedFrame {
  /** Ns since the origin, by the recorder's clock. */
  recvNs: number;
  /** Counts the recorder's connections, from 0. */
  connection: number;
  direction: Direction;
  /** As on the wire. A view: good until the next frame is read. */
  bytes: Uint8Array;
}

/** True where a recording begins. */
export function isRecording(head: Uint8Array): boolean {
  return RECORDING_MAGIC.compare(head.subarray(0, RECORDING_MAGIC.length)) === 0;
}

/** Magic and header, as a new file begins. */
export function encodeHeader(header: RecordingHeader): Buffer {
  const body = encode(header);
  if (body.length > MAX_HEADER_BYTES) throw new ReplaybookError('format', 'the note of a recording is too long');
  return Buffer.concat([RECORDING_MAGIC, withHead(body, RECORDING_MAGIC.length)]);
}

/** A frame as it stands at `offset` of the file. Throws `format` for one that is too long. */
export function encodeFrame({ recvNs, connection, direction, bytes }: RecordedFrame, offset: number): Buffer {
  const body = encode([recvNs, connection, direction === 'in' ? 0 : 1, bytes]);
  if (body.length > MAX_BODY_BYTES) throw new ReplaybookError('format', `a frame longer than ${MAX_BODY_BYTES} bytes`);
  return withHead(body, offset);
}

function withHead(body: Uint8Array, offset: number): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  const place = crcOfPlace(offset);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt32LE(crc32(frame.subarray(0, 4), place), 4);
  frame.writeUInt32LE(crc32(body, place), 8);
  frame.set(body, HEAD_BYTES);
  return frame;
}

/** Where the checksums of a frame go on from: that of its offset, a uint64, little-endian. */
function crcOfPlace(offset: number): number {
  const place = Buffer.alloc(8);
  place.writeUInt32LE(offset % UINT32, 0);
  place.writeUInt32LE(Math.floor(offset / UINT32), 4);
  return crc32(place);
}

/** Reads a recording frame by frame. Close it when done. */
export class RecordingReader {
  readonly header: RecordingHeader;
  /** Bytes at the end that are no whole frame. Known once `next` has answered null. */
  tornTailBytes = 0;
  /** Frames read. */
  frames = 0;
  readonly #path: string;
  readonly #file: number;
  readonly #size: number;
  #buffer = Buffer.alloc(0);
  /** Where the buffer begins in the file, and what has been read of it. */
  #bufferAt = 0;
  /** File offset of what comes next. */
  #at = RECORDING_MAGIC.length;

  /** Throws `file` where the file cannot be opened, `format` where it is no recording or its header is damaged. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'r');
    } catch (cause) {
      throw new ReplaybookError('file', `cannot open ${path}: ${reasonOf(cause)}`, { file: path }, cause);
    }
    try {
      this.#size = fstatSync(this.#file).size;
      if (this.#size < RECORDING_MAGIC.length || !isRecording(this.#bytes(0, RECORDING_MAGIC.length))) {
        throw this.#damaged('not a Replaybook recording', 0);
      }
      const body = this.#body(MAX_HEADER_BYTES);
      if (body === null) throw this.#damaged('the header is cut off', RECORDING_MAGIC.length);
      this.header = readHeader(this.#header(body), message => this.#damaged(message, RECORDING_MAGIC.length));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** File offset after the last whole frame that was read. */
  get wholeBytes(): number {
    return this.#at;
  }

  /** The next frame, or null at the end. Throws `format`, with offset and frame number, where the file is damaged. */
  next(): RecordedFrame | null {
    const start = this.#at;
    const body = this.#body(MAX_BODY_BYTES);
    if (body === null) return null;
    const [recvNs, connection, direction, bytes] = this.#values(body, start);
    if (!isCount(recvNs) || !isCount(connection) || connection > 0xffff_ffff) {
      throw this.#damaged('impossible receive time or connection', start);
    }
    if ((direction !== 0 && direction !== 1) || !(bytes instanceof Uint8Array)) {
      throw this.#damaged('impossible direction or content', start);
    }
    this.frames++;
    return { recvNs, connection, direction: direction === 0 ? 'in' : 'out', bytes };
  }

  close(): void {
    closeSync(this.#file);
  }

  /** The next body, checked, or null at the end or a torn tail. */
  #body(maxBytes: number): Uint8Array | null {
    const start = this.#at;
    const left = this.#size - start;
    if (left < HEAD_BYTES) return this.#tail(left);
    const head = this.#bytes(start, HEAD_BYTES);
    const length = head.readUInt32LE(0);
    const bodyCrc = head.readUInt32LE(8);
    const place = crcOfPlace(start);
    if (crc32(head.subarray(0, 4), place) !== head.readUInt32LE(4)) {
      // A machine that lost power may leave zeros where the file had grown already.
      if (this.#onlyZerosFrom(start)) return this.#tail(left);
      throw this.#damaged('the checksum of a length differs', start);
    }
    if (length > maxBytes) throw this.#damaged(`a frame claims ${length} bytes`, start);
    if (length > left - HEAD_BYTES) return this.#tail(left);
    const body = this.#bytes(start + HEAD_BYTES, length);
    if (crc32(body, place) !== bodyCrc) {
      if (length === left - HEAD_BYTES || this.#onlyZerosFrom(start + HEAD_BYTES + length)) return this.#tail(left);
      throw this.#damaged('the checksum of a frame differs', start);
    }
    this.#at = start + HEAD_BYTES + length;
    return body;
  }

  #tail(bytes: number): null {
    this.tornTailBytes = bytes;
    return null;
  }

  #onlyZerosFrom(offset: number): boolean {
    for (let at = offset; at < this.#size; at += READ_BYTES) {
      const piece = this.#bytes(at, Math.min(READ_BYTES, this.#size - at));
      for (const byte of piece) if (byte !== 0) return false;
    }
    return true;
  }

  /** `length` bytes of the file from `offset` on, which it has. A view on the buffer. */
  #bytes(offset: number, length: number): Buffer {
    const from = offset - this.#bufferAt;
    if (from >= 0 && from + length <= this.#buffer.length) return this.#buffer.subarray(from, from + length);
    const wanted = Math.min(Math.max(length, READ_BYTES), this.#size - offset);
    const buffer = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const read = readSync(this.#file, buffer, filled, wanted - filled, offset + filled);
      if (read === 0) throw this.#damaged('the file shrank while it was read', offset + filled);
      filled += read;
    }
    this.#buffer = buffer;
    this.#bufferAt = offset;
    return buffer.subarray(0, length);
  }

  #header(body: Uint8Array): unknown {
    try {
      return decode(body);
    } catch (cause) {
      throw this.#damaged('the header is not msgpack', RECORDING_MAGIC.length, cause);
    }
  }

  /** The four values of the frame at `start`, whatever they are. */
  #values(body: Uint8Array, start: number): unknown[] {
    const values: unknown[] = [];
    if (body[0] !== LIST_OF_FOUR) throw this.#damaged('no recorded frame', start);
    try {
      for (const value of decodeMulti(body.subarray(1), NOTHING_NESTED)) {
        if (values.push(value) > FRAME_VALUES) break;
      }
    } catch (cause) {
      throw this.#damaged('a frame is not msgpack', start, cause);
    }
    if (values.length !== FRAME_VALUES) throw this.#damaged('no recorded frame', start);
    return values;
  }

  #damaged(what: string, offset: number, cause?: unknown): ReplaybookError {
    const message = `recording ${basename(this.#path)}: ${what} (byte ${offset}, frame ${this.frames})`;
    return new ReplaybookError('format', message, { file: this.#path, offset }, cause);
  }
}

function readHeader(value: unknown, damaged: (message: string) => ReplaybookError): RecordingHeader {
  if (typeof value !== 'object' || value === null) throw damaged('the header is no map');
  const { version, originNs, venue, note, synthetic }: Partial<Record<keyof RecordingHeader, unknown>> = value;
  if (version !== RECORDING_VERSION) throw damaged(`recording version ${String(version)} is not known`);
  const known = RECORDED_VENUES.find(name => name === venue);
  if (known === undefined) throw damaged(`unknown venue; known are ${RECORDED_VENUES.join(', ')}`);
  if (typeof originNs !== 'string' || !/^[0-9]{1,19}$/.test(originNs)) throw damaged('the origin is no time in ns');
  if (typeof note !== 'string') throw damaged('the note is no text');
  if (synthetic !== undefined && synthetic !== true) throw damaged('impossible mark of a synthetic recording');
  return { version, originNs, venue: known, note, ...(synthetic ? { synthetic } : {}) };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
