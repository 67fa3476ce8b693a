import { expect, it } from 'vitest';
import { withFiles } from './planted.ts';
import { checkPlaybookMap, mappedPath, PLAYBOOK_PATHS } from './playbook-map.ts';

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
  const files = { 'core/dedup.ts': '', 'core/fills/consumer.ts': '', 'core/fills/own-idea.ts': '' };
  expect(withFiles(files, root => checkPlaybookMap(root, false))).toEqual([
    {
      file: 'core/dedup.ts',
      line: 0,
      message: "has the name of the playbook's fills/dedup.rs, which belongs at core/fills/dedup.ts",
    },
  ]);
});

it('refuses a missing path only when all must be there', () => {
  const all = Object.fromEntries(PLAYBOOK_PATHS.map(([path]) => [mappedPath(path), '']));
  expect(withFiles(all, root => checkPlaybookMap(root, true))).toEqual([]);
  const { 'core/infra/arena.ts': _arena, ...rest } = all;
  expect(withFiles(rest, root => checkPlaybookMap(root, false))).toEqual([]);
  expect(withFiles(rest, root => checkPlaybookMap(root, true)).map(({ file }) => file)).toEqual([
    'core/infra/arena.ts',
  ]);
});
