/**
 * A tape from the bytes of a sealed file (`seal.ts`), which are as they left `tape-encode.ts`: its columns are those of
 * `tape-schema.ts`, in that order, in one batch. The columns are views on the bytes; what they hold is checked by
 * `tape-check.ts` and against the identity.
 */
import { ReplaybookError } from '../core/errors.ts';
import { type ArrowFile, readArrow } from './arrow-file.ts';
import { damaged } from './flatbuffer.ts';
import { type FrameColumns, type Tape, TRADES } from './tape.ts';
import { readTapeMeta } from './tape-meta.ts';
import { META_KEY } from './tape-schema.ts';

/** Throws `format` where the file is not laid out as ours are. */
export function decodeTape(file: Uint8Array): Tape {
  return readArrow(file, decode);
}

function decode(arrow: ArrowFile): Tape {
  const meta = readTapeMeta(arrow.metadata(META_KEY));
  if (arrow.batchCount !== 1) damaged('a tape has exactly one record batch');
  const { rows: count, columns } = arrow.batch(0);
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
