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

  it('shows scenarios by folder, by names that mean one alone, and marks the canary', async () => {
    const { out } = await run(['list', 'scenarios']);
    expect(out).toMatch(/^1-orders-not-sending\/\n {2}1\.1-every-action-429 +1\.1 {2}symptom\n {6}Every action /);
    expect(out).toMatch(/^canary\/\n {2}wrong-step-expected +\S+ {2}symptom \(a canary: it must fail\)\n/m);
    const names = Array.from(out.matchAll(/^ {2}(\S+) /gm), ([, name]) => name);
    const listed = JSON.parse((await run(['list', 'scenarios', '--json'])).out) as { id: string; mustFail: boolean }[];
    expect(names).toEqual(listed.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)));
    expect(new Set(names).size).toBe(names.length);
    expect(listed.filter(({ mustFail }) => mustFail).map(({ id }) => id)).toEqual(['canary/wrong-step-expected']);
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
