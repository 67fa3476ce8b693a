/** Whether a file may be written where the user wants it: asked before the work whose result is to go there. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import { readHead } from '../../recordings/importers/source.ts';
import { whyNotWritable } from './writable.ts';

/** What a file of ours is: `what` for people, and how its first bytes are known. */
export interface OwnFiles {
  readonly what: string;
  readonly example: string;
  readonly isOurs: (head: Uint8Array) => boolean;
}

/** A file may take the place of one of its kind, and of nothing else. Throws `usage` and `file` errors. */
export async function checkOutputFile(option: string, out: string, files: OwnFiles): Promise<void> {
  if (existsSync(out)) {
    if (statSync(out).isDirectory()) {
      throw new ReplaybookError(
        'usage',
        `${option} ${out}: is a folder: name a file in it, such as ${join(out, files.example)}`,
      );
    }
    if (!statSync(out).isFile()) {
      throw new ReplaybookError('usage', `${option} ${out}: is no plain file (a pipe or a device): name a file`);
    }
    if (!files.isOurs(await readHead(out))) {
      throw new ReplaybookError('usage', `${option} ${out}: there is a file in the way that is no ${files.what}`);
    }
  }
  const why = whyNotWritable(dirname(resolve(out)));
  if (why !== null) {
    throw new ReplaybookError('file', `${out} cannot be written: ${why}; name another place with ${option} FILE`, {
      file: out,
    });
  }
}
