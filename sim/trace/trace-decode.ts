/**
 * A trace from the bytes of a sealed file, which are as they left `trace-encode.ts`. The columns are views on the bytes. That
 * they are those that were written is made sure of by the identity; that each number stands for something, row by row.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { FEEDS } from '../../core/market.ts';
import { type ArrowBatch, type ArrowFile, readArrow } from '../../recordings/arrow-file.ts';
import { integerAt, objectAt } from '../../recordings/decode/json.ts';
import { instrumentsAt } from '../../recordings/tape-meta.ts';
import { HOOKS, MESSAGES } from './hooks.ts';
import { NUMBER_NAMES, NUMBERS, type Numbers, type Trace, type TraceBatch, type TraceStart } from './trace.ts';
import { traceIdentity } from './trace-identity.ts';
import { IDENTITY_KEY, META_KEY, TRACE_FORMAT_VERSION } from './trace-schema.ts';

export interface StoredTrace {
  readonly trace: Trace;
  readonly identity: string;
  readonly facts: unknown;
}

/** Throws `format` where the file is no trace, is damaged, or was written by another version than `program`. */
export function decodeTrace(file: Uint8Array, program: string): StoredTrace {
  return readArrow(file, arrow => decode(arrow, program));
}

function decode(arrow: ArrowFile, program: string): StoredTrace {
  const text = arrow.metadata(META_KEY);
  if (text === undefined) throw new ReplaybookError('format', 'an Arrow file, but not a Replaybook trace');
  const meta = objectAt(parsed(text), 'metadata');
  checkVersion(meta.version, meta.program, program);
  const start = startAt(meta.start);
  const batches = batchesOf(arrow, integerAt(meta.rows, 'rows'));
  const identity = traceIdentity(text, batches);
  if (identity !== arrow.metadata(IDENTITY_KEY)) {
    throw new ReplaybookError('format', 'the rows are not those that the stored identity was made of');
  }
  batches.reduce((before, batch) => checkRows(batch, before, start), 0);
  return { trace: { start, batches }, identity, facts: meta.facts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReplaybookError('format', 'the metadata is no JSON', {}, cause);
  }
}

function checkVersion(version: unknown, by: unknown, program: string): void {
  if (version === TRACE_FORMAT_VERSION && by === program) return;
  const formats =
    version === TRACE_FORMAT_VERSION ? '' : ` (trace format ${version}, known is ${TRACE_FORMAT_VERSION})`;
  throw new ReplaybookError(
    'format',
    `written by version ${by} of the program, and this is ${program}${formats}: use that version, or run the scenario again`,
  );
}

function startAt(value: unknown): TraceStart {
  const start = objectAt(value, 'start');
  if (typeof start.hasAccountView !== 'boolean') {
    throw new ReplaybookError('format', 'start.hasAccountView is not a boolean');
  }
  return {
    instruments: instrumentsAt(start.instruments, 'start.instruments'),
    fromNs: integerAt(start.fromNs, 'start.fromNs'),
    toNs: integerAt(start.toNs, 'start.toNs'),
    healNs: integerAt(start.healNs, 'start.healNs'),
    metricCount: integerAt(start.metricCount, 'start.metricCount', 65_536),
    hasAccountView: start.hasAccountView,
  };
}

/** Every batch has a row, so there are no more batches than rows. */
function batchesOf(arrow: ArrowFile, rows: number): TraceBatch[] {
  const batches: TraceBatch[] = [];
  let read = 0;
  while (read < rows) {
    if (batches.length === arrow.batchCount) throw new ReplaybookError('format', 'rows are missing');
    const batch = arrow.batch(batches.length);
    if (batch.rows < 1) throw new ReplaybookError('format', 'a batch without rows');
    batches.push(batchOf(batch));
    read += batch.rows;
  }
  if (read !== rows || batches.length !== arrow.batchCount) throw new ReplaybookError('format', 'too many rows');
  return batches;
}

function batchOf({ rows, columns }: ArrowBatch): TraceBatch {
  const numbers = NUMBER_NAMES.map(name => [name, columns.next<Numbers[typeof name]>(NUMBERS[name], rows)]);
  const offsets = columns.listOffsets(rows);
  const changes = offsets[rows];
  const metrics = {
    offsets,
    metric: columns.next(Uint16Array, changes),
    value: columns.next(Float64Array, changes),
  };
  const payload = columns.binary(rows);
  const account = columns.binary(rows);
  return { rows, numbers: Object.fromEntries(numbers) as Numbers, metrics, payload, account };
}

/** Checks what is an index into something. `before`: rows of the batches before; answers those with this one. */
function checkRows({ rows, numbers, metrics }: TraceBatch, before: number, start: TraceStart): number {
  const { hook, feed, message, instrument } = numbers;
  const { length } = start.instruments;
  for (let row = 0; row < rows; row++) {
    if (hook[row] >= HOOKS.length) fail(before + row, `unknown hook ${hook[row]}`);
    if (feed[row] >= FEEDS.length) fail(before + row, `unknown feed ${feed[row]}`);
    if (message[row] >= MESSAGES.length) fail(before + row, `unknown message ${message[row]}`);
    if (instrument[row] >= length) fail(before + row, `unknown instrument ${instrument[row]}`);
  }
  if (metrics.metric.some(metric => metric >= start.metricCount)) fail(before, 'unknown metric');
  return before + rows;
}

function fail(row: number, what: string): never {
  throw new ReplaybookError('format', `row ${row}: ${what}`);
}
