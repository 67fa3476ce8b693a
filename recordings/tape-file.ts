/**
 * Tape files: one Arrow IPC file with one record batch, which any Arrow program can read. Read here are only those that this
 * program wrote, because nothing vouches for the bytes of others.
 *
 * Columns are read as views on the file's bytes; only (first row, count), 8 bytes a frame, are worked out of the lists'
 * offsets. A file is written beside its place and renamed, so that nobody ever sees half of one.
 */
import { mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ReplaybookError } from '../core/errors.ts';
import { tapeIdentity } from './identity.ts';
import { checkSeal, sealArrow } from './seal.ts';
import { frameCount, type Tape } from './tape.ts';
import { checkTape } from './tape-check.ts';
import { decodeTape } from './tape-decode.ts';
import { encodeTape } from './tape-encode.ts';

const NO_SEAL = 'it is no tape, or was written again by another program; import the recording that it was made of';

export interface ReadTapeOptions {
  /** Whether the stored identity is compared with the columns. True by default. */
  verifyIdentity?: boolean;
}

/** Writes a tape. The file is there whole or not at all. Throws `file` where that is not possible. */
export async function writeTape(tape: Tape, path: string): Promise<void> {
  if (frameCount(tape) === 0) throw new ReplaybookError('format', 'a tape without frames cannot be written');
  const bytes = sealArrow(encodeTape(await import('apache-arrow'), tape));
  let folder: string | null = null;
  try {
    folder = await mkdtemp(join(dirname(path), '.replaybook-'));
    const beside = join(folder, basename(path));
    const file = await open(beside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReplaybookError('file', `cannot write ${path}: ${reason}`, { file: path }, cause);
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/** Reads a tape and checks it. Throws `file` where it cannot be read, `format` where it is damaged or none of ours. */
export async function readTape(path: string, options: ReadTapeOptions = {}): Promise<Tape> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReplaybookError('file', `cannot read ${path}: ${reason}`, { file: path }, cause);
  }
  try {
    checkSeal(bytes, NO_SEAL);
    const tape = decodeTape(bytes);
    checkTape(tape);
    if ((options.verifyIdentity ?? true) && tapeIdentity(tape) !== tape.identity) {
      throw new ReplaybookError('format', 'the columns are not those that the stored identity was made of');
    }
    return tape;
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    throw new ReplaybookError(
      'format',
      `tape ${basename(path)}: ${error.message}`,
      { ...error.place, file: path },
      error,
    );
  }
}
