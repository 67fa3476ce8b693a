/** The program as users start it: built, in a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { differenceText } from '../../sim/cli/difference.ts';
import { run } from './collect.ts';
import { OTHER_SEED, otherNode } from './other-node.ts';

// Processes take their time on a machine that does other things besides.
vi.setConfig({ testTimeout: 120_000 });

const MAIN = 'dist/bundle/cli/main.js';
const folder = mkdtempSync(join(tmpdir(), 'replaybook-cli-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the built program', () => {
  it('can be started as a program, as npx does', () => {
    expect(spawnSync(MAIN, ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints what the same program prints in this process, and ends with the same code', async () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'run', 'healthy/tape'], { encoding: 'utf8' });
    expect({ code: status, out: stdout, err: stderr }).toEqual(await run(['run', 'healthy/tape']));
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [MAIN, 'list', 'settings'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', piece => {
      err += piece;
    });
    child.stdout.destroy();
    const code = await new Promise(resolve => child.on('close', resolve));
    expect([code, err]).toEqual([0, '']);
  });

  it('keeps its verdict when nobody reads it', async () => {
    const argv = [MAIN, 'run', 'healthy/tape', '--set', 'core.risk.maxInventoryUsd=0'];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.destroy();
    expect(await new Promise(resolve => child.on('close', resolve))).toBe(1);
  });

  it.runIf(existsSync('/dev/full'))('says so when what it prints cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const stdio = ['ignore', full, 'pipe'] as const;
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'list', 'faults'], {
      encoding: 'utf8',
      stdio: [...stdio],
    });
    closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toBe('replaybook: standard output cannot be written: no space left on the disk\n');
  });
});

describe('verify', () => {
  it('finds that fresh processes agree', async () => {
    const argv = ['verify', 'healthy/tape', '--seeds', '1..2', '--node', process.execPath, '--runs', '1', '--json'];
    const { code, out } = await run(argv);
    expect(code).toBe(0);
    const { agree, results } = JSON.parse(out);
    expect(agree).toBe(true);
    expect(results.map(({ seed, runs }: { seed: number; runs: unknown[] }) => [seed, runs.length])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('names the first event at which they do not', async () => {
    const node = otherNode(folder, 'other-node', OTHER_SEED);
    const { code, out } = await run(['verify', 'healthy/tape', '--runs', '1', '--node', node, '--json']);
    expect(code).toBe(4);
    const { agree, results } = JSON.parse(out);
    expect(agree).toBe(false);
    const { what, phase, block, first } = results[0].difference;
    expect({ what, phase }).toEqual({ what: 'digest', phase: 'twin' });
    expect(first.event).toBeGreaterThanOrEqual(block * 1_024);
    expect(first.a).not.toEqual(first.b);
    expect(first.a.atNs).toBeGreaterThanOrEqual(0);
    expect(differenceText(results[0].difference)).toContain(`first at event ${first.event}: `);
  });

  it('says when a Node cannot be run', async () => {
    const { code, err } = await run(['verify', 'healthy/tape', '--runs', '1', '--node', join(folder, 'no-node')]);
    expect(code).toBe(2);
    expect(err).toContain('cannot be run: no such file or folder');
  });

  it.runIf(existsSync('/bin/echo'))('says when another program answers in the place of Node', async () => {
    for (const other of ['/bin/echo', '/bin/true']) {
      const { code, out } = await run(['verify', 'healthy/tape', '--runs', '1', '--json', '--node', other]);
      expect(code).toBe(2);
      expect(JSON.parse(out).error.message).toContain(`--node ${other}: is it a Node of 20.19 or later?`);
    }
  });
});
