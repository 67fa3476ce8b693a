/**
 * Whether core/math.ts gives its golden bits under the Node that runs this. vitest checks them under the Node of the
 * repository; this program needs nothing but Node, so that any binary can be tried:
 *
 *     path/to/another/node dist/test/checks/golden-math.js
 */
import { createHash } from 'node:crypto';
import { GOLDEN, GOLDEN_DIGEST_INPUTS, GOLDEN_DIGESTS } from '../core/math-golden.ts';
import { bitsOf, FUNCTION_NAMES, FUNCTIONS, fromBits, inputs } from '../core/math-ranges.ts';
import { type Finding, finish } from './findings.ts';

const findings: Finding[] = [];
let lines = 0;
for (const name of FUNCTION_NAMES) {
  for (const line of GOLDEN[name]) {
    lines++;
    const [x, y] = line.split(' ').map(fromBits);
    const bits = bitsOf(FUNCTIONS[name](x, y));
    if (!line.endsWith(bits))
      findings.push({ file: 'core/math.ts', line: 0, message: `${name} of ${line} gives ${bits}` });
  }
  const hash = createHash('sha256');
  for (const [x, y] of inputs(name, GOLDEN_DIGEST_INPUTS)) hash.update(bitsOf(FUNCTIONS[name](x, y)));
  if (hash.digest('hex') !== GOLDEN_DIGESTS[name]) {
    findings.push({ file: 'core/math.ts', line: 0, message: `${name} gives another digest over random inputs` });
  }
}
finish('golden-math', findings, `${lines} values under Node ${process.version} on ${process.arch}`);
