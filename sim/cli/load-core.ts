/** A core from a module of the user's own: any module that exports `createCore` (core/port.ts, `CoreFactory`). */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ReplaybookError } from '../../core/errors.ts';
import type { CoreFactory } from '../../core/port.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { systemReason } from '../system-reason.ts';

/** Throws a `file` error where the module cannot be loaded or is none of a core. `path`: as it was written. */
export async function loadCore(path: string): Promise<CoreFactory<CoreSettings>> {
  const module = await load(path);
  const { createCore } = module;
  if (typeof createCore === 'function') return createCore as CoreFactory<CoreSettings>;
  throw new ReplaybookError(
    'file',
    `${path} exports no function createCore: expected export const createCore = (host, settings, instruments) => …`,
    { file: path },
  );
}

async function load(path: string): Promise<{ createCore?: unknown }> {
  checkFile(path);
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as { createCore?: unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw notLoaded(path, why, error);
  }
}

/** What Node says of a file that is not there names its own files, too. */
function checkFile(path: string): void {
  try {
    if (statSync(path).isFile()) return;
  } catch (cause) {
    throw notLoaded(path, systemReason(cause), cause);
  }
  throw notLoaded(path, 'is no file');
}

function notLoaded(path: string, why: string, cause?: unknown): ReplaybookError {
  const message = `the core ${path} cannot be loaded (${why}): expected a JavaScript module that exports createCore`;
  return new ReplaybookError('file', message, { file: path }, cause);
}
