/**
 * Reads flatbuffers (flatbuffers.dev, "Internals"), in which Arrow files describe themselves, in place and with nothing made
 * of them. Every length is checked against the file before it is followed; a read beyond the file is a RangeError.
 */
import { ReplaybookError } from '../core/errors.ts';

/** A table of a flatbuffer: fields by their number. */
export class Table {
  readonly #view: DataView;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#vtable = at - view.getInt32(at, true);
    this.#vtableBytes = view.getUint16(this.#vtable, true);
  }

  /** Place of a field in the file, 0 where it is left out. */
  #field(number: number): number {
    const entry = 4 + 2 * number;
    const offset = entry < this.#vtableBytes ? this.#view.getUint16(this.#vtable + entry, true) : 0;
    return offset === 0 ? 0 : this.#at + offset;
  }

  #target(number: number): number {
    const field = this.#field(number);
    if (field === 0) damaged('a part is missing');
    return field + this.#view.getUint32(field, true);
  }

  has(number: number): boolean {
    return this.#field(number) !== 0;
  }

  byte(number: number): number {
    const field = this.#field(number);
    return field === 0 ? 0 : this.#view.getUint8(field);
  }

  long(number: number): number {
    const field = this.#field(number);
    return field === 0 ? 0 : readLong(this.#view, field);
  }

  table(number: number): Table {
    return new Table(this.#view, this.#target(number));
  }

  /** Places of a vector's elements, each of `elementBytes`. */
  vector(number: number, elementBytes: number): number[] {
    const start = this.#target(number);
    const length = this.#view.getUint32(start, true);
    if (start + 4 + length * elementBytes > this.#view.byteLength) damaged('a vector is longer than the file');
    return Array.from({ length }, (_, index) => start + 4 + index * elementBytes);
  }

  tables(number: number): Table[] {
    return this.vector(number, 4).map(at => new Table(this.#view, at + this.#view.getUint32(at, true)));
  }

  /** The bytes of a text: a view. */
  text(number: number): Buffer {
    const start = this.#target(number);
    const length = this.#view.getUint32(start, true);
    if (start + 4 + length > this.#view.byteLength) damaged('a text is longer than the file');
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + start + 4, length);
  }
}

/** The table that a flatbuffer at this place of the file is made of. */
export function root(file: Uint8Array, start: number): Table {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return new Table(view, start + view.getUint32(start, true));
}

/** A 64-bit length or offset. None that is larger than a file can be is believed. */
export function readLong(view: DataView, at: number): number {
  const high = view.getInt32(at + 4, true);
  const value = high * 4_294_967_296 + view.getUint32(at, true);
  if (high < 0 || value > Number.MAX_SAFE_INTEGER) damaged('impossible length');
  return value;
}

/** Throws `format`. */
export function damaged(what: string): never {
  throw new ReplaybookError('format', what);
}
