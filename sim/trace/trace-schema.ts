/**
 * The Arrow schema of a trace file: one row a call, in batches. What a trace is beside its rows stands in the schema's
 * metadata, as JSON.
 */
import type { DataType, Field, Schema } from 'apache-arrow';
import { type Arrow, fullField } from '../../recordings/arrow-data.ts';
import { NUMBER_NAMES, NUMBERS } from './trace.ts';

/** Raised when the columns, the hooks or their meaning change. */
export const TRACE_FORMAT_VERSION = 1;
/** Keys in the schema's metadata: what the trace is, and the hash of that and of the rows. */
export const META_KEY = 'replaybook.trace';
export const IDENTITY_KEY = 'replaybook.trace.identity';

/** The columns in order. `trace-decode.ts` takes them in the same. */
export function traceSchema(arrow: Arrow, meta: string, identity: string): Schema {
  const field = (name: string, type: DataType): Field => fullField(arrow, name, type);
  const change = [field('metric', new arrow.Uint16()), field('value', new arrow.Float64())];
  return new arrow.Schema(
    [
      ...NUMBER_NAMES.map(name => field(name, numberType(arrow, NUMBERS[name]))),
      field('metrics', new arrow.List(field('item', new arrow.Struct(change)))),
      field('payload', new arrow.Binary()),
      field('account', new arrow.Binary()),
    ],
    new Map([
      [META_KEY, meta],
      [IDENTITY_KEY, identity],
    ]),
  );
}

function numberType(arrow: Arrow, column: (typeof NUMBERS)[keyof typeof NUMBERS]): DataType {
  switch (column) {
    case Uint8Array:
      return new arrow.Uint8();
    case Uint16Array:
      return new arrow.Uint16();
    case Uint32Array:
      return new arrow.Uint32();
    case Int32Array:
      return new arrow.Int32();
    default:
      return new arrow.Float64();
  }
}
