/** A trace as the bytes of one sealed Arrow file, which any Arrow program can read. */
import type { Data, DataType, Schema } from 'apache-arrow';
import { ReplaybookError } from '../../core/errors.ts';
import { type Arrow, binaryData, flatData, listData } from '../../recordings/arrow-data.ts';
import { sealArrow } from '../../recordings/seal.ts';
import { NUMBER_NAMES, rowCount, type Trace, type TraceBatch } from './trace.ts';
import { traceIdentity } from './trace-identity.ts';
import { TRACE_FORMAT_VERSION, traceSchema } from './trace-schema.ts';

export interface EncodedTrace {
  readonly bytes: Uint8Array;
  readonly identity: string;
}

/**
 * `program`: the version of the program that ran. `facts`: what else belongs to the trace, and is given back when the file is read;
 * throws `internal` where JSON would make something else of a number in it.
 */
export function encodeTrace(arrow: Arrow, trace: Trace, program: string, facts: unknown): EncodedTrace {
  const meta = JSON.stringify(
    { version: TRACE_FORMAT_VERSION, program, rows: rowCount(trace), start: trace.start, facts },
    onlyFinite,
  );
  const identity = traceIdentity(meta, trace.batches);
  const schema = traceSchema(arrow, meta, identity);
  const batches = trace.batches.map(batch => {
    const data = new arrow.Data(
      new arrow.Struct(schema.fields),
      0,
      batch.rows,
      0,
      undefined,
      children(arrow, schema, batch),
    );
    return new arrow.RecordBatch(schema, data);
  });
  const file = arrow.RecordBatchFileWriter.writeAll(new arrow.Table(schema, batches)).toUint8Array(true);
  return { bytes: sealArrow(file), identity };
}

function onlyFinite(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new ReplaybookError('internal', `a trace cannot hold ${value} as ${key}`);
}

function children(arrow: Arrow, schema: Schema, { numbers, metrics, payload, account }: TraceBatch): Data[] {
  const types: DataType[] = schema.fields.map(field => field.type);
  const [metricsType, payloadType, accountType] = types.slice(NUMBER_NAMES.length);
  return [
    ...NUMBER_NAMES.map((name, index) => flatData(arrow, types[index], numbers[name])),
    listData(arrow, metricsType, metrics.offsets, [metrics.metric, metrics.value]),
    binaryData(arrow, payloadType, payload),
    binaryData(arrow, accountType, account),
  ];
}
