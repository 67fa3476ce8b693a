/**
 * The Arrow schema of a tape file: one row a frame, levels and trades as lists of structs, whose offsets are the frames'
 * (first row, count). All that a tape is beside its columns stands in the schema's metadata, as JSON.
 */
import type { DataType, Field, Schema } from 'apache-arrow';
import { type Arrow, fullField } from './arrow-data.ts';
import type { Tape } from './tape.ts';

/** Raised when the columns or their meaning change. */
export const TAPE_FORMAT_VERSION = 1;
/** Key in the schema's metadata. */
export const META_KEY = 'replaybook.tape';

/** The columns in order. `tape-decode.ts` takes them in the same. */
export function tapeSchema(arrow: Arrow, tape: Tape): Schema {
  const { Float64, Int32, Struct, Uint16, Uint32, Uint8 } = arrow;
  const field = (name: string, type: DataType): Field => fullField(arrow, name, type);
  const listOf = (fields: Field[]): DataType => new arrow.List(field('item', new Struct(fields)));
  const levels = listOf([
    field('side', new Uint8()),
    field('priceTicks', new Int32()),
    field('sizeLots', new Float64()),
    field('orders', new Uint32()),
  ]);
  const trades = listOf([
    field('aggressor', new Uint8()),
    field('priceTicks', new Int32()),
    field('sizeLots', new Float64()),
    field('tradeId', new Float64()),
    field('exchNs', new Float64()),
  ]);
  const { name, identity, originNs, source, instruments } = tape;
  const meta = { version: TAPE_FORMAT_VERSION, name, identity, originNs, source, instruments };
  return new arrow.Schema(
    [
      field('recvNs', new Float64()),
      field('exchNs', new Float64()),
      field('kind', new Uint8()),
      field('feed', new Uint8()),
      field('instrument', new Uint16()),
      field('flags', new Uint8()),
      field('updateId', new Float64()),
      field('previousUpdateId', new Float64()),
      field('exchangeOrder', new Uint32()),
      field('levels', levels),
      field('trades', trades),
    ],
    new Map([[META_KEY, JSON.stringify(meta)]]),
  );
}
