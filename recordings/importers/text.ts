/** What the importers of text formats have in common: the builder, the counts, and what happens to a bad line. */
import { ReplaybookError } from '../../core/errors.ts';
import { InstrumentTable } from '../instruments.ts';
import { TapeBuilder } from '../tape-builder.ts';
import { Tally } from './report.ts';
import { Timestamp } from './timestamps.ts';

/** So many bad lines, and more bad than good, and the file is not what it was taken for. */
const HOPELESS_LINES = 100_000;

export class ImportSession {
  readonly builder = new TapeBuilder();
  readonly instruments = new InstrumentTable(this.builder);
  readonly tally = new Tally();
  readonly time = new Timestamp();
  /** What a reader that puts frames together out of several lines does after the last one. */
  atEnd: () => void = () => {};

  /** Counts one line (or frame of a recording) and has it read. Where that throws `format`, nothing of it stays. */
  line(read: LineReader, bytes: Uint8Array, start: number, end: number): void {
    const { builder, instruments, tally } = this;
    tally.lines++;
    const known = instruments.entries.length;
    try {
      read(bytes, start, end);
    } catch (error) {
      if (!(error instanceof ReplaybookError) || error.code !== 'format') throw error;
      builder.dropFrame();
      instruments.truncate(known);
      tally.skip(error.message);
      if (tally.skippedLines > HOPELESS_LINES && tally.skippedLines > tally.lines / 2) {
        throw new ReplaybookError('format', `most lines are not in the format; the last: ${error.message}`, {
          line: tally.lines,
        });
      }
    }
  }
}

/** Takes one line of a text format onto the session's tape. Throws `format` for a bad one. */
export type LineReader = (bytes: Uint8Array, start: number, end: number) => void;
