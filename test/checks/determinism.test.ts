// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source text to be read
import { describe, expect, it } from 'vitest';
import { checkDeterminism, checkText } from './determinism.ts';
import { withFiles } from './planted.ts';

const messages = (text: string, file = 'core/planted.ts'): string[] =>
  checkText(file, text).map(({ line, message }) => `${line}: ${message}`);

describe('planted leaks', () => {
  it.each([
    // Clocks
    'const now = Date.now();',
    'const now = new Date();',
    'const text = Date();',
    'const now = performance.now();',
    "import { performance } from 'node:perf_hooks';",
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const t = date.getTimezoneOffset();',
    'const hour = stamp.getHours();',
    'const now = Temporal.Now.instant();',
    'const { hrtime } = host; hrtime.bigint(); x.hrtime();',
    // Randomness
    'const x = Math.random();',
    "const x = Math['random']();",
    'const { random } = Math;',
    'const M = Math;',
    'const x = (Math).random();',
    'const x = Math\n  .random();',
    "import { randomUUID } from 'node:crypto';",
    "import { createHash, randomBytes as bytes } from 'node:crypto';",
    'const id = crypto.randomUUID();',
    "const id = nodeCrypto['randomUUID']();",
    'nodeCrypto.getRandomValues(array);',
    // Mathematics
    'const x = Math.exp(1);',
    'const x = Math.pow(10, -5);',
    'const x = Math.hypot(3, 4);',
    'const x = Math.PI;',
    'const x = 10 ** -5;',
    'x **= 2;',
    'const text = `costs ${10 ** decimals}`;',
    'const f = flag ? Math : null;',
    // Timers and promises
    'setTimeout(next, 0);',
    'const later = setImmediate;',
    'queueMicrotask(next);',
    'Atomics.wait(words, 0, 0);',
    'const x = await load();',
    'async function load() {}',
    'const load = async () => 1;',
    'const p = Promise.resolve(1);',
    'load().then(next);',
    // Language and region
    'names.sort((a, b) => a.localeCompare(b));',
    'const text = price.toLocaleString();',
    "const text = price['toLocaleString']();",
    'const format = new Intl.NumberFormat();',
    // Process and ways around
    'const seed = process.env.SEED;',
    "const seed = process['env'].SEED;",
    'const host = process;',
    "import process from 'node:process';",
    "import { cpus } from 'node:os';",
    'const now = globalThis.Date.now();',
    "const M = globalThis['Math'];",
    "const f = eval('Math.random');",
    "const f = new Function('return Math.random()');",
    "const f = Function('return 1');",
    "const os = require('node:os');",
    // Order
    'ticks.sort();',
    'const sorted = ticks.toSorted();',
    'for (const key in object) total += object[key];',
    'for (const key in { ...object, b: [1] }) use(key);',
    // The engine's own doings
    'const ref = new WeakRef(object);',
    'const registry = new FinalizationRegistry(done);',
    'const where = error.stack;',
    "const where = error['stack'];",
    'Error.captureStackTrace(this);',
    // State of the module
    'let counter = 0;',
    'const text = `a ${b} c`;\nlet counter = 0;',
    'export let counter = 0;',
    'var counter = 0;',
    'const cache = new Map();',
    'export const cache: Map<string, number> = new Map<string, number>();',
    'const seen = new WeakMap<object, number>();',
    'const list: number[] = [];',
    'const byName: Record<string, number> = {};',
    'const list = [1, 2];\nexport function add(x: number) { list.push(x); }',
    'class Id { static next = 1; }',
    'class Id { static #next: number; }',
    // The core is pure
    "import { readFileSync } from 'node:fs';",
  ])('%s', leak => {
    expect(messages(leak)).not.toEqual([]);
    expect(messages(`/** Harmless. */\nfunction f() { return "x"; }\n${leak}`)).not.toEqual([]);
  });
});

describe('what is allowed', () => {
  it.each([
    'const x = Math.max(Math.abs(a), Math.sqrt(b), Math.imul(c, d));',
    "const text = 'Date.now() ** Math.random()'; // Date.now(), Math.random(), 2 ** 3",
    'const text = `Date.now() ${x} Math.random()`;',
    '/* process.env\n * Date.now() */',
    'const pattern = /Date|Math.random|\\*\\*/;',
    'values.sort((a, b) => a - b);',
    'const sorted = values.toSorted(byTime);',
    'for (const key of Object.keys(object)) use(key);',
    'for (let i = 0; i in list; i++) use(i);',
    "if ('key' in object) use(object);",
    'this.process(message); runner.performance.add(1);',
    'interface Stage { process(message: string): void; readonly performance: number; Date?: number }',
    'const stages = { process: 1, performance: 2 };',
    'const LIMITS = [1, 2, 3]; const NAMES = { a: 1 };',
    'const SIDES: readonly number[] = [];',
    'const BY_NAME: ReadonlyMap<string, number> = new Map([["a", 1]]);',
    'const BY_KIND: Readonly<Record<string, number>> = {};',
    'const scratch = new Float64Array(2);',
    'export function f() { let total = 0; const seen = new Map(); const list: number[] = []; return list; }',
    'class Book { static readonly empty = 1; static of() { return 1; } readonly #pages = new Map(); }',
    "import { createHash } from 'node:crypto';",
  ])('%s', text => {
    expect(messages(text, 'sim/planted.ts')).toEqual([]);
  });

  it('promises and files outside core and kernel', () => {
    const text = "import { readFileSync } from 'node:fs';\nconst load = async () => await import('yaml');";
    expect(messages(text, 'scenarios/loader.ts')).toEqual([]);
    expect(messages(text, 'sim/kernel/x.ts')).toHaveLength(2);
    expect(messages(text, 'core/x.ts')).toHaveLength(3);
  });
});

describe('exceptions', () => {
  it('hold for their own line only', () => {
    const text = 'const a = Date.now(); // det-ok: the recorder stamps frames\nconst b = Date.now();';
    expect(messages(text)).toEqual(['2: `Date` is not deterministic here']);
  });

  it('need a reason', () => {
    for (const comment of ['// det-ok', '// det-ok:', '// det-ok: -']) {
      expect(messages(`const a = Date.now(); ${comment}`)).toContain('1: det-ok without a reason');
      expect(messages(`const a = Date.now(); ${comment}`)).toHaveLength(2);
    }
  });

  it('are refused where they except nothing', () => {
    expect(messages('const a = 1; // det-ok: left over from before')).toEqual([
      '1: det-ok where nothing is refused: take the comment away',
    ]);
  });
});

it('looks at the files of the inner layers and not at the outermost ring', () => {
  const leak = 'const now = Date.now();\n';
  const files = [
    'core/a.ts',
    'sim/b.ts',
    'sim/cli/c.ts',
    'scenarios/d.ts',
    'recordings/e.ts',
    'reports/f.ts',
    'test/g.ts',
  ];
  const findings = withFiles(Object.fromEntries(files.map(file => [file, leak])), checkDeterminism);
  expect(findings.map(({ file }) => file)).toEqual([
    'core/a.ts',
    'recordings/e.ts',
    'reports/f.ts',
    'scenarios/d.ts',
    'sim/b.ts',
  ]);
});

it('refuses a file that it cannot read', () => {
  expect(messages('const open = `')).toEqual(['0: line 1: a template literal does not end']);
});
