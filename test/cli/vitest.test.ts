import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectScenario } from '../../sim/cli/vitest.ts';
import { createCore as oneQuote } from '../example-core/one-quote.ts';
import { run } from './collect.ts';
import { FATES, scenarioFolder } from './suite-scenarios.ts';

const fates = scenarioFolder(FATES);
afterAll(() => rmSync(fates, { recursive: true }));
const fate = (name: string) => join(fates, `${name}.yaml`);

/** As a test in JavaScript calls it. */
const call = expectScenario as (name: string, options: unknown) => Promise<unknown>;

describe('a scenario as one line of a test', () => {
  it('passes where its verdict does, and gives the verdict', async () => {
    const verdict = await expectScenario('2.3-all-feeds-silent', { seed: 3 });
    const { out } = await run(['run', '2.3-all-feeds-silent', '--seed', '3', '--json']);
    expect(verdict).toEqual(JSON.parse(out));
  });

  it('takes changes, and a core', async () => {
    const set = ['baseline.duration=30s'];
    const { digest } = await expectScenario('healthy/tape', { set, createCore: oneQuote });
    const ours = await expectScenario('healthy/tape', { set });
    expect(digest).not.toBe(ours.digest);
    expect(ours.stats.virtualNs).toBe(30e9);
  });

  it('judges a core against its own twin, whatever ran before', async () => {
    const set = ['baseline.duration=20s'];
    const twin = async (core = {}) => (await expectScenario('healthy/tape', { set, seed: 9, ...core })).twin.digest;
    const ours = await twin();
    const theirs = await twin({ createCore: oneQuote });
    expect(theirs).not.toBe(ours);
    expect([await twin({ createCore: oneQuote }), await twin()]).toEqual([theirs, ours]);
  });

  it.each([[{}], [{ metrics: new Float64Array(3) }]])('refuses a core with too few metrics: %j', async made => {
    const createCore = () => ({ receive: () => {}, snapshot: () => null, restore: () => {}, ...made });
    const refused = call('healthy/tape', { set: ['baseline.duration=10s'], createCore });
    await expect(refused).rejects.toMatchObject({ name: 'ReplaybookError', code: 'usage' });
    await expect(refused).rejects.toThrow('expected metrics = new Float64Array(METRICS.length)');
  });

  it('fails with the checks and the command that shows it again', async () => {
    const set = ['expect.resolvesWithin=6s'];
    const failing = expectScenario(fate('fails'), { seed: 2, set });
    await expect(failing).rejects.toThrow(
      /^fails, seed 2, expect\.resolvesWithin=6s: fail\n {2}- the symptom appears: .* later than 1\.0 s\n/,
    );
    const error = await failing.catch(reason => reason);
    expect(error).toMatchObject({ name: 'AssertionError', actual: 'fail', expected: 'pass' });
    const [, command] = /to reproduce: npx replaybook (.*)$/.exec(error.message) ?? [];
    expect(command).toBe(`run ${fate('fails')} --seed 2 --set expect.resolvesWithin=6s`);
    expect((await run(command.split(' '))).code).toBe(1);
  });

  it('fails where nothing can be said, and where a canary passes', async () => {
    await expect(expectScenario(fate('unknown'))).rejects.toThrow('unknown, seed 1: unknown\n  - the cause: ');
    await expect(expectScenario(fate('dead-canary'))).rejects.toThrow('it passes, and is there to fail');
    await expect(expectScenario(fate('canary'))).resolves.toMatchObject({ verdict: 'fail' });
  });

  it('says what is wrong with a name, a file or a form', async () => {
    await expect(expectScenario('2.3-all-feeds-silnt')).rejects.toThrow('did you mean "2.3-all-feeds-silent"?');
    await expect(expectScenario(fate('broken'))).rejects.toThrow('expects: unknown key');
    await expect(expectScenario('healthy/tape', { form: 'defect' })).rejects.toThrow('has no form defect');
  });

  it.each([
    [{ sed: 3 }, 'there is no option sed (did you mean "seed"?); known: seed, form, set, tape, createCore'],
    [{ seed: -3 }, 'seed is -3: expected a whole number from 0 to 9007199254740991, such as seed: 3'],
    [{ seed: 1.5 }, 'seed is 1.5: expected a whole number'],
    [{ seed: 'abc' }, "seed is 'abc': expected a whole number"],
    [{ seed: null }, 'seed is null: expected a whole number'],
    [{ seed: 2 ** 53 }, 'seed is 9007199254740992: expected a whole number'],
    [{ form: 'defct' }, "form is 'defct': expected 'plain' or 'defect'"],
    [{ set: 'core.risk.maxInventoryUsd=500' }, 'expected a list of changes, such as set: ['],
    [{ set: [1] }, 'set is [ 1 ]: expected a list'],
    [{ tape: '' }, "tape is '': expected the path"],
    [{ createCore: {} }, 'createCore is {}: expected a function that makes a core'],
    [3, 'the options are 3: expected an object, such as { seed: 3 }'],
    [null, 'the options are null'],
  ])('refuses %j before anything is run', async (options, message) => {
    const calling = call('healthy/tape', options);
    await expect(calling).rejects.toMatchObject({ name: 'ReplaybookError', code: 'usage' });
    await expect(calling).rejects.toThrow('expectScenario: ');
    await expect(calling).rejects.toThrow(message);
  });

  it('refuses a name that is none, and takes an option that is not given', async () => {
    await expect(expectScenario('')).rejects.toThrow("the scenario is '': expected an id");
    const options = { set: ['baseline.duration=10s'], seed: undefined };
    await expect(call('healthy/tape', options)).resolves.toMatchObject({ seed: 1 });
  });
});

it('is what the package exports, with what a core’s author needs beside it', () => {
  const script = `
    import { expectScenario } from 'replaybook/vitest';
    import { createCore, METRICS } from 'replaybook';
    const set = ['baseline.duration=10s'];
    const { verdict } = await expectScenario('healthy/tape', { set, createCore });
    console.log(verdict, METRICS.length > 0);`;
  const argv = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['pass true\n', '']);
});
