/** `replaybook import`: a recording becomes a tape. */
import { resolve } from 'node:path';
import { ReplaybookError } from '../../../core/errors.ts';
import { IMPORT_FORMATS } from '../../../recordings/importers/detect.ts';
import { importFile } from '../../../recordings/importers/import.ts';
import type { ImportReport } from '../../../recordings/importers/report.ts';
import { isSealed } from '../../../recordings/seal.ts';
import { writeTape } from '../../../recordings/tape-file.ts';
import { seconds } from '../../../reports/seconds.ts';
import { didYouMean } from '../../../scenarios/nearest.ts';
import { counts, importRows } from '../figures.ts';
import { checkInputFile } from '../input-file.ts';
import { type Io, width } from '../io.ts';
import { checkOutputFile } from '../output-file.ts';
import { withProgress } from '../progress.ts';
import type { Request } from '../request.ts';
import { table } from '../table.ts';
import { originOf } from '../tape-cache.ts';

export async function importRecording(request: Request, io: Io): Promise<number> {
  const file = request.operand;
  const out = request.text('out') ?? `${file}.arrow`;
  const format = formatOf(request.text('format'));
  checkInputFile(file);
  await checkOut(file, out);
  const { tape, report } = await withProgress(io, tick => {
    tick(`importing ${file} …`);
    return importFile(file, format === undefined ? {} : { format });
  });
  await writeTape({ ...tape, source: { ...tape.source, origin: await originOf(file) } }, out);
  if (request.flag('json')) io.out(`${JSON.stringify({ ...report, out, identity: tape.identity })}\n`);
  else io.out(reportText(report, out, tape.identity, width(io)));
  return 0;
}

function formatOf(text: string | undefined): (typeof IMPORT_FORMATS)[number] | undefined {
  if (text === undefined) return undefined;
  const format = IMPORT_FORMATS.find(name => name === text);
  if (format !== undefined) return format;
  const known = IMPORT_FORMATS.join(', ');
  throw new ReplaybookError('usage', `--format ${text}: expected one of ${known}${didYouMean(text, IMPORT_FORMATS)}`);
}

/** A tape may take the place of a tape, and of nothing else. */
async function checkOut(file: string, out: string): Promise<void> {
  if (resolve(out) === resolve(file)) throw new ReplaybookError('usage', `--out ${out}: that is the recording itself`);
  await checkOutputFile('--out', out, { what: 'tape', example: 'btc.arrow', isOurs: isSealed });
}

function reportText(report: ImportReport, out: string, identity: string, columns: number): string {
  const rows = [
    ['tape', out],
    ['identity', identity],
    ['span', seconds(report.spanNs)],
    ['frames', `${report.frames}: ${counts(report.framesByKind)}`],
    ['rows', `${report.levelRows} levels, ${report.tradeRows} trades`],
    ...importRows(report),
  ];
  return table(rows, columns);
}
