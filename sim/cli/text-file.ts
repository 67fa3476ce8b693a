/** Files of text that a command writes: beside their place and renamed, so that they are there whole or not at all. */
import { existsSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { systemReason } from '../system-reason.ts';

/** Throws a `file` error. A link stays, and what it leads to is written. */
export function writeTextFile(option: string, path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(dirname(target), '.replaybook-'));
    const beside = join(folder, basename(target));
    writeFileSync(beside, text);
    renameSync(beside, target);
  } catch (cause) {
    throw new ReplaybookError(
      'file',
      `${option} ${path}: cannot be written: ${systemReason(cause)}`,
      { file: path },
      cause,
    );
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}
