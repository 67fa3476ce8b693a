/** A copy of the built program that a leak can be planted in, and what `verify` says of it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Difference } from '../../sim/cli/difference.ts';
import { type Leak, plant } from './leaks.ts';

const BUILT = ['core', 'recordings', 'reports', 'scenarios', 'sim'];

/** Short, because other processors are emulated: long enough for the core to warm up, quote and be filled. */
const SCENARIO = `title: Nothing goes wrong for half a minute
playbook: null
baseline: { market: { tape: btc-busy }, duration: 30s }
expect: { outcome: healthy }
`;

export interface Verified {
  /** The exit code of `verify`. */
  readonly status: number | null;
  readonly difference: Difference | null;
  /** What it printed on standard error. */
  readonly complaint: string;
}

/** Plants the leak in a copy, runs `verify` there with these arguments, and takes the copy away again. */
export function verifyCopy(leak: Leak | null, argv: readonly string[]): Verified {
  const root = mkdtempSync(join(tmpdir(), 'leak-'));
  try {
    copyProgram(root);
    if (leak !== null) {
      const built = join(root, 'dist', leak.file.replace(/\.ts$/, '.js'));
      writeFileSync(built, plant(leak, readFileSync(built, 'utf8')));
    }
    writeFileSync(join(root, 'short.yaml'), SCENARIO);
    const main = join(root, 'dist/sim/cli/main.js');
    const args = [main, 'verify', join(root, 'short.yaml'), '--json', ...argv];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const { results } = JSON.parse(stdout) as { results?: { difference: Difference | null }[] };
    return { status, difference: results?.[0].difference ?? null, complaint: stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function copyProgram(root: string): void {
  for (const folder of BUILT) cpSync(join('dist', folder), join(root, 'dist', folder), { recursive: true });
  for (const path of ['node_modules', 'scenarios', 'recordings', 'package.json']) {
    symlinkSync(resolve(path), join(root, path));
  }
  // The bundle would hold what the files say without the leak: in its place the worker is loaded from its files.
  const worker = join(root, 'dist/bundle/cli/verify-worker.js');
  mkdirSync(dirname(worker), { recursive: true });
  writeFileSync(worker, "import '../../sim/cli/verify-worker.js';\n");
}
