/** Builds the program, for tests that start it as users do. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const COMPILER = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

/** Compiles to `dist`; only what changed, so that it takes about a second. Throws what the compiler complains of. */
export function build(): void {
  const { status, stdout } = spawnSync(process.execPath, [COMPILER, '-p', '.'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc -p . ended with ${status}:\n${stdout}`);
}
