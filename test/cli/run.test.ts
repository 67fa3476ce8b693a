/** Runs, folders and kept tapes, by the program in this process. */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { type Ran, run } from './collect.ts';

const folder = mkdtempSync(join(tmpdir(), 'replaybook-run-'));
const cache = join(folder, 'cache');

function replaybook(...argv: string[]): Promise<Ran> {
  return run(argv, { env: { XDG_CACHE_HOME: cache } });
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('run', () => {
  it('prints a verdict, and the same as JSON', async () => {
    const text = await replaybook('run', 'healthy/tape');
    const json = await replaybook('run', 'healthy/tape', '--json');
    const verdict = JSON.parse(json.out);
    expect(verdict).toMatchObject({ scenario: 'healthy/tape', playbook: null, seed: 1, tape: { name: 'btc-busy' } });
    expect(Object.keys(verdict.checks)).toEqual([
      'twinClean',
      'causeTookEffect',
      'symptomAppeared',
      'diagnosed',
      'symptomResolved',
      'invariants',
    ]);
    const code = { pass: 0, fail: 1, unknown: 3 }[verdict.verdict as 'pass'];
    expect([text.code, json.code, text.err, json.err]).toEqual([code, code, '', '']);
    expect(text.out).toContain(verdict.digest);
    expect(text.out).not.toContain('\u001b[');
    expect(json.out.trimEnd().split('\n')).toHaveLength(1);
  });

  it('without a cause is its own twin, and another seed is another run', async () => {
    const one = JSON.parse((await replaybook('run', 'healthy/tape', '--json')).out);
    const two = JSON.parse((await replaybook('run', 'healthy/tape', '--json', '--seed', '2')).out);
    expect(one.digest).toBe(one.twin.digest);
    expect(two.digest).not.toBe(one.digest);
  });

  it('writes a folder that runs again as it was, and replaces it but nothing else', async () => {
    const out = join(folder, 'deep', 'run');
    const set = ['--set', 'core.risk.maxInventoryUsd=600'];
    const first = JSON.parse(
      (await replaybook('run', '2.3-all-feeds-silent', '--seed', '3', ...set, '--out', out, '--json')).out,
    );
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'metrics.prom', 'scenario.yaml', 'verdict.json']);
    expect(JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8'))).toEqual(first);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ seed: 3, digest: first.digest, tape: first.tape, scenario: first.scenario });
    expect(readFileSync(join(out, 'metrics.prom'), 'utf8')).toMatch(/^mm_quote_cycles_total \d+$/m);

    const again = JSON.parse((await replaybook('run', join(out, 'scenario.yaml'), '--seed', '3', '--json')).out);
    expect(again.digest).toBe(first.digest);

    expect((await replaybook('run', 'healthy/tape', '--out', out)).err).toBe('');
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).scenario).toBe('healthy/tape');
    expect(readdirSync(join(folder, 'deep'))).toEqual(['run']);

    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'precious.txt'), 'keep me');
    const refused = await replaybook('run', 'healthy/tape', '--out', taken);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('there is a folder that is not of a run in the way');
    expect(readdirSync(taken)).toEqual(['precious.txt']);
  });

  it('does not take an empty --out for the folder that it is started in', async () => {
    const home = process.cwd();
    const before = readdirSync(home);
    expect((await replaybook('run', 'healthy/tape', '--out', '')).code).toBe(2);
    expect(readdirSync(home)).toEqual(before);
  });

  it('leaves a run’s folder alone in which somebody keeps something else', async () => {
    const out = join(folder, 'with-notes');
    await replaybook('run', 'healthy/tape', '--out', out);
    writeFileSync(join(out, 'notes.txt'), 'keep me');
    const { code, err } = await replaybook('run', 'healthy/tape', '--out', out);
    expect(code).toBe(2);
    expect(err).toContain('the folder of a run that also holds other files, such as notes.txt, in the way');
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('keep me');
  });

  it('writes through a link to a folder, and refuses a path through a file before it runs', async () => {
    const real = join(folder, 'real');
    const link = join(folder, 'link');
    mkdirSync(real);
    symlinkSync(real, link);
    expect((await replaybook('run', 'healthy/tape', '--out', link)).code).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(real)).toContain('manifest.json');

    const { code, out, err } = await replaybook('run', 'healthy/tape', '--out', 'package.json/sub/run');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(
      /--out package.json\/sub\/run: cannot be written: .*package.json is no folder; name another place/,
    );
  });

  it('does not let a title steer the terminal', async () => {
    const { out } = await replaybook('run', 'healthy/tape', '--set', 'title="a\\e[31mb"');
    expect(out).toContain('PASS  a\\x1b[31mb');
    expect(out).not.toContain('\u001b');
  });

  it('takes a number for the text that it stands in the place of', async () => {
    expect(
      (await replaybook('run', '2.3-all-feeds-silent', '--set', 'playbook=2.3', '--set', 'expect.diagnosis=2.3')).code,
    ).toBe(0);
    expect((await replaybook('run', '2.3-all-feeds-silent', '--set', 'cause.faults.0.at=50')).err).toContain(
      '50 has no unit',
    );
  });

  it.each([
    ['core.strategy.ladder.levels', '1', '1000', ['0', '1001', '1.5', '1e18'], 'a whole number from 1 to 1000'],
    ['core.execution.orderLifecycle.closedKept', '1', '1000000', ['0', '0.3', '1000001'], 'from 1 to 1000000'],
    ['core.fills.dedupCapacity', '1', '1000000', ['0', '1e18'], 'from 1 to 1000000'],
    ['core.infra.supervisor.checkInterval', '1ms', '1h', ['0s', '999us', '3601s'], 'a duration from 1ms to 1h'],
  ])('refuses %s outside its limits', (path, least, most, beyond, message) => {
    for (const value of [least, most])
      expect(() => openScenario('healthy/tape', { set: [`${path}=${value}`] })).not.toThrow();
    for (const value of beyond) {
      expect(() => openScenario('healthy/tape', { set: [`${path}=${value}`] })).toThrow(message);
    }
  });

  it('says so where the scenario does not fit the tape', async () => {
    const { code, err } = await replaybook('run', '2.3-all-feeds-silent', '--set', 'cause.faults.0.at=150s');
    expect(code).toBe(2);
    expect(err).toContain('--set cause.faults.0.at=150s: cause.faults.0.at: the last 30s of a run are free of faults');
  });
});

describe.skipIf(!HAVE_DATA)('a recording of one’s own', () => {
  const digest = async (...argv: string[]): Promise<string> =>
    JSON.parse((await replaybook('run', 'healthy/tape', '--json', ...argv)).out).digest;

  it('is imported, kept beside it, and gives the same run from there', async () => {
    const file = join(folder, 'mine.gz');
    copyFileSync(WS_CAPTURE, file);
    const uncached = await digest('--tape', file, '--no-cache');
    expect(existsSync(`${file}.arrow`)).toBe(false);
    expect(await digest('--tape', file)).toBe(uncached);
    const kept = statSync(`${file}.arrow`);
    expect(await digest('--tape', file)).toBe(uncached);
    expect(statSync(`${file}.arrow`).mtimeMs).toBe(kept.mtimeMs);
  });

  it('is imported again when its kept tape is damaged or of other bytes', async () => {
    const file = join(folder, 'again.gz');
    copyFileSync(WS_CAPTURE, file);
    const right = await digest('--tape', file);
    const kept = readFileSync(`${file}.arrow`);
    kept[Math.floor(kept.length / 2)] ^= 1;
    writeFileSync(`${file}.arrow`, kept);
    expect(await digest('--tape', file)).toBe(right);
    expect(readFileSync(`${file}.arrow`).equals(kept)).toBe(false);

    // The recording is another one now, and its kept tape no longer counts.
    writeFileSync(file, JSON.stringify({ not: 'a recording' }));
    expect((await replaybook('run', 'healthy/tape', '--tape', file)).code).toBe(2);
  });

  it('is kept in the cache folder where a foreign file has its name, which is left alone', async () => {
    const file = join(folder, 'foreign.gz');
    copyFileSync(WS_CAPTURE, file);
    writeFileSync(`${file}.arrow`, 'ARROW1\0\0 of somebody else');
    await digest('--tape', file);
    expect(readFileSync(`${file}.arrow`, 'utf8')).toBe('ARROW1\0\0 of somebody else');
    expect(readdirSync(join(cache, 'replaybook'))).toHaveLength(1);
  });

  it('is imported to a tape that inspect reads and import does not put in the place of other files', async () => {
    const tape = join(folder, 'ws.arrow');
    const report = JSON.parse((await replaybook('import', WS_CAPTURE, '--out', tape, '--json')).out);
    expect(report).toMatchObject({ format: 'hyperliquid-ws', frames: 55, out: tape });
    const inspection = JSON.parse((await replaybook('inspect', tape, '--json')).out);
    expect(inspection.tape).toMatchObject({ identity: report.identity, frames: 55, tradeRows: 64 });
    expect((await replaybook('inspect', tape)).out).toContain('recorded at a real exchange (hyperliquid-ws)');
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'notes');
    expect(await replaybook('import', WS_CAPTURE, '--out', text)).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(text, 'utf8')).toBe('notes');
  });
});
