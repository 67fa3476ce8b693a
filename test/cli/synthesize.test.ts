import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTape } from '../../recordings/tape-file.ts';
import { PRESET_NAMES } from '../../sim/synthetic/presets.ts';
import { run } from './collect.ts';

const folder = mkdtempSync(join(tmpdir(), 'replaybook-synthesize-'));
afterAll(() => rmSync(folder, { recursive: true }));
const replaybook = (...argv: string[]) => run(argv);
const at = (name: string): string => join(folder, name);

describe('replaybook synthesize', () => {
  it('writes a tape, and a recording that imports to the same tape', async () => {
    const made = await replaybook(
      ...['synthesize', 'calm', '--instrument', 'BTC,hyna:HYPE', '--duration', '30s', '--seed', '7', '--json'],
      ...['--out', at('calm.arrow'), '--raw', at('calm.rec')],
    );
    expect(made.code).toBe(0);
    const { identity, instruments } = JSON.parse(made.out);
    expect(instruments.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['BTC', 'hyna:HYPE']);
    expect((await readTape(at('calm.arrow'))).identity).toBe(identity);
    const imported = await replaybook('import', at('calm.rec'), '--json');
    expect(JSON.parse(imported.out).identity).toBe(identity);
    const inspected = await replaybook('inspect', at('calm.arrow'));
    expect(inspected.out).toContain('made by a program (synthetic)');
  });

  it('makes a tape that scenarios run on', async () => {
    const { code } = await replaybook('run', 'healthy/tape', '--tape', at('calm.arrow'), '--json');
    expect(code).toBe(0);
  });

  it.each([
    [['calmer'], 'preset calmer: expected one of'],
    [['calm', '--instrument', 'BTC,DOGE'], '--instrument DOGE: expected one of BTC, ETH'],
    [['calm', '--instrument', 'BTC,ETH,BTC'], '--instrument BTC,ETH,BTC: BTC is there twice'],
    [['calm', '--out', at('one.arrow'), '--raw', join(folder, '.', 'one.arrow')], 'the tape goes there already'],
    [['calm', '--duration', '0.5s'], '--duration 0.5s: expected 1s to 24h'],
    [['calm', '--duration', '10'], '10 has no unit'],
    [['calm', '--seed', 'x'], '--seed x: expected a whole number'],
    [['calm', '--book-cadence', 'daily'], '--book-cadence daily: expected one of until-june-2026'],
    [['calm', '--out', folder], 'is a folder'],
  ])('refuses %j', async (words, message) => {
    const { code, err } = await replaybook('synthesize', ...words);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('takes blanks between instruments for nothing, and a second tape for the same place', async () => {
    for (const names of ['BTC, ETH', ' BTC ,ETH']) {
      const words = [
        'synthesize',
        'calm',
        '--instrument',
        names,
        '--duration',
        '2s',
        '--out',
        at('two.arrow'),
        '--json',
      ];
      const { out, code } = await replaybook(...words);
      expect(code).toBe(0);
      expect(JSON.parse(out).instruments.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['BTC', 'ETH']);
    }
  });

  it('leaves files of others alone', async () => {
    writeFileSync(at('notes.rec'), 'mine');
    const words = ['synthesize', 'calm', '--duration', '1s', '--out', at('new.arrow'), '--raw', at('notes.rec')];
    const { code, err } = await replaybook(...words);
    expect([code, err]).toEqual([2, expect.stringContaining('no recording')]);
    expect(readFileSync(at('notes.rec'), 'utf8')).toBe('mine');
    expect(existsSync(at('new.arrow'))).toBe(false);
  });
});

describe('replaybook list', () => {
  it('shows presets and instruments', async () => {
    const presets = JSON.parse((await replaybook('list', 'presets', '--json')).out);
    expect(presets.map(({ preset }: { preset: string }) => preset)).toEqual(PRESET_NAMES);
    const { out } = await replaybook('list', 'instruments');
    expect(out).toContain('hyna:BTC   tick 0.1, lot 0.00001');
    expect(out).toContain('isolated margin only');
  });

  it('shows the exchange’s settings beside the core’s', async () => {
    const { out } = await replaybook('list', 'settings');
    expect(out).toMatch(/exchange\.queueModel +RiskAdverseQueueModel/);
    expect(out).toMatch(/exchange\.limits\.openInterestCapUsd +none/);
  });
});

describe('replaybook run on a synthetic market', () => {
  it('says what it is, and keeps it in the run’s folder', async () => {
    const out = at('run');
    const { code, out: text } = await replaybook('run', 'healthy/calm', '--set', 'baseline.duration=60s', '--out', out);
    expect(code).toBe(0);
    expect(text).toContain('simulated (calm, BTC)');
    expect(text).toMatch(/have\s+impact/);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).tape).toBeNull();
    expect(readFileSync(join(out, 'scenario.yaml'), 'utf8')).toContain('synthetic: calm');
    const again = await replaybook('run', join(out, 'scenario.yaml'), '--json');
    const { digest } = JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8'));
    expect(JSON.parse(again.out).digest).toBe(digest);
  });

  it('takes a tape in its place', async () => {
    const { code, out } = await replaybook('run', 'healthy/volatile', '--tape', 'btc-busy', '--json');
    expect([code, JSON.parse(out).tape.name]).toEqual([0, 'btc-busy']);
  });
});
