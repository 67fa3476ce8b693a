/** Programs that stand in for a Node that computes otherwise, or behaves otherwise, as `verify` starts it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a program that runs JavaScript of ours, and then what it was told to run, in one process. The worker's order is in
 * `process.argv[2]`.
 */
export function otherNode(folder: string, name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.mjs`, `process.argv.splice(1, 1);\n${script}\nawait import(process.argv[1]);\n`);
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${path}.mjs" "$@"\n`, { mode: 0o755 });
  return path;
}

/** The same program with another seed: every draw is different. */
export const OTHER_SEED = `process.argv[2] = JSON.stringify({ ...JSON.parse(process.argv[2]), seed: 99 });`;

/** Square roots that come out larger after the first of them: the second run of a process differs from its first. */
export const WARMS_UP = `const { sqrt } = Math;
let calls = 0;
Math.sqrt = x => sqrt(x) * (++calls > 60 ? 1.01 : 1);`;

/** Square roots that come out larger now and then, by some chance: no two runs part as two others do. */
export const SLIPS = `const { sqrt } = Math;
Math.sqrt = x => sqrt(x) * (Math.random() < 0.3 ? 1 + Math.random() / 100 : 1);`;

/** Ends as soon as it has answered. */
export const ENDS_EARLY = `const send = process.send.bind(process);
process.send = message => send(message, () => process.exit(3));`;
