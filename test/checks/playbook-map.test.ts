import { expect, it } from 'vitest';
import { withFiles } from './planted.ts';
import { checkPlaybookMap, mappedPath, PLAYBOOK_PATHS } from './playbook-map.ts';

const ALL = Object.fromEntries(PLAYBOOK_PATHS.map(([path]) => [mappedPath(path), '']));

it('knows 38 paths with different names', () => {
  expect(PLAYBOOK_PATHS).toHaveLength(38);
  expect(new Set(PLAYBOOK_PATHS.map(([path]) => path.split('/').at(-1))).size).toBe(38);
  for (const [, steps] of PLAYBOOK_PATHS) expect(steps).toMatch(/^[1-4]\.[1-5](, [1-4]\.[1-5])*$/);
});

it('maps a path by the rule', () => {
  expect(mappedPath('infra/rate_limit/proactive.rs')).toBe('core/infra/rate-limit/proactive.ts');
  expect(mappedPath('core/state.rs')).toBe('core/state.ts');
});

it('refuses a file with a playbook name in another place', () => {
  const files = { ...ALL, 'core/dedup.ts': '', 'core/fills/own-idea.ts': '' };
  expect(withFiles(files, root => checkPlaybookMap(root))).toEqual([
    {
      file: 'core/dedup.ts',
      line: 0,
      message: "has the name of the playbook's fills/dedup.rs, which belongs at core/fills/dedup.ts",
    },
  ]);
});

it('refuses a missing path', () => {
  expect(withFiles(ALL, root => checkPlaybookMap(root))).toEqual([]);
  const { 'core/infra/arena.ts': _arena, ...rest } = ALL;
  expect(withFiles(rest, root => checkPlaybookMap(root)).map(({ file }) => file)).toEqual(['core/infra/arena.ts']);
});

it('finds all of them in this repository', () => {
  expect(checkPlaybookMap('.')).toEqual([]);
});
