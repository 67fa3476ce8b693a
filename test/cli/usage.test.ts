import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES, COMMANDS } from '../../sim/cli/options.ts';
import { parse } from '../../sim/cli/parse.ts';
import { quickParse } from '../../sim/cli/quick-parse.ts';
import { parseSeeds } from '../../sim/cli/seeds.ts';
import { runCommand } from '../../sim/cli/shell.ts';
import { run } from './collect.ts';

const NO_IO = { out() {}, err() {}, outIsTerminal: false, errIsTerminal: false, columns: undefined, env: {} };

describe('help', () => {
  it.each([[[]], ...COMMAND_NAMES.map(name => [[name]])])('of %j fits 100 columns', async words => {
    const { code, out, err } = await run([...words, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('replaybook');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it.each(COMMAND_NAMES)('of %s has an example and every option', async name => {
    const { out } = await run([name, '--help']);
    expect(out).toContain(COMMANDS[name].examples[0][0].replace('$0', 'replaybook'));
    for (const option of Object.keys(COMMANDS[name].options)) expect(out).toContain(`--${option}`);
  });

  it('names the version', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
  });

  it('fits a narrow terminal', async () => {
    const { out } = await run(['run', '--help'], { columns: 60 });
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('a mistake on the command line', () => {
  it.each([
    [[], 'Expected a command (see replaybook --help)'],
    [['rnu'], 'there is no command "rnu" (did you mean "run"?) (see replaybook --help)'],
    [['run'], 'a <scenario> is missing (see replaybook run --help)'],
    [['run', 'a', 'b'], 'Unknown argument: b (see replaybook run --help)'],
    [['run', 'healthy/tape', '--sed', '3'], 'Unknown argument: sed (see replaybook run --help)'],
    [['run', 'healthy/tape', '--trace'], 'Unknown argument: trace (see replaybook run --help)'],
    [['run', 'healthy/tape', '--seed'], 'Not enough arguments following: seed (see replaybook run --help)'],
    [['run', 'healthy/tape', '--seed', '1', '--seed', '2'], '--seed is given twice'],
    [['run', 'healthy/tape', '--seed', '-1'], '--seed -1: expected a whole number from 0 to 9007199254740991'],
    [['run', 'healthy/tape', '--seed', '1.5'], '--seed 1.5: expected a whole number from 0 to 9007199254740991'],
    [['run', 'healthy/tape', '--seed', '9007199254740992'], '--seed 9007199254740992: expected a whole number'],
    [['run', 'helthy/tape'], 'no scenario "helthy/tape"; did you mean "healthy/tape"?'],
    [['run', 'healthy/tape', '--set', 'x'], '--set x: expected path=value, such as core.risk.maxInventoryUsd=500'],
    [['run', 'healthy/tape', '--tape', 'none.gz'], '--tape'],
    [
      ['list', 'things'],
      'Invalid values:\n  Argument: what, Given: "things", Choices: "scenarios", "faults", "symptoms", "settings"',
    ],
    [['import', 'none.gz'], 'none.gz'],
    [['import', 'package.json', '--format', 'binanse'], '--format binanse: expected one of'],
    [['import', 'package.json', '--out', 'package.json'], '--out package.json: that is the recording itself'],
    [['import', 'package.json', '--out', 'README.md'], 'README.md'],
    [['inspect', 'package.json'], 'package.json'],
    [['verify', 'healthy/tape', '--seeds', '5..1'], '--seeds 5..1: 5..1 runs backwards'],
    [['verify', 'healthy/tape', '--runs', '0'], '--runs 0: expected a whole number from 1 to 1000'],
  ])('%j ends with 2 and one message', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toMatch(/^replaybook: /);
    expect(err).not.toContain('    at ');
  });

  it('is one JSON document with --json, and nothing on standard error', async () => {
    const { code, out, err } = await run(['run', 'healthy/tape', '--json', '--set', 'core.riks.x=1']);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    const { error } = JSON.parse(out);
    expect(error).toMatchObject({ code: 'scenario', file: '--set core.riks.x=1', line: null });
    expect(error.message).toContain('did you mean "risk"?');
  });
});

describe('the quick way to read a command line', () => {
  it.each([
    [['run', 'a']],
    [['run', 'a', '--seed', '7']],
    [['run', '--seed=7', 'a', '--json']],
    [['run', 'a', '--set', 'x=1', '--set', 'y=2', '--tape', 'f', '--out', 'd', '--no-cache']],
    [['run', '--set', 'x=1', 'a']],
    [['run', 'a', '--set=x=[1, 2]']],
  ])('agrees with yargs on %j', async argv => {
    const quick = quickParse(argv);
    const slow = await parse(argv, NO_IO);
    expect(quick).not.toBeNull();
    for (const option of Object.keys(COMMANDS.run.options)) {
      const read = (request: typeof quick) => [request?.text(option), request?.flag(option), request?.list(option)];
      expect(read(quick)).toEqual(read(slow));
    }
    expect(quick?.operands).toEqual(slow?.operands);
  });

  it.each([
    [['run']],
    [['run', 'a', 'b']],
    [['run', 'a', '--help']],
    [['run', 'a', '--seed', '1', '--seed', '2']],
    [['list', 'faults']],
    [[]],
  ])('leaves %j to yargs', argv => {
    expect(quickParse(argv)).toBeNull();
  });
});

describe('shell completion', () => {
  it('prints a script', async () => {
    const { code, out } = await run(['completion']);
    expect(code).toBe(0);
    expect(out).toContain('replaybook');
    expect(out).toContain('complete');
  });

  it('knows commands, scenarios and options', async () => {
    expect((await run(['--get-yargs-completions', 'replaybook', ''])).out).toContain('inspect');
    const { out } = await run(['--get-yargs-completions', 'replaybook', 'run', '']);
    expect(out).toContain('healthy/tape');
    expect(out).toContain('--seed');
  });
});

describe('seeds', () => {
  it.each([
    ['3', [3]],
    ['1..4', [1, 2, 3, 4]],
    ['1,2,5', [1, 2, 5]],
    ['7, 1..3,2', [7, 1, 2, 3]],
    ['0', [0]],
  ])('%s', (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  it.each(['', 'x', '1..', '1..2..3', '-1', '1.5', '0..100000'])('%j is refused', text => {
    expect(() => parseSeeds(text)).toThrow('--seeds');
  });
});

describe('a command as text', () => {
  it('can be pasted into a shell, whatever is in it', () => {
    const set = ['title=it’s', "x='$(reboot)'"];
    expect(runCommand({ scenario: 'healthy/tape', seed: 3, tape: 'my file.gz', set })).toBe(
      `replaybook run healthy/tape --seed 3 --tape 'my file.gz' --set 'title=it’s' --set 'x='\\''$(reboot)'\\'''`,
    );
  });
});
