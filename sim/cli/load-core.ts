/** A core from a module of the user's own: any module that exports `createCore` (core/port.ts, `CoreFactory`). */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ReplaybookError } from '../../core/errors.ts';
import type { CoreFactory } from '../../core/port.ts';
import type { CoreSettings } from '../../core/settings.ts';

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
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as { createCore?: unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `the core ${path} cannot be loaded (${why}): expected a JavaScript module that exports createCore`;
    throw new ReplaybookError('file', message, { file: path }, error);
  }
}
