import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES, COMMANDS } from '../../sim/cli/options.ts';
import { parse } from '../../sim/cli/parse.ts';
import { quickParse, spreadLists } from '../../sim/cli/quick-parse.ts';
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
    expect(out).toContain(COMMANDS[name].examples[0][0].replace('$0', 'npx replaybook'));
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
    [[], 'Expected a command (see npx replaybook --help)'],
    [['rnu'], 'there is no command "rnu" (did you mean "run"?) (see npx replaybook --help)'],
    [['run'], 'a <scenario> is missing (see npx replaybook run --help)'],
    [['run', 'a', 'b'], 'one <scenario> is expected, and here are 2: a, b (see npx replaybook run --help)'],
    [['run', '--halp'], 'there is no option --halp (did you mean "--help"?)'],
    [['--verson'], 'there is no option --verson (did you mean "--version"?) (see npx replaybook --help)'],
    [['run', '--verson'], 'there is no option --verson (did you mean "--version"?) (see npx replaybook run --help)'],
    [['--nonsense'], 'there is no option --nonsense (see npx replaybook --help)'],
    [
      ['run', 'healthy/tape', '--core', 'none.js'],
      'the core none.js cannot be loaded (no such file or folder): expected',
    ],
    [['run', 'healthy/tape', '--core', 'test'], 'the core test cannot be loaded (is no file): expected'],
    [['verify', 'healthy/tape', '--seeds', '0..'], '--seeds 0..: a number is missing: expected 1..20 or 1,2,5'],
    [['verify', 'healthy/tape', '--seeds', '1,x'], '--seeds 1,x: x: expected a whole number from 0'],
    [['verify', 'healthy/tape', '--seeds', '-1'], '--seeds -1: expected a whole number from 0'],
    [['run', 'healthy/tape', '--sed', '3'], 'there is no option --sed (did you mean "--seed"?)'],
    [
      ['run', 'healthy/tape', '--trace'],
      '--trace needs --out DIR: trace.arrow and twin.arrow are written to the folder',
    ],
    [['score'], 'a <dir> is missing (see npx replaybook score --help)'],
    [['run', '-x.yaml'], 'there is no option -x.yaml; a name that begins with - is written ./-x.yaml'],
    [['--seed', '3', 'run', 'a'], 'the command comes first: npx replaybook run … --seed'],
    [
      ['run', 'healthy/tape', '--seed'],
      '--seed: a value is missing, expected --seed N (see npx replaybook run --help)',
    ],
    [['run', 'healthy/tape', '--tape', '-d.gz'], 'one that begins with - is written --tape=-d.gz'],
    [['run', ''], 'a name is empty: is a variable of the shell not set?'],
    [['run', 'healthy/tape', '--out', ''], '--out is empty: is a variable of the shell not set?'],
    [['run', 'healthy/tape', '--no-cache=1'], '--no-cache=1: --no-cache takes no value'],
    [['run', 'healthy/tape', '--out='], '--out is empty'],
    [['run', 'healthy/tape', '--set', ''], '--set is empty'],
    [['run', 'scenarios'], 'scenarios is a folder: name a scenario file in it'],
    [['run', 'package.json'], 'a recording or tape goes with --tape'],
    [['run', 'healthy/tape', '--seed', '1', '--seed', '2'], '--seed is given twice'],
    [['run', 'healthy/tape', '--seed', '-1'], '--seed -1: expected a whole number from 0 to 9007199254740991'],
    [['run', 'healthy/tape', '--seed', '1.5'], '--seed 1.5: expected a whole number from 0 to 9007199254740991'],
    [['run', 'healthy/tape', '--seed', '9007199254740992'], '--seed 9007199254740992: expected a whole number'],
    [['run', 'helthy/tape'], 'no scenario "helthy/tape"; did you mean "healthy/tape"?'],
    [['run', 'healthy/tape', '--set', 'x'], '--set x: expected path=value, such as core.risk.maxInventoryUsd=500'],
    [['run', 'healthy/tape', '--tape', 'none.gz'], '--tape'],
    [['list'], 'a <what> is missing: expected one of scenarios, faults, symptoms, invariants, settings'],
    [['list', 'things'], 'list things: expected one of scenarios, faults, symptoms, invariants, settings'],
    [['list', 'setings'], 'did you mean "settings"?'],
    [['import', 'none.gz'], 'none.gz: no such file or folder'],
    [['import', 'package.json', '--out', 'test'], '--out test: is a folder: name a file in it, such as test/btc.arrow'],
    [
      ['import', 'package.json', '--out', 'none/x.arrow'],
      'none: no such file or folder; name another place with --out',
    ],
    [['inspect', 'test'], 'test: is a folder: expected a recording or a tape'],
    [['inspect', '/dev/null'], '/dev/null: is no plain file (a pipe or a device)'],
    [['verify', '--node', 'a', 'healthy/tape'], 'a <scenario> is missing: --node takes all names that follow it'],
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

  it('is told without steering the terminal', async () => {
    const { err } = await run(['inspect', 'no\u001b[31m.gz']);
    expect(err).toBe('replaybook: no\\x1b[31m.gz: no such file or folder\n');
  });

  it('is told in JSON even where --json is what is wrong, and not where it is a name', async () => {
    expect(JSON.parse((await run(['run', 'healthy/tape', '--json=yes'])).out).error.code).toBe('usage');
    expect(await run(['inspect', '--', '--json'])).toMatchObject({
      out: '',
      err: expect.stringContaining('--json: no such'),
    });
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
    [['list', 'faults', '--json']],
    [['inspect', 'a']],
    [['import', 'a', '--out', 'b', '--format', 'c']],
    [['verify', 'a', 'b', '--seeds', '1..3', '--node', 'c', '--node', 'd']],
    [['suite']],
    [['suite', '--seeds', '1..3', '--json']],
    [['suite', '2-*/**', 'b', '--jobs', '2', '--defects', '--form', 'plain', '--junit=x.xml']],
  ])('agrees with yargs on %j', async argv => {
    const quick = quickParse(argv);
    const slow = await parse(argv, NO_IO);
    expect(quick).not.toBeNull();
    for (const option of Object.keys(COMMANDS[argv[0] as 'run'].options)) {
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
    [['list', 'things']],
    [['completion']],
    [[]],
  ])('leaves %j to yargs', argv => {
    expect(quickParse(argv)).toBeNull();
  });
});

describe('a list that takes all words up to the next option', () => {
  const nodes = (...argv: string[]) => quickParse(spreadLists(argv));

  it.each([
    [
      ['verify', 's', '--node', 'a', 'b', 'c'],
      ['a', 'b', 'c'],
    ],
    [
      ['verify', 's', '--node=a', 'b', '--node', 'c'],
      ['a', 'b', 'c'],
    ],
    [
      ['verify', '--node', 'a', 'b', '--seeds', '2', 's'],
      ['a', 'b'],
    ],
    [['verify', '--node', 'a', '--', 's'], ['a']],
    [['verify', 's'], []],
  ])('%j', (argv, expected) => {
    const request = nodes(...argv);
    expect([request?.operands, request?.list('node')]).toEqual([['s'], expected]);
  });

  it('leaves other lists and commands as they are', () => {
    const argv = ['run', 's', '--set', 'a=1', 'b'];
    expect(spreadLists(argv)).toEqual(argv);
  });
});

describe('shell completion', () => {
  it('prints a script', async () => {
    const { code, out } = await run(['completion']);
    expect(code).toBe(0);
    expect(out).toContain('replaybook');
    expect(out).not.toContain('npx');
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
      `npx replaybook run healthy/tape --seed 3 --tape 'my file.gz' --set 'title=it’s' --set 'x='\\''$(reboot)'\\'''`,
    );
  });
});
