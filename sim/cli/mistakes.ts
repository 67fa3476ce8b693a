/**
 * Slips on a command line, each told in a sentence of its own with the right word near it. yargs refuses them as well, but
 * says neither what was expected nor what to do. Only words are looked at here: what they mean comes later.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { didYouMean } from '../../scenarios/nearest.ts';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './options.ts';

/** Everything after this word is a name, whatever it begins with. */
export const END_OF_OPTIONS = '--';

/** Words that yargs answers with help or the version, whatever else is on the line. */
const ANSWERED = ['--help', '-h', '--version'];

/** Throws a `usage` error for the first slip. `completion` and what is no command at all are left to yargs. */
export function checkWords(argv: readonly string[]): void {
  const options = optionWords(argv);
  if (options.some(word => ANSWERED.includes(word))) return;
  const [first] = argv;
  const command = COMMAND_NAMES.find(name => name === first);
  if (command !== undefined) checkCommand(command, argv.slice(1));
  else if (first?.startsWith('-') && first !== END_OF_OPTIONS) {
    const late = COMMAND_NAMES.find(name => argv.includes(name));
    if (late !== undefined) fail(`the command comes first: npx replaybook ${late} … ${first}`, null);
    fail(`there is no option ${first}${didYouMean(first, ANSWERED)}`, null);
  }
}

/** Whether the answer is to be one JSON document. A wrong `--json=yes` is answered in JSON, too. */
export function wantsJson(argv: readonly string[]): boolean {
  return optionWords(argv).some(word => word === '--json' || word.startsWith('--json='));
}

function optionWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf(END_OF_OPTIONS);
  return end < 0 ? argv : argv.slice(0, end);
}

function checkCommand(command: CommandName, args: readonly string[]): void {
  const { options } = COMMANDS[command];
  const names = [...Object.keys(options), 'help', 'version'].map(option => `--${option}`);
  const operands: string[] = [];
  const used: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === END_OF_OPTIONS) {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    if (!word.startsWith('--'))
      fail(`there is no option ${word}; a name that begins with - is written ./${word}`, command);
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    if (!Object.hasOwn(options, name)) fail(`there is no option --${name}${didYouMean(`--${name}`, names)}`, command);
    used.push(name);
    const { type, value } = options[name];
    if (type === 'flag') {
      if (equals >= 0) fail(`${word}: --${name} takes no value`, command);
    } else if (equals < 0) {
      const next = args[++index];
      if (next === undefined || next === END_OF_OPTIONS || /^-\D/.test(next)) {
        const dashed =
          next === undefined || next === END_OF_OPTIONS ? '' : `; one that begins with - is written --${name}=${next}`;
        fail(`--${name}: a value is missing, expected --${name} ${value}${dashed}`, command);
      }
    }
  }
  checkOperands(command, operands, used);
}

function checkOperands(command: CommandName, operands: readonly string[], used: readonly string[]): void {
  const { name, choices, isList, isOptional, one } = COMMANDS[command].positional;
  const known = choices === undefined ? '' : `: expected one of ${choices.join(', ')}`;
  if (operands.length === 0 && isOptional !== true) {
    const greedy = used.find(option => COMMANDS[command].options[option].isGreedy === true);
    const last = greedy === undefined ? '' : `: --${greedy} takes all names that follow it, so put it last`;
    fail(`a <${one ?? name}> is missing${known}${last}`, command);
  }
  if (isList !== true && operands.length > 1) {
    fail(`one <${name}> is expected, and here are ${operands.length}: ${operands.join(', ')}`, command);
  }
  const [first] = operands;
  if (choices !== undefined && !choices.includes(first)) {
    fail(`${command} ${first}${known}${didYouMean(first, choices)}`, command);
  }
}

function fail(message: string, command: CommandName | null): never {
  const help = command === null ? 'npx replaybook --help' : `npx replaybook ${command} --help`;
  throw new ReplaybookError('usage', `${message} (see ${help})`);
}
