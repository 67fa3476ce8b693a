/** Builds the program before any test runs, for those that start it as users do, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const COMPILER = join(dirname(resolve('typescript/package.json')), 'bin/tsc');
const BUNDLER = join(dirname(resolve('rolldown/package.json')), 'bin/cli.mjs');

/**
 * Compiles what changed and bundles the command line, in a few seconds. A type error does not keep the compiler from
 * writing: it is printed, and the build has the say on it.
 */
export default function build(): void {
  run(COMPILER, ['-p', '.'], console.warn);
  run(BUNDLER, ['-c'], message => {
    throw new Error(message);
  });
}

function run(tool: string, args: readonly string[], complain: (message: string) => void): void {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  if (status === null) throw new Error(`${tool} could not be run`, { cause: error });
  if (status !== 0) complain(`${tool} ended with ${status}:\n${stdout}${stderr}`);
}
