/**
 * Decodes LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md): several frames in a row, skippable frames, linked and
 * independent blocks. Every checksum that a frame has is checked: header, blocks, content; sizes that it claims are checked
 * before they are believed; and what comes out is bounded, so that a small file cannot fill the memory.
 *
 * Blocks are handed out one by one, each in the same buffer: use it before taking the next.
 */
import { ReplaybookError } from '../core/errors.ts';
import { checkOutput, MAX_OUTPUT_BYTES } from './output-limit.ts';
import { Xxh32, xxh32 } from './xxh32.ts';

const LZ4_MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;
/** Matches of linked blocks reach back at most this far. */
const WINDOW = 65_536;
/** Block sizes by their code in the header, 4 to 7. */
const BLOCK_SIZES: ReadonlyMap<number, number> = new Map([
  [4, 65_536],
  [5, 262_144],
  [6, 1_048_576],
  [7, 4_194_304],
]);
const UNCOMPRESSED = 0x8000_0000;
const MIN_MATCH = 4;
/** From here on a native copy is faster than a loop. */
const LONG_COPY = 32;

export interface Lz4Options {
  /** Most bytes that may come out, 1 GiB by default. */
  maxOutputBytes?: number;
}

interface FrameHeader {
  independent: boolean;
  blockChecksums: boolean;
  contentChecksum: boolean;
  /** -1: not given. */
  contentSize: number;
  blockSize: number;
  /** Where the first block begins. */
  end: number;
}

/** True where an LZ4 or skippable frame begins. */
export function isLz4(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const magic = u32(bytes, 0);
  return magic === LZ4_MAGIC || isSkippable(magic);
}

/** The decoded blocks, in order. Throws `format`, with the offset in `source`, at the first thing that is wrong. */
export function* decodeLz4(source: Uint8Array, options: Lz4Options = {}): Generator<Uint8Array, void, undefined> {
  const maxOutputBytes = options.maxOutputBytes ?? MAX_OUTPUT_BYTES;
  let at = 0;
  let total = 0;
  let buffer = new Uint8Array(0);
  if (source.length === 0) fail('the file is empty', 0);
  while (at < source.length) {
    need(source, at, 4, 'a frame begins');
    const magic = u32(source, at);
    if (isSkippable(magic)) {
      need(source, at + 4, 4, 'a skippable frame begins');
      const length = u32(source, at + 4);
      need(source, at + 8, length, 'a skippable frame lasts');
      at += 8 + length;
      continue;
    }
    if (magic !== LZ4_MAGIC) fail('no LZ4 frame begins', at);
    const header = readHeader(source, at);
    // A block cannot expand more than 255 times, so a short file gets no large buffer; all frames share one.
    const room = Math.min(header.blockSize, (source.length - header.end) * 255);
    if (buffer.length < WINDOW + 2 * room) buffer = new Uint8Array(WINDOW + 2 * room);
    const decoder = new FrameDecoder(source, header, buffer, room);
    let block = decoder.next();
    while (block !== null) {
      checkOutput('LZ4', decoder.at, total + decoder.produced, maxOutputBytes);
      yield block;
      block = decoder.next();
    }
    total += decoder.produced;
    at = decoder.at;
  }
}

/** Hands out the blocks of one frame. */
class FrameDecoder {
  /** Where the next thing stands; after the last block, the frame's end. */
  at: number;
  produced = 0;
  readonly #source: Uint8Array;
  readonly #header: FrameHeader;
  readonly #hash = new Xxh32();
  /** Blocks one after the other; where there is no room for another, the window moves to the beginning. */
  readonly #out: Uint8Array;
  /** Bytes that a block may come to. */
  readonly #room: number;
  /** Where the newest block begins and ends. All before it in the buffer is of this frame. */
  #start = 0;
  #end = 0;

  constructor(source: Uint8Array, header: FrameHeader, buffer: Uint8Array, room: number) {
    this.#source = source;
    this.#header = header;
    this.#out = buffer;
    this.#room = room;
    this.at = header.end;
  }

  next(): Uint8Array | null {
    const source = this.#source;
    const { blockSize, blockChecksums, contentChecksum } = this.#header;
    need(source, this.at, 4, 'a block begins');
    const word = u32(source, this.at);
    if (word === 0) {
      this.#finish();
      return null;
    }
    const stored = word >= UNCOMPRESSED;
    const length = stored ? word - UNCOMPRESSED : word;
    const start = this.at + 4;
    const end = start + length;
    if (length > blockSize) fail(`a block claims ${length} bytes, more than the frame's ${blockSize}`, this.at);
    need(source, start, length + (blockChecksums ? 4 : 0), 'a block lasts');
    if (blockChecksums && xxh32(source.subarray(start, end)) !== u32(source, end))
      fail('block checksum differs', start);
    this.#makeRoom();
    if (stored) this.#copy(start, end);
    else this.#decode(start, end);
    const block = this.#out.subarray(this.#start, this.#end);
    this.produced += block.length;
    if (contentChecksum) this.#hash.update(block);
    this.at = end + (blockChecksums ? 4 : 0);
    return block;
  }

  /** Checks what stands after the last block. */
  #finish(): void {
    const { contentChecksum, contentSize } = this.#header;
    if (contentSize !== -1 && contentSize !== this.produced) {
      fail(`${this.produced} bytes came out, but the frame claims ${contentSize}`, this.at);
    }
    this.at += 4;
    if (!contentChecksum) return;
    need(this.#source, this.at, 4, 'the content checksum stands');
    if (this.#hash.digest() !== u32(this.#source, this.at)) fail('content checksum differs', this.at);
    this.at += 4;
  }

  /** The next block begins where the last one ended, or behind the window, moved to the beginning. */
  #makeRoom(): void {
    this.#start = this.#end;
    if (this.#end + this.#room <= this.#out.length) return;
    const kept = Math.min(WINDOW, this.#end);
    this.#out.copyWithin(0, this.#end - kept, this.#end);
    this.#start = kept;
  }

  #copy(start: number, end: number): void {
    this.#out.set(this.#source.subarray(start, end), this.#start);
    this.#end = this.#start + end - start;
  }

  /** Decodes one compressed block. */
  #decode(start: number, end: number): void {
    const source = this.#source;
    const out = this.#out;
    const outEnd = this.#start + this.#room;
    const oldest = this.#header.independent ? this.#start : 0;
    let from = start;
    let to = this.#start;
    for (;;) {
      if (from >= end) fail('a block ends in the middle of a sequence', from);
      const token = source[from++];
      let literals = token >>> 4;
      if (literals === 15) {
        let byte = 255;
        while (byte === 255) {
          if (from >= end) fail('a block ends in a length', from);
          byte = source[from++];
          literals += byte;
        }
      }
      if (literals > end - from) fail('literals reach beyond their block', from);
      if (literals > outEnd - to) fail('a block grows larger than the frame allows', from);
      if (literals > LONG_COPY) {
        out.set(source.subarray(from, from + literals), to);
        to += literals;
        from += literals;
      } else {
        for (const stop = to + literals; to < stop; ) out[to++] = source[from++];
      }
      // The last sequence has literals only.
      if (from === end) break;
      if (end - from < 2) fail('a block ends in an offset', from);
      const offset = source[from] | (source[from + 1] << 8);
      from += 2;
      let match = (token & 15) + MIN_MATCH;
      if (match === 15 + MIN_MATCH) {
        let byte = 255;
        while (byte === 255) {
          if (from >= end) fail('a block ends in a length', from);
          byte = source[from++];
          match += byte;
        }
      }
      if (offset === 0 || to - offset < oldest) fail('a match points before the beginning', from);
      if (match > outEnd - to) fail('a block grows larger than the frame allows', from);
      let back = to - offset;
      if (match > LONG_COPY && offset >= match) {
        out.copyWithin(to, back, back + match);
        to += match;
      } else {
        for (const stop = to + match; to < stop; ) out[to++] = out[back++];
      }
    }
    this.#end = to;
  }
}

function readHeader(source: Uint8Array, start: number): FrameHeader {
  need(source, start + 4, 3, 'a frame header stands');
  const flags = source[start + 4];
  const blockCode = source[start + 5];
  const sizeBytes = (flags & 8) === 0 ? 0 : 8;
  const dictionaryBytes = (flags & 1) === 0 ? 0 : 4;
  const checkAt = start + 6 + sizeBytes + dictionaryBytes;
  need(source, start, checkAt + 1 - start, 'a frame header stands');
  const check = (xxh32(source.subarray(start + 4, checkAt)) >>> 8) & 0xff;
  if (check !== source[checkAt]) fail('header checksum differs', checkAt);
  if (flags >>> 6 !== 1 || (flags & 2) !== 0 || (blockCode & 0x8f) !== 0) fail('unknown version of LZ4 frames', start);
  if (dictionaryBytes > 0) fail('frames with a dictionary are not supported', start);
  const blockSize = BLOCK_SIZES.get(blockCode >>> 4);
  if (blockSize === undefined) fail('impossible block size', start + 5);
  const contentSize = sizeBytes === 0 ? -1 : u32(source, start + 6) + u32(source, start + 10) * 0x1_0000_0000;
  return {
    independent: (flags & 32) !== 0,
    blockChecksums: (flags & 16) !== 0,
    contentChecksum: (flags & 4) !== 0,
    contentSize,
    blockSize,
    end: checkAt + 1,
  };
}

function isSkippable(magic: number): boolean {
  return (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC;
}

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

function need(source: Uint8Array, at: number, length: number, what: string): void {
  if (length > source.length - at) fail(`the file ends where ${what}`, Math.min(at, source.length));
}

function fail(what: string, offset: number): never {
  throw new ReplaybookError('format', `LZ4: ${what} (byte ${offset})`, { offset });
}
