import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { checkNotes } from './notes.ts';
import { withFiles } from './planted.ts';

// Put together here, so that the check finds nothing in this file.
const slash = '/';
const host = ['registry', 'npmjs', 'org'].join('.');

function found(text: string, file = 'notes.md'): number[] {
  return withFiles({ [file]: text, '.gitignore': 'ignored/\n', 'ignored/x': `${slash}root${slash}x` }, root => {
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    return checkNotes(root).map(({ line }) => line);
  });
}

it.each([
  `see ${slash}work${slash}main${slash}core`,
  `"${slash}root${slash}.npmrc"`,
  `cd ${slash}home${slash}somebody`,
  `(${slash}home${slash}x)`,
  `https:${slash}${slash}${host}${slash}zod`,
  `https:${slash}${slash}npm-mirror.example${slash}zod`,
])('refuses %s', text => {
  expect(found(`fine\n${text}\n`)).toEqual([2]);
});

it.each([
  'docs/work/plan.md',
  `https:${slash}${slash}example.org${slash}home${slash}x`,
  'the root/core',
  'homework/done',
  'a /work of art',
])('lets pass %s', text => {
  expect(found(text)).toEqual([]);
});

it('does not look into binary files', () => {
  expect(found(`\u0000${slash}root${slash}x`, 'x.bin')).toEqual([]);
});
