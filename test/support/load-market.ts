/** Opens whatever holds a market: a tape as it is, anything else by importing it. */
import { isArrow } from '../../recordings/importers/detect.ts';
import { importFile } from '../../recordings/importers/import.ts';
import type { ImportReport } from '../../recordings/importers/report.ts';
import { readHead } from '../../recordings/importers/source.ts';
import type { Tape } from '../../recordings/tape.ts';
import { readTape } from '../../recordings/tape-file.ts';

export interface LoadedMarket {
  tape: Tape;
  /** What the import found; null for a file that was a tape already. */
  report: ImportReport | null;
}

/**
 * Loads a tape, recognised by its content, or imports the file. Throws `file` where it cannot be read, `format` where it
 * is damaged or of no known format.
 */
export async function loadMarketFile(path: string): Promise<LoadedMarket> {
  if (isArrow(await readHead(path))) return { tape: await readTape(path), report: null };
  return importFile(path);
}
