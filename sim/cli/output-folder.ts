/**
 * A folder that a command writes: beside its place and renamed, so that it is there whole or not at all. One of the same kind is
 * replaced; anything else that is in the way is left alone.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { systemReason } from '../system-reason.ts';
import { whyNotWritable } from './writable.ts';

/** In a folder of ours, the file that says what kind of folder it is: `kind` in it. */
export const MANIFEST = 'manifest.json';

/** A kind of folder. */
export interface FolderKind {
  /** As the manifest has it: what tells ours from another program's. */
  readonly kind: string;
  /** `a run`. */
  readonly of: string;
  /** What is in it. Where there is more, somebody keeps something there, and it is not replaced. */
  readonly names: readonly string[];
}

/** Throws a `usage` error where something else is in the way. Asked before the work, so that it is not done in vain. */
export function checkOutputFolder(out: string, kind: FolderKind): void {
  const target = targetOf(out);
  if (existsSync(target)) {
    const what = statSync(target).isDirectory() ? inTheWay(target, kind) : 'a file';
    if (what !== null) {
      throw new ReplaybookError(
        'usage',
        `--out ${out}: there is ${what} in the way; name a folder that does not exist`,
      );
    }
  }
  let parent = dirname(target);
  while (!existsSync(parent)) parent = dirname(parent);
  const why = whyNotWritable(parent);
  if (why !== null) {
    throw new ReplaybookError('file', `--out ${out}: cannot be written: ${why}; name another place`, { file: out });
  }
}

/** A folder that is being written. */
export interface Draft {
  /** Where its files go. */
  readonly path: string;
  /** Puts it in its place. Throws a `file` error. */
  publish(): void;
  /** Takes it away, published or not; to be called in any case. */
  discard(): void;
}

/** Begins to write a folder. Throws `usage` and `file` errors. */
export function draftFolder(out: string, kind: FolderKind): Draft {
  checkOutputFolder(out, kind);
  const target = targetOf(out);
  const beside = orFail(out, () => {
    mkdirSync(dirname(target), { recursive: true });
    return mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  });
  const path = join(beside, 'new');
  orFail(out, () => mkdirSync(path));
  return {
    path,
    publish: () => orFail(out, () => replaceFolder(target, path, join(beside, 'old'))),
    // A worker that was ended a moment ago may still leave a file where another was just taken away.
    discard: () => rmSync(beside, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Does what touches the disk, and says of which folder it was. */
export function orFail<Result>(out: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new ReplaybookError('file', `--out ${out}: cannot be written: ${systemReason(error)}`, { file: out }, error);
  }
}

/** A link to a folder stands for the folder: what it leads to is replaced, and the link stays. */
function targetOf(out: string): string {
  return existsSync(out) ? realpathSync(out) : resolve(out);
}

/** The folder of before comes back where the new one cannot take its place. */
function replaceFolder(target: string, fresh: string, old: string): void {
  if (!existsSync(target)) {
    renameSync(fresh, target);
    return;
  }
  renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
}

/** What kind of folder stands in the way; null for an empty one and for one of this kind with nothing else in it. */
function inTheWay(folder: string, { kind, of, names: own }: FolderKind): string | null {
  const names = readdirSync(folder);
  if (names.length === 0) return null;
  if (kindOf(folder) !== kind) return `a folder that is not of ${of}`;
  const foreign = names.find(name => !own.includes(name));
  return foreign === undefined ? null : `the folder of ${of} that also holds other files, such as ${foreign},`;
}

function kindOf(folder: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'kind' in manifest ? manifest.kind : null;
  } catch {
    // No manifest, or none that can be read.
    return null;
  }
}
