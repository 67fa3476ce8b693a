/** Where the program's own files lie. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder: the nearest one above this file that holds a package.json. The same from source and when built. */
const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

export const SCENARIOS = join(ROOT, 'scenarios');

/** Entry point of the processes of `verify`: always the built one, as Node 20 runs no TypeScript. */
export const VERIFY_WORKER = join(ROOT, 'dist', 'bundle', 'cli', 'verify-worker.js');

/** Entry point of the processes of `suite`, likewise. */
export const SUITE_WORKER = join(ROOT, 'dist', 'bundle', 'cli', 'suite-worker.js');

/** The version in package.json. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${from}`);
    folder = parent;
  }
  return folder;
}
