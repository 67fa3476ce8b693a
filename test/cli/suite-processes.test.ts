/** Suites whose processes die, or are told to end. */
import { spawn } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { run } from './collect.ts';
import { QUIET, SILENT, scenarioFolder } from './suite-scenarios.ts';

vi.setConfig({ testTimeout: 120_000 });

const MAIN = 'dist/bundle/cli/main.js';
const folder = scenarioFolder({
  'a-dies.yaml': QUIET.replace('duration: 20s', 'duration: 20s, core: { risk: { maxInventoryUsd: 1 } }'),
  'b-throws.yaml': QUIET.replace('duration: 20s', 'duration: 20s, core: { risk: { maxInventoryUsd: 2 } }'),
  'c-quiet.yaml': QUIET,
  'd-silent.yaml': SILENT,
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Our own core, but for two settings. */
const core = join(folder, 'core.mjs');
writeFileSync(
  core,
  `import { createCore as ours } from '${pathToFileURL(resolve('dist/core/core.js')).href}';
export const createCore = (host, settings, instruments) => {
  if (settings.risk.maxInventoryUsd === 1) process.kill(process.pid, 'SIGKILL');
  if (settings.risk.maxInventoryUsd === 2) throw new TypeError('it broke');
  if (settings.risk.maxInventoryUsd === 3) for (;;);
  return ours(host, settings, instruments);
};
`,
);

describe('a suite whose runs break', () => {
  it.each(['1', '2'])('runs the others, and says which, with --jobs %s', async jobs => {
    const argv = ['suite', folder, '--core', core, '--jobs', jobs, '--json'];
    const { code, out, err } = await run(argv);
    expect([code, err]).toEqual([70, '']);
    const { results, ...totals } = JSON.parse(out);
    expect(totals).toMatchObject({ total: 4, passed: 2, failed: 0, unknown: 2 });
    const [dies, throws, quiet, silent] = results;
    expect(dies).toMatchObject({
      scenario: 'a-dies',
      verdict: 'unknown',
      error: { code: 'internal', message: 'the worker was ended by SIGKILL' },
      command: `npx replaybook run ${join(folder, 'a-dies.yaml')} --seed 1 --core ${core}`,
    });
    expect(throws).toMatchObject({ verdict: 'unknown', error: { code: 'internal', message: 'it broke' } });
    expect([quiet.verdict, silent.verdict]).toEqual(['pass', 'pass']);
  });

  it('says so for people, too', async () => {
    const { out } = await run(['suite', join(folder, 'a-dies.yaml'), '--core', core]);
    expect(out).toMatch(
      /^ERROR {2}a-dies, seed 1\n {2}- the worker was ended by SIGKILL\n {2}npx replaybook run \S+a-dies/,
    );
  });
});

describe('a suite one of whose runs hangs', () => {
  const hanging = scenarioFolder({
    'a-hangs.yaml': QUIET.replace('duration: 20s', 'duration: 20s, core: { risk: { maxInventoryUsd: 3 } }'),
    'b-quiet.yaml': QUIET,
  });
  afterAll(() => rmSync(hanging, { recursive: true }));

  it('ends it after --run-limit, and runs the others', async () => {
    const { code, out } = await run(['suite', hanging, '--core', core, '--jobs', '1', '--run-limit', '8s', '--json']);
    expect(code).toBe(70);
    const [hangs, quiet] = JSON.parse(out).results;
    const message = 'the run was ended after 8s: it hangs, or needs a longer --run-limit';
    expect(hangs).toMatchObject({ scenario: 'a-hangs', verdict: 'unknown', error: { code: 'internal', message } });
    expect(quiet.verdict).toBe('pass');
  });

  it.each(['0s', '8', '10000h', 'long'])('does not take --run-limit %s', async limit => {
    const { code, err } = await run(['suite', hanging, '--run-limit', limit]);
    expect(code).toBe(2);
    expect(err).toContain('--run-limit');
  });
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s in the middle of a suite', signal => {
  it('ends it at once, says how far it came, and leaves nothing behind', async () => {
    const results = scenarioFolder({});
    const [out, junit] = [join(results, 'out'), join(results, 'junit.xml')];
    const argv = ['suite', '--seeds', '1..50', '--out', out, '--junit', junit];
    const child = spawn(process.execPath, [MAIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', piece => {
      printed += piece;
    });
    let said = '';
    child.stderr.on('data', piece => {
      said += piece;
    });
    const ended = new Promise(end => child.on('close', (code, by) => end(by ?? code)));
    // The folder that it writes to is there as soon as it runs.
    while (readdirSync(results).length === 0) await new Promise(wait => setTimeout(wait, 20));
    await new Promise(wait => setTimeout(wait, 1_000));
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(printed).toBe('');
    expect(said).toMatch(/^replaybook: interrupted after \d+ of \d{4,} runs: \d+ passed, 0 failed\n/);
    expect(said).toContain(`\nNothing is written to ${out}, ${junit}.\n`);
    expect(readdirSync(results)).toEqual([]);
    rmSync(results, { recursive: true });
  });
});
