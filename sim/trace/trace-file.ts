/** Reads trace files. They are written by whoever keeps a run's folder, whole or not at all. */
import { readFileSync } from 'node:fs';
import { ReplaybookError } from '../../core/errors.ts';
import { checkSeal } from '../../recordings/seal.ts';
import { systemReason } from '../system-reason.ts';
import { decodeTrace, type StoredTrace } from './trace-decode.ts';

const NO_SEAL = 'it is no trace, or was written again by another program; run the scenario again with --trace';

/**
 * Reads a trace and checks it. `program`: the version of this program. Throws `file` where it cannot be read, `format` where it is
 * damaged, none of ours, or of another version.
 */
export function readTrace(path: string, program: string): StoredTrace {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ReplaybookError('file', `${path}: cannot be read: ${systemReason(cause)}`, { file: path }, cause);
  }
  try {
    checkSeal(bytes, NO_SEAL);
    return decodeTrace(bytes, program);
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    const place = { ...error.place, file: path };
    throw new ReplaybookError('format', `trace ${path}: ${error.message}`, place, error);
  }
}
