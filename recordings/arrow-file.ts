/**
 * The columns of an Arrow file of our own, from the bytes of a sealed file (`seal.ts`): uncompressed batches of columns without
 * gaps. So only the places of the buffers have to be found: in the footer's and the batches' flatbuffers (Arrow columnar
 * format 1.5, "IPC file format"). The columns are views on the bytes.
 *
 * Arrow's own reader is not used: it takes longer to load than a file to read, and on a damaged file it believes any count
 * of columns or metadata and goes through thousands of millions of them. Here every offset and length is checked against
 * the file before it is followed; what the columns hold is for the caller to check.
 */
import { ReplaybookError } from '../core/errors.ts';
import { damaged, readLong, root, type Table } from './flatbuffer.ts';
import { footerStart } from './seal.ts';

export interface ArrowFile {
  /** Metadata of the schema by its key. */
  metadata(key: string): string | undefined;
  readonly batchCount: number;
  /** One batch, by its number from 0. */
  batch(index: number): ArrowBatch;
}

export interface ArrowBatch {
  readonly rows: number;
  /** Its columns, to be taken in the schema's order. */
  readonly columns: BatchColumns;
}

/** Hands the file to `take`. Throws `format` where it is not laid out as ours are, also where `take` asks for what it has not. */
export function readArrow<T>(file: Uint8Array, take: (arrow: ArrowFile) => T): T {
  try {
    const footer = root(file, footerStart(file));
    const blocks = footer.vector(3, 24);
    return take({
      metadata: key => metadata(footer.table(1), key),
      batchCount: blocks.length,
      batch: index => batchAt(file, blocks[index]),
    });
  } catch (cause) {
    // A read beyond the file is damage, not a defect of ours.
    if (cause instanceof RangeError) throw new ReplaybookError('format', 'not a readable Arrow file', {}, cause);
    throw cause;
  }
}

type Numbers = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;
interface NumbersOf<T extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
}

/** The buffers of a batch, taken one column after the other. */
export class BatchColumns {
  readonly #places: readonly Span[];
  readonly #body: Uint8Array;
  #taken = 0;

  constructor(places: readonly Span[], body: Uint8Array) {
    this.#places = places;
    this.#body = body;
  }

  /** The next flat column: a validity buffer, which is empty, and the values. */
  next<T extends Numbers>(type: NumbersOf<T>, length: number): T {
    this.#noGaps();
    return this.#values(type, length);
  }

  /** A list of structs begins: validity and offsets of the list, validity of the struct. */
  listOffsets(count: number): Int32Array {
    this.#noGaps();
    const offsets = this.#offsets(count);
    this.#noGaps();
    return offsets;
  }

  /** The next column of byte strings: a validity buffer, which is empty, offsets, and the bytes of all one after the other. */
  binary(count: number): BinaryColumn {
    this.#noGaps();
    const offsets = this.#offsets(count);
    return { offsets, bytes: this.#values(Uint8Array, offsets[count]) };
  }

  #offsets(count: number): Int32Array {
    const offsets = this.#values(Int32Array, count + 1);
    for (let i = 0; i <= count; i++) {
      if (offsets[i] < (i === 0 ? 0 : offsets[i - 1])) damaged('offsets of a list do not ascend');
    }
    return offsets;
  }

  #noGaps(): void {
    if (this.#take().length !== 0) damaged('a column has gaps');
  }

  #values<T extends Numbers>(type: NumbersOf<T>, length: number): T {
    const { start, length: bytes } = this.#take();
    const wanted = length * type.BYTES_PER_ELEMENT;
    if (bytes < wanted || start + wanted > this.#body.length) damaged('a column is shorter than it should be');
    const values = this.#body.subarray(start, start + wanted);
    // The writer aligns columns; only where the file's bytes lie oddly in memory is a copy needed.
    const aligned = values.byteOffset % type.BYTES_PER_ELEMENT === 0 ? values : values.slice();
    return new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, length);
  }

  #take(): Span {
    if (this.#taken >= this.#places.length) damaged('columns are missing');
    return this.#places[this.#taken++];
  }
}

/** Byte strings: number `i` is `bytes` from `offsets[i]` to `offsets[i + 1]`. */
export interface BinaryColumn {
  readonly offsets: Int32Array;
  readonly bytes: Uint8Array;
}

interface Span {
  readonly start: number;
  readonly length: number;
}

function metadata(schema: Table, key: string): string | undefined {
  const wanted = Buffer.from(key);
  return schema
    .tables(2)
    .find(entry => entry.text(0).equals(wanted))
    ?.text(1)
    .toString('utf8');
}

const RECORD_BATCH = 3;
const CONTINUATION = 0xffff_ffff;

/** The batch whose block stands at this place of the footer. */
function batchAt(file: Uint8Array, block: number): ArrowBatch {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = readLong(view, block);
  const bodyStart = start + view.getInt32(block + 8, true);
  const bodyEnd = bodyStart + readLong(view, block + 16);
  const message = root(file, start + 8);
  const isBatch = view.getUint32(start, true) === CONTINUATION && message.byte(1) === RECORD_BATCH;
  if (!isBatch || bodyEnd > file.length) damaged('the batch is not where it should be');
  const batch = message.table(2);
  if (batch.has(3)) damaged('the columns are compressed');
  const places = batch.vector(2, 16).map(at => ({ start: readLong(view, at), length: readLong(view, at + 8) }));
  return { rows: batch.long(0), columns: new BatchColumns(places, file.subarray(bodyStart, bodyEnd)) };
}
