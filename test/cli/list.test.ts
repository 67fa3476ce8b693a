import { describe, expect, it } from 'vitest';
import { LISTS } from '../../sim/cli/options.ts';
import { run } from './collect.ts';

describe('list', () => {
  it.each(LISTS)('%s fits 100 columns and comes as JSON', async what => {
    const text = await run(['list', what]);
    expect(text).toMatchObject({ code: 0, err: '' });
    for (const line of text.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const json = await run(['list', what, '--json']);
    expect(JSON.parse(json.out).length).toBeGreaterThan(0);
    expect(json.out.trimEnd()).not.toContain('\n');
  });

  it('names settings as --set takes them', async () => {
    const { out } = await run(['list', 'settings', '--json']);
    const settings = JSON.parse(out) as { path: string; default: unknown }[];
    expect(settings).toContainEqual({ path: 'core.risk.maxInventoryUsd', default: 1_000, type: 'number', unit: 'USD' });
    const paths = settings.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    // Every leaf has a name of its own: lists have no place in the tree.
    expect(paths.filter(path => /\.\d+(\.|$)/.test(path))).toEqual([]);
    const { err } = await run([
      'run',
      'no-such-scenario',
      ...paths.slice(0, 3).flatMap(path => ['--set', `${path}=1`]),
    ]);
    expect(err).toContain('no scenario');
  });
});
