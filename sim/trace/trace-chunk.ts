/** Rows of a trace while it is written. A trace is a list of these, so that a long one grows without being copied. */
import { ReplaybookError } from '../../core/errors.ts';
import type { BinaryColumn } from '../../recordings/arrow-file.ts';
import { NUMBER_NAMES, NUMBERS, type Numbers, type TraceBatch } from './trace.ts';

/** Rows of one chunk: 0.8 MiB of numbers. */
const CHUNK_ROWS = 16_384;
/** A chunk that holds more payload than this is full as well: offsets are int32. */
const CHUNK_BYTES = 1 << 26;

export class TraceChunk {
  rows = 0;
  readonly #numbers: Numbers = columns(CHUNK_ROWS);
  readonly #metricOffsets = new Int32Array(CHUNK_ROWS + 1);
  #metric = new Uint16Array(4_096);
  #value = new Float64Array(4_096);
  #metrics = 0;
  readonly #payload = new ByteStrings();
  readonly #account = new ByteStrings();

  get isFull(): boolean {
    return this.rows === CHUNK_ROWS || this.#payload.bytes + this.#account.bytes > CHUNK_BYTES;
  }

  /** Sets a number of the open row. Throws `internal` where the column cannot hold it as it is. */
  set(name: keyof Numbers, value: number): void {
    const column = this.#numbers[name];
    column[this.rows] = value;
    if (!Object.is(column[this.rows], value)) {
      throw new ReplaybookError('internal', `a trace cannot hold ${value} as ${name}`);
    }
  }

  /** A metric that has changed by the open row. */
  addMetric(metric: number, value: number): void {
    if (this.#metrics === this.#metric.length) {
      this.#metric = doubled(this.#metric, new Uint16Array(2 * this.#metrics));
      this.#value = doubled(this.#value, new Float64Array(2 * this.#metrics));
    }
    this.#metric[this.#metrics] = metric;
    this.#value[this.#metrics++] = value;
  }

  endRow(payload: Uint8Array, account: Uint8Array): void {
    this.#payload.add(this.rows, payload);
    this.#account.add(this.rows, account);
    this.#metricOffsets[++this.rows] = this.#metrics;
  }

  /** The rows so far, as views. */
  batch(): TraceBatch {
    const { rows } = this;
    const numbers = NUMBER_NAMES.map(name => [name, this.#numbers[name].subarray(0, rows)]);
    return {
      rows,
      numbers: Object.fromEntries(numbers) as Numbers,
      metrics: {
        offsets: this.#metricOffsets.subarray(0, rows + 1),
        metric: this.#metric.subarray(0, this.#metrics),
        value: this.#value.subarray(0, this.#metrics),
      },
      payload: this.#payload.column(rows),
      account: this.#account.column(rows),
    };
  }

  /** A chunk with these rows, to be written on. */
  static of(batch: TraceBatch): TraceChunk {
    const chunk = new TraceChunk();
    chunk.rows = batch.rows;
    for (const name of NUMBER_NAMES) chunk.#numbers[name].set(batch.numbers[name]);
    chunk.#metricOffsets.set(batch.metrics.offsets);
    for (const [at, metric] of batch.metrics.metric.entries()) chunk.addMetric(metric, batch.metrics.value[at]);
    chunk.#payload.restore(batch.payload);
    chunk.#account.restore(batch.account);
    return chunk;
  }
}

/** Byte strings, one a row. */
class ByteStrings {
  readonly #offsets = new Int32Array(CHUNK_ROWS + 1);
  #all = new Uint8Array(65_536);
  bytes = 0;

  add(row: number, part: Uint8Array): void {
    const end = this.bytes + part.length;
    if (end > this.#all.length) this.#all = doubled(this.#all, new Uint8Array(2 * end));
    this.#all.set(part, this.bytes);
    this.bytes = end;
    this.#offsets[row + 1] = end;
  }

  column(rows: number): BinaryColumn {
    return { offsets: this.#offsets.subarray(0, rows + 1), bytes: this.#all.subarray(0, this.bytes) };
  }

  restore({ offsets, bytes }: BinaryColumn): void {
    this.#offsets.set(offsets);
    this.#all = new Uint8Array(Math.max(65_536, bytes.length));
    this.#all.set(bytes);
    this.bytes = bytes.length;
  }
}

function columns(rows: number): Numbers {
  return Object.fromEntries(NUMBER_NAMES.map(name => [name, new NUMBERS[name](rows)])) as unknown as Numbers;
}

/** The larger column, with what the smaller one holds. */
function doubled<T extends Uint8Array | Uint16Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
