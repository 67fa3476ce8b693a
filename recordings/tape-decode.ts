/**
 * A tape from the bytes of a sealed file (`seal.ts`), which are as they left `tape-encode.ts`: its columns are those of
 * `tape-schema.ts`, in that order, in one uncompressed batch. So only the places of the buffers have to be found: in the
 * footer's and the batch's flatbuffers (Arrow columnar format 1.5, "IPC file format"). The columns are views on the bytes.
 *
 * Arrow's own reader is not used: it takes longer to load than a tape to read, and on a damaged file it believes any count
 * of columns or metadata and goes through thousands of millions of them. Here every offset and length is checked against
 * the file before it is followed; what the columns hold is checked by `tape-check.ts` and against the identity.
 */
import { ReplaybookError } from '../core/errors.ts';
import { damaged, readLong, root, type Table } from './flatbuffer.ts';
import { footerStart } from './seal.ts';
import { type FrameColumns, type Tape, TRADES } from './tape.ts';
import { readTapeMeta } from './tape-meta.ts';
import { META_KEY } from './tape-schema.ts';

/** Throws `format` where the file is not laid out as ours are. */
export function decodeTape(file: Uint8Array): Tape {
  try {
    return decode(file);
  } catch (cause) {
    // A read beyond the file is damage, not a defect of ours.
    if (cause instanceof RangeError) throw new ReplaybookError('format', 'not a readable Arrow file', {}, cause);
    throw cause;
  }
}

function decode(file: Uint8Array): Tape {
  const footer = root(file, footerStart(file));
  const schema = footer.table(1);
  const meta = readTapeMeta(metadata(schema));
  const batch = onlyBatch(file, footer);
  const columns = new BatchColumns(batch.buffers, batch.body);
  const count = batch.rows;
  const recvNs = columns.next(Float64Array, count);
  const exchNs = columns.next(Float64Array, count);
  const kind = columns.next(Uint8Array, count);
  const feed = columns.next(Uint8Array, count);
  const instrument = columns.next(Uint16Array, count);
  const flags = columns.next(Uint8Array, count);
  const updateId = columns.next(Float64Array, count);
  const previousUpdateId = columns.next(Float64Array, count);
  const exchangeOrder = columns.next(Uint32Array, count);
  const levelOffsets = columns.listOffsets(count);
  const levelRows = levelOffsets[count];
  const levels = {
    side: columns.next(Uint8Array, levelRows),
    priceTicks: columns.next(Int32Array, levelRows),
    sizeLots: columns.next(Float64Array, levelRows),
    orders: columns.next(Uint32Array, levelRows),
  };
  const tradeOffsets = columns.listOffsets(count);
  const tradeRows = tradeOffsets[count];
  const trades = {
    aggressor: columns.next(Uint8Array, tradeRows),
    priceTicks: columns.next(Int32Array, tradeRows),
    sizeLots: columns.next(Float64Array, tradeRows),
    tradeId: columns.next(Float64Array, tradeRows),
    exchNs: columns.next(Float64Array, tradeRows),
  };
  const rows = rowRanges(kind, levelOffsets, tradeOffsets);
  const frames = { recvNs, exchNs, kind, feed, instrument, flags, updateId, previousUpdateId, ...rows };
  return { ...meta, frames, levels, trades, exchangeOrder };
}

type Numbers = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;
interface NumbersOf<T extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): T;
}

/** The buffers of a batch, taken one column after the other. */
class BatchColumns {
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
    const offsets = this.#values(Int32Array, count + 1);
    this.#noGaps();
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

interface Span {
  readonly start: number;
  readonly length: number;
}

/** The metadata that says what the tape is. */
function metadata(schema: Table): string | undefined {
  const key = Buffer.from(META_KEY);
  return schema
    .tables(2)
    .find(entry => entry.text(0).equals(key))
    ?.text(1)
    .toString('utf8');
}

const RECORD_BATCH = 3;
const CONTINUATION = 0xffff_ffff;

function onlyBatch(file: Uint8Array, footer: Table): { rows: number; buffers: Span[]; body: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const blocks = footer.vector(3, 24);
  if (blocks.length !== 1) damaged('a tape has exactly one record batch');
  const start = readLong(view, blocks[0]);
  const bodyStart = start + view.getInt32(blocks[0] + 8, true);
  const bodyEnd = bodyStart + readLong(view, blocks[0] + 16);
  const message = root(file, start + 8);
  const isBatch = view.getUint32(start, true) === CONTINUATION && message.byte(1) === RECORD_BATCH;
  if (!isBatch || bodyEnd > file.length) damaged('the batch is not where it should be');
  const batch = message.table(2);
  if (batch.has(3)) damaged('the columns are compressed');
  const buffers = batch.vector(2, 16).map(at => ({ start: readLong(view, at), length: readLong(view, at + 8) }));
  return { rows: batch.long(0), buffers, body: file.subarray(bodyStart, bodyEnd) };
}

/** A frame's rows are those of the table that its kind says; it has none in the other. */
function rowRanges(
  kind: Uint8Array,
  levels: Int32Array,
  trades: Int32Array,
): Pick<FrameColumns, 'firstRow' | 'rowCount'> {
  const firstRow = new Int32Array(kind.length);
  const rowCount = new Int32Array(kind.length);
  for (let frame = 0; frame < kind.length; frame++) {
    const [own, other] = kind[frame] === TRADES ? [trades, levels] : [levels, trades];
    if (other[frame + 1] !== other[frame]) {
      throw new ReplaybookError('format', `frame ${frame}: rows of the wrong kind`);
    }
    firstRow[frame] = own[frame];
    rowCount[frame] = own[frame + 1] - own[frame];
  }
  return { firstRow, rowCount };
}
