import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { DEFECTS } from '../../scenarios/defects/defects.ts';
import { parseXml } from '../support/xml.ts';
import { run } from './collect.ts';
import { FATES, QUIET, SILENT, scenarioFolder } from './suite-scenarios.ts';

// Workers take their time on a machine that does other things besides.
vi.setConfig({ testTimeout: 120_000 });

const fates = scenarioFolder(FATES);
const good = scenarioFolder({ 'passes.yaml': SILENT, 'quiet.yaml': QUIET });
const out = scenarioFolder({});
afterAll(() => {
  for (const folder of [fates, good, out]) rmSync(folder, { recursive: true });
});

/** Without the wall time, which is the only thing that may differ. */
const timeless = (text: string) => text.replace(/, \d+\.\d s\n$/, '\n');

describe('a suite in which all is well', () => {
  it('prints the score card of the steps that were run, and ends with 0', async () => {
    const { code, out: text, err } = await run(['suite', good, '--seeds', '1,2']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Array.from(text.matchAll(/^ {2}(\d\.\d) /gm), ([, step]) => step)).toEqual(['2.3']);
    expect(text).toContain('\nNo scenario of 19 other steps was run.\n');
    expect(text).toMatch(/^ {2}2\.3 market data stops arriving +1 +2 +2 +0 +0 +\d/m);
    expect(text).toMatch(/^healthy runs, .* 1 +2 +2 +0 +0/m);
    expect(text).toMatch(/^PASS {2}4 runs: 4 passed, 0 failed, 0 unknown, \d+\.\d s$/m);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(text).not.toContain('\u001b');
  });

  it('prints one JSON document with --json, and nothing else', async () => {
    const { code, out: text, err } = await run(['suite', good, '--seeds', '1,2', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(text.trimEnd()).not.toContain('\n');
    const { results, ...totals } = JSON.parse(text);
    expect(totals).toEqual({
      total: 4,
      passed: 4,
      failed: 0,
      unknown: 0,
      confusion: { '2.3': { '2.3': 2 }, none: { none: 2 } },
    });
    const { out: alone } = await run(['run', join(good, 'passes.yaml'), '--seed', '2', '--json']);
    const command = `npx replaybook run ${join(good, 'passes.yaml')} --seed 2`;
    expect(results[1]).toEqual({ ...JSON.parse(alone), form: 'plain', command });
  });
});

describe('a suite in which much goes wrong', async () => {
  const outFolder = join(out, 'new', 'suite');
  const [junit, markdown] = [join(out, 'junit.xml'), join(out, 'summary.md')];
  const argv = ['suite', fates, '--seeds', '1,2'];
  const text = await run([...argv, '--jobs', '2', '--out', outFolder, '--junit', junit, '--markdown', markdown]);
  const json = JSON.parse((await run([...argv, '--jobs', '2', '--json'])).out);

  it('runs all the same, and ends with 1', () => {
    expect([text.code, text.err]).toEqual([1, '']);
    expect(text.out).toContain('FAIL  13 runs: 4 passed, 4 failed, 5 unknown');
  });

  it('says of each what failed, and how to see it again', () => {
    expect(text.out).toContain(`ERROR  broken, seed 1\n  - ${join(fates, 'broken.yaml')}:1:1: expect: is missing`);
    const command = `npx replaybook run ${join(fates, 'fails.yaml')} --seed 2`;
    expect(text.out).toMatch(/FAIL {2}fails, seed 2\n {2}- the symptom appears: stale-quotes turned hot/);
    expect(text.out).toContain(`  ${command}\n`);
    expect(text.out).toMatch(/UNKNOWN {2}unknown, seed 1\n {2}- the cause: .* had no effect\n/);
    expect(text.out).toMatch(/\nWhat could not be run\n {2}- \S+broken.yaml:1:1: expect: is missing/);
    expect(text.out).toMatch(/ERROR {2}no-market, seed 1\n {2}- [\s\S]*?no sample of\s+that name/);
  });

  it('prints commands that bring the failures about again', async () => {
    for (const result of json.results.filter(({ verdict }: { verdict: string }) => verdict === 'fail')) {
      const [, , ...again] = result.command.split(' ');
      const { out: document, code } = await run([...again, '--json']);
      const { form, command, ...verdict } = result;
      expect(JSON.parse(document)).toEqual(verdict);
      expect(code).toBe(1);
    }
  });

  it('takes a canary that fails for right, and one that passes for wrong', () => {
    expect(text.out).toContain('\ncanary, seed 1: fails, as it must\n');
    expect(text.out).toContain('FAIL  dead-canary, seed 1\n  - it passes, and is there to fail\n');
    const canary = json.results.find(({ scenario }: { scenario: string }) => scenario === 'canary');
    expect(canary).toMatchObject({ verdict: 'fail', mustFail: true });
  });

  it('is the same with any number of workers', async () => {
    const one = await run([...argv, '--jobs', '1']);
    expect(timeless(one.out)).toBe(timeless(text.out));
    expect(JSON.parse((await run([...argv, '--jobs', '3', '--json'])).out)).toEqual(json);
  });

  it('writes all results, and a folder for each run that went wrong', async () => {
    expect(JSON.parse(readFileSync(join(outFolder, 'results.json'), 'utf8'))).toEqual(json);
    expect(readdirSync(join(outFolder, 'failures')).sort()).toEqual(['dead-canary', 'fails', 'unknown']);
    const failed = join(outFolder, 'failures', 'fails', 'seed-2');
    expect(readdirSync(failed).sort()).toEqual(['manifest.json', 'metrics.prom', 'scenario.yaml', 'verdict.json']);
    const again = await run(['run', join(failed, 'scenario.yaml'), '--seed', '2', '--json']);
    expect(JSON.parse(again.out).digest).toBe(JSON.parse(readFileSync(join(failed, 'verdict.json'), 'utf8')).digest);
    // Nothing is left of what was written beside.
    expect(readdirSync(join(out, 'new'))).toEqual(['suite']);
  });

  it('writes JUnit XML and a summary', () => {
    const { attributes } = parseXml(readFileSync(junit, 'utf8'));
    expect(attributes).toMatchObject({ tests: '13', failures: '4', errors: '5' });
    // Times are for build servers alone.
    expect(Number(attributes.time)).toBeGreaterThan(0);
    expect(JSON.stringify(json)).not.toContain('wallMs');
    expect(readFileSync(markdown, 'utf8')).toContain('## Replaybook: 4 of 13 runs passed');
    expect(readdirSync(out).sort()).toEqual(['absorbed.yaml', 'junit.xml', 'new', 'summary.md']);
  });

  it('replaces files and folders of its own, and nothing else', async () => {
    const rest = ['suite', join(good, 'quiet.yaml')];
    const again = await run([...rest, '--out', outFolder, '--junit', junit, '--markdown', markdown]);
    expect(again.code).toBe(0);
    expect(readdirSync(outFolder).sort()).toEqual(['manifest.json', 'results.json']);
    expect(parseXml(readFileSync(junit, 'utf8')).attributes.tests).toBe('1');
    writeFileSync(join(out, 'notes.md'), '# Mine');
    mkdirSync(join(out, 'mine'));
    writeFileSync(join(out, 'mine', 'x'), '');
    const refusals = [
      [['--markdown', join(out, 'notes.md')], 'there is a file in the way that is no summary of a suite'],
      [['--junit', join(out, 'notes.md')], 'there is a file in the way that is no JUnit file'],
      [['--junit', '/dev/null'], '--junit /dev/null: is no plain file'],
      [['--junit', out], 'is a folder: name a file in it'],
      [['--out', join(out, 'mine')], 'there is a folder that is not of a suite in the way'],
      [['--markdown', join(out, 'none', 'x.md')], 'no such file or folder'],
    ] as const;
    for (const [options, message] of refusals) {
      const refused = await run([...rest, ...options]);
      expect([refused.code, refused.out]).toEqual([2, '']);
      expect(refused.err).toContain(message);
    }
    expect(readFileSync(join(out, 'notes.md'), 'utf8')).toBe('# Mine');
  });
});

describe('forms', () => {
  const name = join(out, 'absorbed.yaml');
  writeFileSync(
    name,
    `title: A silence that is over before anybody minds
playbook: "2.3"
baseline: { market: { tape: btc-busy }, duration: 45s }
cause: { faults: [{ kind: feed-silence, target: all, at: 10s, for: 12s }] }
expect: { outcome: absorbed, symptom: stale-quotes, appearsWithin: 22s, diagnosis: "2.3" }
pairedDefect: { set: { core.infra.dataQuality.gateAge: 6s } }
resolution: { selfHeal: true, healFor: 10s }
`,
  );

  it('are both run, each by its name and with the command for it', async () => {
    const { results } = JSON.parse((await run(['suite', name, '--seeds', '1,2', '--json'])).out);
    const told = results.map(({ scenario, form, seed }: Record<string, unknown>) => [scenario, form, seed]);
    expect(told).toEqual([
      ['absorbed', 'plain', 1],
      ['absorbed', 'plain', 2],
      ['absorbed+defect', 'defect', 1],
      ['absorbed+defect', 'defect', 2],
    ]);
    const { form, command, ...verdict } = results[3];
    expect(command).toBe(`npx replaybook run ${name} --seed 2 --form defect`);
    const [, , ...again] = command.split(' ');
    expect(JSON.parse((await run([...again, '--json'])).out)).toEqual(verdict);
  });

  it.each(['plain', 'defect'])('may be only the %s one', async form => {
    const { results } = JSON.parse((await run(['suite', name, '--form', form, '--json'])).out);
    expect(results.map((result: { form: string }) => result.form)).toEqual([form]);
  });
});

it('says of how many scenarios no variation was made', async () => {
  const { code, out: text } = await run(['suite', good, '--vary', '2']);
  expect(code).toBe(0);
  expect(text).toContain('\nNo variation was made of 2 scenarios: they give no limits to vary within (vary).\n');
});

it('holds every known defect against every plain run', async () => {
  const { code, out: text } = await run(['suite', join(good, 'quiet.yaml'), '--defects', '--json']);
  const { defects, total, failed } = JSON.parse(text);
  expect(defects.map(({ defect }: { defect: string }) => defect)).toEqual(DEFECTS.map(({ name }) => name));
  expect({ total, failed }).toEqual({ total: 1, failed: 0 });
  const missed = defects.filter(({ runs, caught }: { runs: number; caught: number }) => runs === 1 && caught === 0);
  expect(code).toBe(missed.length === 0 ? 0 : 1);
});

it('does not count what was planted nowhere', async () => {
  const { code, out: text } = await run(['suite', join(fates, 'canary.yaml'), '--defects']);
  expect([code, text]).toEqual([0, expect.stringContaining(`\n${DEFECTS.length} defects were not tried: `)]);
  const { defects, untriedDefects } = JSON.parse(
    (await run(['suite', join(fates, 'canary.yaml'), '--defects', '--json'])).out,
  );
  expect([defects, untriedDefects]).toEqual([[], DEFECTS.map(({ name }) => name)]);
});

describe('exit codes', () => {
  it.each([
    ['unknown', ['unknown.yaml', 'passes.yaml'], 3],
    ['a file that cannot be read, though another is unknown', ['broken.yaml', 'unknown.yaml'], 2],
    ['a canary that fails', ['canary.yaml'], 0],
    ['a canary that passes', ['dead-canary.yaml', 'broken.yaml'], 1],
  ])('of %s', async (_, files, code) => {
    const ran = await run(['suite', ...files.map(file => join(fates, file))]);
    expect(ran.code).toBe(code);
  });
});

describe('a mistake on the command line of suite', () => {
  it.each([
    [['suite', '2.3-all-feeds-silnt'], 'did you mean "2.3-all-feeds-silent"?'],
    [['suite', '--form', 'plian'], '--form plian: expected one of plain, defect, both (did you mean "plain"?)'],
    [['suite', '--jobs', '0'], '--jobs 0: expected a whole number from 1 to 256'],
    [['suite', '--seeds', '5..1'], '--seeds 5..1: 5..1 runs backwards'],
    [['suite', '--core', 'none.js'], 'the core none.js cannot be loaded'],
    [['suite', '--core', 'none.js', '--defects'], '--defects are of our own core'],
    [['suite', '--core', 'none.js', '--form', 'both'], '--form both plants defects into our own core'],
    [['suite', '--defects', '--form', 'defect'], '--defects are held against plain runs'],
    [['run', 'healthy/tape', '--defect', 'no-such-bug'], 'there is no defect no-such-bug'],
    [['suite', '--fail-fast'], 'there is no option --fail-fast'],
    [['suite', ''], 'a name is empty'],
  ])('%j ends with 2 and one message', async (argv, message) => {
    const { code, out: text, err } = await run(argv);
    expect({ code, text }).toEqual({ code: 2, text: '' });
    expect(err).toContain(message);
  });

  it.each([
    [['passes.yaml'], 'passes is paired with no defect: --form defect has nothing to plant'],
    [['passes.yaml', 'quiet.yaml'], 'none of the 2 scenarios is paired with a defect: --form defect has nothing to'],
  ])('is that there is nothing to run: %j', async (files, message) => {
    const results = join(out, 'none');
    const argv = ['suite', ...files.map(file => join(good, file)), '--form', 'defect', '--out', results];
    const { code, out: text, err } = await run(argv);
    expect({ code, text }).toEqual({ code: 2, text: '' });
    expect(err).toContain(message);
    expect(existsSync(results)).toBe(false);
  });

  it('is that two scenarios go by one name', async () => {
    const { code, err } = await run(['suite', fates, good]);
    expect(code).toBe(2);
    expect(err).toContain('are both called passes: rename one of them');
  });
});

it('shows progress on a terminal only, and colour', async () => {
  const errs: string[] = [];
  const surroundings = { errIsTerminal: true, outIsTerminal: true, err: (text: string) => errs.push(text) };
  const { out: text } = await run(['suite', good], surroundings);
  expect(text).toContain('\u001b[');
  // Within a second nothing is shown; whatever is shown is taken away.
  for (const shown of errs) expect(shown.replace('\r\u001b[K', '')).toMatch(/^(\d+ of 2 runs)?$/);
  expect(existsSync(good)).toBe(true);
});
