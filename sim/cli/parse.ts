/** The command line by yargs: every command with its help, shell completion, mistakes told with the nearest right word. */
import yargs, { type Argv, type Options } from 'yargs';
import { ReplaybookError } from '../../core/errors.ts';
import { scenarioIds } from '../../scenarios/catalogue.ts';
import { didYouMean } from '../../scenarios/nearest.ts';
import { type Io, width } from './io.ts';
import { checkWords } from './mistakes.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName, type OptionSpec } from './options.ts';
import { SCENARIOS, version } from './paths.ts';
import { type OptionValues, Request } from './request.ts';

const EPILOGUE = `Exit codes: 0 pass, 1 a verdict failed, 2 bad usage or bad input, 3 unknown verdict,
4 digests differ, 70 a defect of the program.`;

/** What the completion script calls us with, before the words of the line so far. */
const COMPLETE = '--get-yargs-completions';

/** The request, or null where yargs has answered itself: help, version, completion. Throws a `usage` error. */
export async function parse(argv: readonly string[], io: Io): Promise<Request | null> {
  if (argv[0] === COMPLETE) {
    io.out(
      completions(argv.slice(1))
        .map(word => `${word}\n`)
        .join(''),
    );
    return null;
  }
  checkWords(argv);
  let request: Request | null = null;
  const cli = yargs()
    // As it is typed; a completion script is for a program of one word.
    .scriptName(argv[0] === 'completion' ? 'replaybook' : 'npx replaybook')
    .usage(
      '$0 <command>\n\nReplays exchange feeds through a market maker’s quoting core, injects faults, and judges the outcome.',
    )
    .detectLocale(false)
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'boolean-negation': false,
      'strip-dashed': false,
    })
    .strict()
    .recommendCommands()
    .demandCommand(1, 1, 'Expected a command', 'Expected one command')
    .showHelpOnFail(false)
    .help()
    .alias('help', 'h')
    .version(version())
    .wrap(width(io))
    .epilogue(EPILOGUE)
    .completion('completion', 'Print a script for shell completion');
  for (const name of COMMAND_NAMES) {
    addCommand(cli, name, (operands, options) => {
      request = new Request(name, operands, options);
    });
  }
  const output = await new Promise<string>((resolve, reject) => {
    const answer = cli.parse([...argv], {}, (error: Error | undefined, _args: unknown, text: string) => {
      if (error === undefined || error === null) resolve(text);
      else reject(usageError(error, argv));
    });
    if (answer instanceof Promise) answer.catch(reject);
  });
  if (output === '') return request;
  io.out(`${output}\n`);
  return null;
}

function addCommand(cli: Argv, name: CommandName, take: (operands: string[], options: OptionValues) => void): void {
  const { describe, positional, options, examples } = COMMANDS[name];
  const list = positional.isList === true ? '..' : '';
  const usage = positional.isOptional === true ? `[${positional.name}${list}]` : `<${positional.name}${list}>`;
  cli.command(
    `${name} ${usage}`,
    describe,
    command => {
      command.positional(positional.name, {
        describe: positional.describe,
        type: 'string',
        ...(positional.isList === true ? { array: true } : {}),
        ...(positional.choices === undefined ? {} : { choices: positional.choices }),
      });
      for (const [option, spec] of Object.entries(options)) command.option(option, optionOf(spec));
      for (const [example, does] of examples) command.example(example, does);
      return command;
    },
    args => {
      const values = args as Record<string, unknown>;
      const operand = values[positional.name];
      take(
        Array.isArray(operand) ? operand.map(String) : operand === undefined ? [] : [String(operand)],
        Object.fromEntries(Object.entries(options).map(([option, spec]) => [option, givenValue(option, spec, values)])),
      );
    },
  );
}

function optionOf(spec: OptionSpec): Options {
  return {
    describe: spec.value === undefined ? spec.describe : `${spec.describe} [${spec.value}]`,
    type: spec.type === 'flag' ? 'boolean' : 'string',
    ...(spec.type === 'flag' ? {} : { requiresArg: true }),
    ...(spec.type === 'list' ? { array: true, nargs: 1 } : {}),
    ...(spec.default === undefined ? {} : { default: spec.default }),
  };
}

function givenValue(name: string, spec: OptionSpec, values: Record<string, unknown>): OptionValues[string] {
  const value = values[name];
  if (spec.type === 'list') return Array.isArray(value) ? value.map(String) : [];
  if (Array.isArray(value)) throw new ReplaybookError('usage', `--${name} is given twice`);
  if (spec.type === 'flag') return value === true;
  return value === undefined ? undefined : String(value);
}

function usageError(error: Error, argv: readonly string[]): ReplaybookError {
  if (error instanceof ReplaybookError) return error;
  const [first] = argv;
  const command = COMMAND_NAMES.find(name => name === first);
  if (command === undefined && first !== undefined && !first.startsWith('-')) {
    const guess = didYouMean(first, COMMAND_NAMES);
    return new ReplaybookError('usage', `there is no command "${first}"${guess} (see npx replaybook --help)`);
  }
  const help = command === undefined ? 'npx replaybook --help' : `npx replaybook ${command} --help`;
  // yargs throws texts as well as errors.
  const message = error instanceof Error ? error.message : String(error);
  return new ReplaybookError('usage', `${message} (see ${help})`);
}

/** What may stand at the end of a line of words; the shell chooses from it what fits the word begun. */
function completions(words: readonly string[]): string[] {
  const command = COMMAND_NAMES.find(name => words.includes(name));
  if (command === undefined) return [...COMMAND_NAMES];
  const { positional, options } = COMMANDS[command];
  const flags = Object.keys(options).map(option => `--${option}`);
  if (positional.choices !== undefined) return [...positional.choices, ...flags];
  return ['run', 'suite', 'verify'].includes(command) ? [...scenarioIds(SCENARIOS), ...flags] : flags;
}
