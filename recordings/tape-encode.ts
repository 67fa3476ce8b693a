/** A tape as the bytes of one Arrow IPC file with one record batch. Columns are taken as they are, without a copy. */
import type { DataType } from 'apache-arrow';
import type { Arrow } from './arrow-data.ts';
import { flatData, listData } from './arrow-data.ts';
import type { Column } from './byte-order.ts';
import { frameCount, type Tape, TRADES } from './tape.ts';
import { tapeSchema } from './tape-schema.ts';

export function encodeTape(arrow: Arrow, tape: Tape): Uint8Array {
  const { frames, levels, trades } = tape;
  const count = frameCount(tape);
  const schema = tapeSchema(arrow, tape);
  const flatColumns: Column[] = [
    frames.recvNs,
    frames.exchNs,
    frames.kind,
    frames.feed,
    frames.instrument,
    frames.flags,
    frames.updateId,
    frames.previousUpdateId,
    tape.exchangeOrder,
  ];
  const levelColumns = [levels.side, levels.priceTicks, levels.sizeLots, levels.orders];
  const tradeColumns = [trades.aggressor, trades.priceTicks, trades.sizeLots, trades.tradeId, trades.exchNs];
  const types: DataType[] = schema.fields.map(field => field.type);
  const [levelsType, tradesType] = types.slice(flatColumns.length);
  const children = flatColumns.map((column, i) => flatData(arrow, types[i], column));
  children.push(listData(arrow, levelsType, listOffsets(tape, false), levelColumns));
  children.push(listData(arrow, tradesType, listOffsets(tape, true), tradeColumns));
  const rows = new arrow.Data(new arrow.Struct(schema.fields), 0, count, 0, undefined, children);
  const table = new arrow.Table(schema, [new arrow.RecordBatch(schema, rows)]);
  return arrow.RecordBatchFileWriter.writeAll(table).toUint8Array(true);
}

/** Where each frame's rows begin in the level (or trade) columns, and after the last frame their end. */
function listOffsets(tape: Tape, ofTrades: boolean): Int32Array {
  const { kind, rowCount } = tape.frames;
  const offsets = new Int32Array(kind.length + 1);
  for (let frame = 0; frame < kind.length; frame++) {
    offsets[frame + 1] = offsets[frame] + ((kind[frame] === TRADES) === ofTrades ? rowCount[frame] : 0);
  }
  return offsets;
}
