/** Builds the program, for tests that start it as users do. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const COMPILER = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

/**
 * Compiles to `dist`; only what changed, so that it takes about a second. A type error does not keep the compiler from
 * writing: it is printed, and the build has the say on it.
 */
export function build(): void {
  const { status, stdout, error } = spawnSync(process.execPath, [COMPILER, '-p', '.'], { encoding: 'utf8' });
  if (status === null) throw new Error('the compiler could not be run', { cause: error });
  if (status !== 0) console.warn(`tsc -p . ended with ${status}:\n${stdout}`);
}
