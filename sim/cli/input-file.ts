/** Recordings and tapes as they are named on the command line: looked at before they are opened. */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { ReplaybookError } from '../../core/errors.ts';
import { systemReason } from '../system-reason.ts';

/**
 * Throws a `file` error where there is no file, or something that cannot be read more than once: a recording is looked at
 * to find its format, and read again. `what` is named in the message: `--tape btc.lz4`.
 */
export function checkInputFile(file: string, what: string = file): void {
  let stats: Stats;
  try {
    stats = statSync(file);
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new ReplaybookError('file', `${what}: ${systemReason(cause)}`, { file }, cause);
  }
  if (stats.isFile()) return;
  const why = stats.isDirectory()
    ? 'is a folder: expected a recording or a tape'
    : 'is no plain file (a pipe or a device): save what comes from it to a file first';
  throw new ReplaybookError('file', `${what}: ${why}`, { file });
}
