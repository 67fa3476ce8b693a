/** Helpers of the tests of recordings: temporary files, decoding one line by either reader. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { ImportSession, type LineReader } from '../../recordings/importers/text.ts';
import type { Tape } from '../../recordings/tape.ts';

/** A folder that goes when the test file is done. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replaybook-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeTemp(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The error that `body` throws; fails the test where it throws none or another kind. */
export async function formatError(body: () => Promise<unknown> | unknown): Promise<ReplaybookError> {
  try {
    await body();
  } catch (error) {
    if (error instanceof ReplaybookError && error.code === 'format') return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

/** Has lines read in one session and tells what came of it, in a form that can be compared. */
export function outcome(makeReader: (session: ImportSession) => LineReader, lines: readonly Uint8Array[]): unknown {
  const session = new ImportSession();
  const read = makeReader(session);
  for (const line of lines) session.line(read, line, 0, line.length);
  const { builder, instruments, tally } = session;
  const meta = { name: '', format: '', file: '', recorded: true, instruments: instruments.finish() };
  const tape = builder.frameCount === 0 ? null : builder.finish(meta);
  const { skipped, ignored, repeatedBooks, backlogTrades, crossedBooks, sequenceBreaks, tradeIdGaps } = tally;
  return {
    identity: tape?.identity,
    instruments: tape?.instruments,
    skipped,
    ignored: [...ignored],
    anomalies: { repeatedBooks, backlogTrades, crossedBooks, sequenceBreaks, tradeIdGaps },
  };
}

/** All columns of a tape as hashes of nothing but their bytes: quick to compare, unlike long arrays element by element. */
export function columnsOf(tape: Tape): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const [group, members] of Object.entries({ ...tape, order: { exchangeOrder: tape.exchangeOrder } })) {
    for (const [name, column] of Object.entries(members)) {
      if (!ArrayBuffer.isView(column)) continue;
      const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
      columns[`${group}.${name}`] = createHash('sha256').update(bytes).digest('hex');
    }
  }
  return columns;
}

/** Rows of one frame of a book, as [side, ticks, lots, orders]. */
export function levelsOf(tape: Tape, frame: number): number[][] {
  const { side, priceTicks, sizeLots, orders } = tape.levels;
  const first = tape.frames.firstRow[frame];
  return Array.from({ length: tape.frames.rowCount[frame] }, (_, i) => [
    side[first + i],
    priceTicks[first + i],
    sizeLots[first + i],
    orders[first + i],
  ]);
}
