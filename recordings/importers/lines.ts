/**
 * Cuts pieces of bytes into lines. A line that lies within one piece is handed out in place; only one that spans pieces is
 * put together in a buffer. The last line needs no line feed.
 */
import { ReplaybookError } from '../../core/errors.ts';

/**
 * Longer lines are no recording: the largest message known, a 1000-level snapshot, has 40 kB. What a parser makes of a line
 * is some ten times as large as the line.
 */
export const MAX_LINE_BYTES = 4_194_304;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class LineSplitter {
  readonly #onLine: (bytes: Uint8Array, start: number, end: number) => void;
  /** A Buffer, as the pieces are: what reads the lines is compiled for one kind of array, and anew where it meets another. */
  #carry = Buffer.alloc(4_096);
  #carried = 0;
  #lines = 0;

  constructor(onLine: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    // A Buffer finds a byte several times as fast as a plain Uint8Array.
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    let end = piece.indexOf(LINE_FEED);
    if (this.#carried > 0 && end !== -1) {
      this.#keep(piece, 0, end);
      this.#flush();
      start = end + 1;
      end = piece.indexOf(LINE_FEED, start);
    }
    while (end !== -1) {
      this.#line(piece, start, end);
      start = end + 1;
      end = piece.indexOf(LINE_FEED, start);
    }
    this.#keep(piece, start, piece.length);
  }

  /** No more pieces come. */
  end(): void {
    if (this.#carried > 0) this.#flush();
  }

  #keep(piece: Uint8Array, start: number, end: number): void {
    const length = this.#carried + end - start;
    this.#limit(length);
    if (length > this.#carry.length) {
      const larger = Buffer.alloc(Math.max(length, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(piece.subarray(start, end), this.#carried);
    this.#carried = length;
  }

  #flush(): void {
    const length = this.#carried;
    this.#carried = 0;
    this.#line(this.#carry, 0, length);
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    this.#limit(end - start);
    this.#lines++;
    this.#onLine(bytes, start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
  }

  #limit(length: number): void {
    if (length <= MAX_LINE_BYTES) return;
    const line = this.#lines + 1;
    throw new ReplaybookError('format', `line ${line} is longer than ${MAX_LINE_BYTES} bytes`, { line });
  }
}
