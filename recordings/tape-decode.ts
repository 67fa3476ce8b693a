/**
 * A tape from the bytes of an Arrow IPC file. Columns are views on the bytes; where a writer did not align them, Arrow
 * copies. Only what Arrow itself needs is checked here; `tape-check.ts` does the rest.
 */
import type { Data, Table } from 'apache-arrow';
import { ReplaybookError } from '../core/errors.ts';
import { type FrameColumns, type Tape, TRADES } from './tape.ts';
import { readTapeMeta } from './tape-meta.ts';
import { type Arrow, META_KEY, TAPE_COLUMNS } from './tape-schema.ts';

/** Throws `format` where the bytes are no Arrow file with a tape's columns. */
export function decodeTape(arrow: Arrow, bytes: Uint8Array): Tape {
  const table = readTable(arrow, bytes);
  const meta = readTapeMeta(table.schema.metadata.get(META_KEY));
  const columns = tableColumns(table);
  const count = table.numRows;
  const float64 = (name: string): Float64Array => values(columns, name, Float64Array, count);
  const uint8 = (name: string): Uint8Array => values(columns, name, Uint8Array, count);
  const kind = uint8('kind');
  const levels = list(columns, 'levels', count);
  const trades = list(columns, 'trades', count);
  const frames: FrameColumns = {
    recvNs: float64('recvNs'),
    exchNs: float64('exchNs'),
    kind,
    feed: uint8('feed'),
    instrument: values(columns, 'instrument', Uint16Array, count),
    flags: uint8('flags'),
    updateId: float64('updateId'),
    previousUpdateId: float64('previousUpdateId'),
    ...rowRanges(kind, levels.offsets, trades.offsets),
  };
  return {
    ...meta,
    frames,
    levels: {
      side: values(levels.columns, 'side', Uint8Array, levels.rows),
      priceTicks: values(levels.columns, 'priceTicks', Int32Array, levels.rows),
      sizeLots: values(levels.columns, 'sizeLots', Float64Array, levels.rows),
      orders: values(levels.columns, 'orders', Uint32Array, levels.rows),
    },
    trades: {
      aggressor: values(trades.columns, 'aggressor', Uint8Array, trades.rows),
      priceTicks: values(trades.columns, 'priceTicks', Int32Array, trades.rows),
      sizeLots: values(trades.columns, 'sizeLots', Float64Array, trades.rows),
      tradeId: values(trades.columns, 'tradeId', Float64Array, trades.rows),
      exchNs: values(trades.columns, 'exchNs', Float64Array, trades.rows),
    },
    exchangeOrder: values(columns, 'exchangeOrder', Uint32Array, count),
  };
}

type Columns = ReadonlyMap<string, Data>;

function readTable(arrow: Arrow, bytes: Uint8Array): Table {
  try {
    return arrow.tableFromIPC(bytes);
  } catch (cause) {
    throw new ReplaybookError('format', 'not a readable Arrow file', {}, cause);
  }
}

/** The columns by name, when they are exactly those of a tape. */
function tableColumns(table: Table): Columns {
  const [batch, ...others] = table.batches;
  if (batch === undefined || others.length > 0 || table.numRows === 0) {
    throw new ReplaybookError('format', 'a tape has exactly one record batch, with frames');
  }
  const { fields } = table.schema;
  const columns = new Map<string, Data>();
  for (const [index, [name, type]] of TAPE_COLUMNS.entries()) {
    const found = index < fields.length ? `${fields[index].name}: ${String(fields[index].type)}` : 'nothing';
    if (found !== `${name}: ${type}`) {
      throw new ReplaybookError('format', `column ${index} should be ${name}: ${type}, but is ${found}`);
    }
    columns.set(name, batch.data.children[index]);
  }
  if (fields.length !== TAPE_COLUMNS.length) throw new ReplaybookError('format', 'more columns than a tape has');
  return columns;
}

/** One flat column of `length` values. */
function values<T extends { readonly length: number; subarray(start: number, end: number): T }>(
  columns: Columns,
  name: string,
  type: new () => T,
  length: number,
): T {
  const data = columns.get(name);
  const column: unknown = data?.values;
  if (data === undefined || !(column instanceof type)) throw new ReplaybookError('format', `column ${name} is missing`);
  if (data.nullCount !== 0 || data.offset !== 0 || data.length !== length || column.length < length) {
    throw new ReplaybookError('format', `column ${name} has gaps, or not ${length} values`);
  }
  return column.subarray(0, length);
}

/** A column of lists: offsets, one more than there are frames, and the columns that they point into. */
function list(columns: Columns, name: string, count: number): { offsets: Int32Array; rows: number; columns: Columns } {
  const data = columns.get(name);
  const offsets: unknown = data?.valueOffsets;
  if (data === undefined || !(offsets instanceof Int32Array) || data.nullCount !== 0 || offsets.length <= count) {
    throw new ReplaybookError('format', `column ${name} has no offsets, or gaps`);
  }
  for (let frame = 0; frame <= count; frame++) {
    const before = frame === 0 ? 0 : offsets[frame - 1];
    if (offsets[frame] < before || (frame === 0 && offsets[0] !== 0)) {
      throw new ReplaybookError('format', `column ${name}, frame ${frame}: offsets do not ascend from 0`);
    }
  }
  const [rows] = data.children;
  const fields = rows.type.children;
  return {
    offsets,
    rows: offsets[count],
    columns: new Map(rows.children.map((child, index) => [fields[index].name, child])),
  };
}

/** A frame's rows are those of the table that its kind says; it has none in the other. */
export function rowRanges(
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
