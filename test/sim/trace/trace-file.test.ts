import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { createCore } from '../../../core/core.ts';
import { samplePath } from '../../../recordings/samples/samples.ts';
import { sealArrow } from '../../../recordings/seal.ts';
import { readTape } from '../../../recordings/tape-file.ts';
import { Simulation } from '../../../sim/simulate.ts';
import { HOOK } from '../../../sim/trace/hooks.ts';
import { columnsOf, NUMBER_NAMES, type Trace, type TraceBatch } from '../../../sim/trace/trace.ts';
import { decodeTrace } from '../../../sim/trace/trace-decode.ts';
import { driveTrace } from '../../../sim/trace/trace-driver.ts';
import { encodeTrace } from '../../../sim/trace/trace-encode.ts';
import { readTrace } from '../../../sim/trace/trace-file.ts';
import { TraceRecorder } from '../../../sim/trace/trace-recorder.ts';
import { formatError, tempFolder, writeTemp } from '../../recordings/support.ts';
import { S, syntheticRun } from './support.ts';

const folder = tempFolder();
const recorder = new TraceRecorder();
new Simulation({ ...syntheticRun('busy', []), toNs: 5 * S, healNs: 4 * S }, [recorder], createCore).run();
const trace = recorder.trace();
const { bytes } = encodeTrace(arrow, trace, '1.0.0', { title: 'A run — with “quotes”' });

/** The file of the trace with changed columns. */
function changed(change: (batch: TraceBatch) => void): Uint8Array {
  const other: Trace = structuredClone(trace);
  change(other.batches[0]);
  return encodeTrace(arrow, other, '1.0.0', null).bytes;
}

describe('a trace file', () => {
  it('gives back what it was made of, wherever its bytes lie in memory', () => {
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    for (const file of [bytes, shifted.subarray(1)]) {
      const stored = decodeTrace(file, '1.0.0');
      expect(stored.facts).toEqual({ title: 'A run — with “quotes”' });
      expect(stored.trace.start).toEqual(trace.start);
      expect(stored.trace.batches.map(columnsOf)).toEqual(trace.batches.map(columnsOf));
    }
  });

  it('is read by any Arrow program, but one that such a program wrote again is refused', async () => {
    const table = arrow.tableFromIPC(bytes);
    expect(table.numRows).toBe(trace.batches[0].rows);
    expect(table.schema.names).toEqual([...NUMBER_NAMES, 'metrics', 'payload', 'account']);
    expect(table.getChild('payload')?.get(0)).toHaveLength(0);
    const again = writeTemp(folder, 'again.arrow', arrow.tableToIPC(table, 'file'));
    const error = await formatError(() => readTrace(again, '1.0.0'));
    expect(error.message).toContain(`trace ${again}: an Arrow file without Replaybook's checksum: it is no trace`);
    expect(error.message).toContain('run the scenario again with --trace');
  });

  it('is no tape, and a tape is no trace', async () => {
    const path = writeTemp(folder, 'trace.arrow', bytes);
    expect((await formatError(() => readTape(path))).message).toContain('not a Replaybook tape');
    const tape = samplePath('btc-busy') ?? '';
    expect((await formatError(() => readTrace(tape, '1.0.0'))).message).toContain('not a Replaybook trace');
    expect((await formatError(() => readTrace('package.json', '1.0.0'))).message).toContain('cut or damaged');
    expect(() => readTrace(`${folder}/none.arrow`, '1.0.0')).toThrow(expect.objectContaining({ code: 'file' }));
  });

  it('of another version of the program, or of the format, is refused and says what to do', async () => {
    const path = writeTemp(folder, 'old.arrow', bytes);
    const { message } = await formatError(() => readTrace(path, '1.1.0'));
    expect(message).toBe(
      `trace ${path}: written by version 1.0.0 of the program, and this is 1.1.0: use that version, or run the scenario again`,
    );
    const table = arrow.tableFromIPC(bytes);
    const meta = table.schema.metadata.get('replaybook.trace') ?? '';
    table.schema.metadata.set('replaybook.trace', meta.replace('"version":1', '"version":2'));
    const newer = sealArrow(arrow.tableToIPC(table, 'file'));
    expect(() => decodeTrace(newer, '1.0.0')).toThrow('(trace format 2, known is 1)');
    table.schema.metadata.set('replaybook.trace', meta.replace('“quotes”', '“lies”'));
    expect(() => decodeTrace(sealArrow(arrow.tableToIPC(table, 'file')), '1.0.0')).toThrow('the stored identity');
  });

  it.each<[string, (batch: TraceBatch) => void]>([
    ['row 3: unknown hook 17', batch => void batch.numbers.hook.fill(HOOK.onEnd + 1, 3, 4)],
    ['row 3: unknown feed 9', batch => void batch.numbers.feed.fill(9, 3, 4)],
    ['row 3: unknown message 15', batch => void batch.numbers.message.fill(15, 3, 4)],
    ['row 3: unknown instrument 1', batch => void batch.numbers.instrument.fill(1, 3, 4)],
    ['unknown metric', batch => void batch.metrics.metric.fill(60_000, 3, 4)],
    ['offsets of a list do not ascend', batch => void batch.payload.offsets.fill(-5, 3, 4)],
  ])('is refused where it says: %s', (what, change) => {
    expect(() => decodeTrace(changed(change), '1.0.0')).toThrow(what);
  });

  it('is not made of facts that it would give back as something else', () => {
    const facts = { scenario: { withinNs: Number.POSITIVE_INFINITY } };
    expect(() => encodeTrace(arrow, trace, '1.0.0', facts)).toThrow('a trace cannot hold Infinity as withinNs');
  });

  it('with a call that cannot be read names its row when it is driven', () => {
    const calls = decodeTrace(
      changed(batch => void batch.payload.bytes.fill(0xc1)),
      '1.0.0',
    );
    expect(() => driveTrace(calls.trace, [])).toThrow(/^row [1-9]\d*: what is kept of the call cannot be read$/);
    const account = decodeTrace(
      changed(batch => void batch.account.bytes.fill(0xc1)),
      '1.0.0',
    );
    expect(() => driveTrace(account.trace, [])).toThrow('row 0: what is kept of the call cannot be read');
  });
});
