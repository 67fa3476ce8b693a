import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';
import { checkLayers } from './layers.ts';
import { withFiles } from './planted.ts';
import { tokenize } from './tokens.ts';

const found = (file: string, text: string): string[] =>
  withFiles({ [file]: text }, root => checkLayers(root).map(finding => `${finding.line}: ${finding.message}`));

describe('imports', () => {
  it('are found in every form', () => {
    const source = `
import a from './a.ts';
import type { B } from './b.ts';
import { type C } from './c.ts';
import * as d from "./d.ts";
import './e.ts';
export { f } from './f.ts';
export * from './g.ts';
export type { H } from './h.ts';
const i = await import('./i.ts');
const j = require('./j.ts');
new Worker(new URL('./k.ts', import.meta.url));
import l, {
  m as from,
} from './l.ts';
const no = "import x from './no.ts'"; // import './no.ts'
export const text = \`from './no.ts'\`;
export type N = { from: './no.ts' };
await import(path);
`;
    expect(importsOf(tokenize(source).tokens).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
      ['./a.ts', false],
      ['./b.ts', true],
      ['./c.ts', false],
      ['./d.ts', false],
      ['./e.ts', false],
      ['./f.ts', false],
      ['./g.ts', false],
      ['./h.ts', true],
      ['./i.ts', false],
      ['./j.ts', false],
      ['./k.ts', false],
      ['./l.ts', false],
      [null, false],
    ]);
  });
});

describe('layers', () => {
  it.each([
    ['core/a.ts', "import { x } from '../sim/world.ts';"],
    ['core/a.ts', "import type { X } from '../recordings/tape.ts';"],
    ['core/infra/a.ts', "export * from '../../reports/verdict.ts';"],
    ['core/a.ts', "import version from '../package.json' with { type: 'json' };"],
    ['recordings/a.ts', "import { x } from '../sim/world.ts';"],
    ['sim/a.ts', "import type { X } from '../scenarios/schema.ts';"],
    ['sim/a.ts', "import('../reports/verdict.ts');"],
    ['sim/a.ts', "import { main } from './cli/main.ts';"],
    ['sim/a.ts', "new Worker(new URL('./cli/worker.ts', import.meta.url));"],
    ['sim/a.ts', "import { x } from '../test/support/data.ts';"],
    ['scenarios/a.ts', "import { x } from '../recordings/tape.ts';"],
    ['scenarios/a.ts', "import { x } from '../reports/verdict.ts';"],
    ['reports/a.ts', "import { x } from '../sim/world.ts';"],
    ['reports/a.ts', "import { type X } from '../scenarios/schema.ts';"],
    ['reports/a.ts', "import type { X } from '../recordings/tape.ts';"],
    ['reports/a.ts', "import type { X } from '../sim/cli/main.ts';"],
    ['reports/diagnosis/a.ts', "import type { FaultPlan } from '../../sim/faults/plan.ts';"],
    ['reports/diagnosis/a.ts', "import { STEPS } from '../verdict.ts';"],
    ['reports/diagnosis/a.ts', "import type { X } from '../symptoms/x.ts';"],
    ['sim/cli/a.ts', "import { x } from '../../test/support/data.ts';"],
    ['sim/a.ts', "import { x } from './world.js';"],
    ['sim/a.ts', "import { x } from '../../elsewhere/x.ts';"],
    ['sim/a.ts', "import { x } from '/elsewhere/x.ts';"],
    ['sim/a.ts', 'import(path);'],
    ['sim/a.ts', 'const broken = `;'],
  ])('refuse in %s: %s', (file, text) => {
    expect(found(file, text)).toHaveLength(1);
  });

  it.each([
    ['core/a.ts', "import { x } from './b.ts'; import { Decimal } from 'decimal.js';"],
    ['recordings/a.ts', "import { x } from '../core/market.ts'; import { readFileSync } from 'node:fs';"],
    ['sim/a.ts', "import { x } from '../core/port.ts'; import { y } from '../recordings/tape.ts';"],
    [
      'sim/cli/a.ts',
      "import { x } from '../../reports/verdict.ts'; import(anything); import p from '../../package.json';",
    ],
    ['scenarios/a.ts', "import { x } from '../sim/world.ts'; import { y } from '../core/port.ts';"],
    ['reports/a.ts', "import type { X } from '../sim/truth.ts'; import type { Y } from '../scenarios/schema.ts';"],
    ['reports/diagnosis/a.ts', "import type { X } from '../verdict.ts'; import { y } from '../../core/evidence.ts';"],
    ['test/a.test.ts', "import { x } from '../sim/cli/main.ts'; import { y } from './b.ts';"],
    ['core/a.ts', "// import { x } from '../sim/world.ts';\nconst text = \"import '../sim/world.ts'\";"],
  ])('let pass in %s: %s', (file, text) => {
    expect(found(file, text)).toEqual([]);
  });

  it('name file, line and both sides', () => {
    expect(found('core/a.ts', "\nimport { x } from '../sim/world.ts';")).toEqual([
      '2: imports sim/world.ts: core/ does not know sim/',
    ]);
  });
});
