/** A core of the user's own, run and judged by the same command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './collect.ts';

const EXAMPLE = 'dist/test/example-core/one-quote.js';
const folder = mkdtempSync(join(tmpdir(), 'replaybook-core-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('run --core', () => {
  it.each(['healthy/tape', 'healthy/calm', 'healthy/volatile'])('runs the example through %s', async scenario => {
    const { code, out } = await run(['run', scenario, '--core', EXAMPLE, '--json']);
    const verdict = JSON.parse(out);
    expect(verdict.checks.invariants.violations).toEqual([]);
    expect(verdict.verdict).toBe('pass');
    expect(verdict.stats.commands).toBeGreaterThan(30);
    expect(code).toBe(0);
  });

  it('runs another one than ours', async () => {
    const digest = async (...more: string[]): Promise<string> =>
      JSON.parse((await run(['run', 'healthy/tape', '--json', ...more])).out).digest;
    expect(await digest('--core', EXAMPLE)).not.toBe(await digest());
  });

  it.each([
    ['missing.js', null, 'cannot be loaded'],
    ['broken.mjs', 'export const createCore = ;', 'cannot be loaded'],
    ['other.mjs', 'export const core = 1;', 'exports no function createCore'],
  ])('refuses %s with one message', async (name, text, message) => {
    const file = join(folder, name);
    if (text !== null) writeFileSync(file, text);
    const { code, err } = await run(['run', 'healthy/tape', '--core', file]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain(file);
  });

  it('names the core in the command that reproduces a defect', async () => {
    const file = join(folder, 'throws.mjs');
    writeFileSync(
      file,
      'export const createCore = () => ({ receive() { throw new Error("oh"); }, metrics: new Float64Array(999) });',
    );
    const { code, err } = await run(['run', 'healthy/tape', '--core', file]);
    expect(code).toBe(70);
    expect(err).toContain(`--core ${file}`);
  });
});
