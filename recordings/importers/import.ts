/**
 * Makes a tape of a foreign file or of a raw recording.
 *
 *     file ─→ pieces (decompressed) ─→ lines ─→ reader of the format ─→ tape builder ─→ tape and report
 *
 * A bad line is counted with its reason and skipped; a file without one good frame is refused.
 */
import { basename } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { isRecording } from '../recording.ts';
import { FRAME_KINDS, type Tape, tapeEndNs } from '../tape.ts';
import { binanceReader } from './binance.ts';
import { detectText, type ImportFormat, isArrow, type TextFormat, UNDERSTOOD } from './detect.ts';
import { hyperliquidArchiveReader } from './hyperliquid-archive.ts';
import { hyperliquidWsReader } from './hyperliquid-ws.ts';
import { LineSplitter } from './lines.ts';
import { importRecording } from './recording.ts';
import type { ImportReport } from './report.ts';
import { type Compression, compressionOf, readHead, readPieces } from './source.ts';
import { tardisCsvReader } from './tardis-csv.ts';
import { ImportSession, type LineReader } from './text.ts';

export interface ImportOptions {
  /** Without it the format is recognised from the content. */
  format?: ImportFormat;
  /** Most bytes that may come out of a compressed file, 1 GiB by default. */
  maxOutputBytes?: number;
}

export interface Imported {
  tape: Tape;
  report: ImportReport;
}

const READERS: Readonly<Record<TextFormat, (session: ImportSession) => LineReader>> = {
  'hyperliquid-ws': hyperliquidWsReader,
  'hyperliquid-archive': hyperliquidArchiveReader,
  binance: binanceReader,
  'tardis-csv': tardisCsvReader,
};

/**
 * Imports a file. Throws `file` where it cannot be read and `format` where it is damaged, of no known format, or holds not
 * one good frame.
 */
export async function importFile(path: string, options: ImportOptions = {}): Promise<Imported> {
  const head = await readHead(path);
  try {
    return await importAs(head, path, options);
  } catch (error) {
    if (!(error instanceof ReplaybookError) || error.place.file !== undefined) throw error;
    throw new ReplaybookError(error.code, `${basename(path)}: ${error.message}`, { ...error.place, file: path }, error);
  }
}

async function importAs(head: Uint8Array, path: string, options: ImportOptions): Promise<Imported> {
  if (isArrow(head)) throw refused(path, 'is a tape already, or another Arrow file: there is nothing to import');
  const session = new ImportSession();
  if (isRecording(head)) {
    if (options.format !== undefined && options.format !== 'recording') {
      throw refused(path, `is a Replaybook recording, not ${options.format}`);
    }
    const recorded = importRecording(path, session);
    return finish(path, session, 'recording', 'none', recorded);
  }
  const compression = compressionOf(head);
  const format = await importText(path, session, compression, options);
  return finish(path, session, format, compression, true);
}

async function importText(
  path: string,
  session: ImportSession,
  compression: Compression,
  options: ImportOptions,
): Promise<ImportFormat> {
  let format: TextFormat | null = null;
  let lines: LineSplitter | null = null;
  for await (const piece of readPieces(path, compression, options.maxOutputBytes)) {
    if (lines === null) {
      format = textFormat(path, piece, options.format);
      const read = READERS[format](session);
      lines = new LineSplitter((bytes, start, end) => session.line(read, bytes, start, end));
    }
    lines.push(piece);
  }
  lines?.end();
  session.atEnd();
  if (format === null) throw refused(path, `is empty. ${UNDERSTOOD}`);
  return format;
}

function textFormat(path: string, piece: Uint8Array, asked: ImportFormat | undefined): TextFormat {
  if (asked === 'recording') throw refused(path, 'is not a Replaybook recording');
  return asked ?? detectText(piece);
}

function finish(
  path: string,
  session: ImportSession,
  format: ImportFormat,
  compression: Compression,
  recorded: boolean,
): Imported {
  const { builder, instruments, tally } = session;
  if (builder.frameCount === 0) {
    const [first] = tally.skipped;
    const reason = first === undefined ? '' : ` The first bad line is ${first.line}: ${first.reason}.`;
    throw refused(path, `was taken for ${format}, but holds not one good frame.${reason}`);
  }
  const file = basename(path);
  const inferred = instruments.entries.map(entry => entry.inferred);
  const meta = { name: file, format, file, recorded, instruments: instruments.finish() };
  const tape = builder.finish(meta);
  const framesByKind = { snapshot: 0, delta: 0, bbo: 0, trades: 0 };
  for (const kind of tape.frames.kind) framesByKind[FRAME_KINDS[kind]]++;
  const report: ImportReport = {
    format,
    compression,
    file,
    lines: tally.lines,
    frames: builder.frameCount,
    framesByKind,
    levelRows: tape.levels.side.length,
    tradeRows: tape.trades.aggressor.length,
    ignored: Object.fromEntries(tally.ignored),
    skippedLines: tally.skippedLines,
    skipped: tally.skipped,
    anomalies: {
      repeatedBooks: tally.repeatedBooks,
      backlogTrades: tally.backlogTrades,
      crossedBooks: tally.crossedBooks,
      clockStepsBack: builder.clockStepsBack,
      sequenceBreaks: tally.sequenceBreaks,
      tradeIdGaps: tally.tradeIdGaps,
    },
    recvShiftNs: tape.source.recvShiftNs,
    spanNs: tapeEndNs(tape),
    instruments: tape.instruments.map((instrument, i) => ({
      ...instrument,
      decimals: inferred[i] ? 'inferred' : 'known',
    })),
    tornTailBytes: tally.tornTailBytes,
  };
  return { tape, report };
}

function refused(path: string, what: string): ReplaybookError {
  return new ReplaybookError('format', `${basename(path)} ${what}`, { file: path });
}
