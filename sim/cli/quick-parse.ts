/**
 * The plain case of a command line, a command with known options, read without yargs, which takes longer to load than a
 * scenario to run. It reads by the same table and takes only what it is sure of: help, mistakes and completion go to yargs
 * (`parse.ts`), which has the last word and the better messages.
 */
import { parseArgs } from 'node:util';
import { COMMAND_NAMES, COMMANDS, type OptionSpec } from './options.ts';
import { type OptionValues, Request } from './request.ts';

/** The request, or null where yargs should look at it. */
export function quickParse(argv: readonly string[]): Request | null {
  const [first, ...args] = argv;
  const command = COMMAND_NAMES.find(name => name === first);
  if (command === undefined) return null;
  const { positional } = COMMANDS[command];
  const options: Readonly<Record<string, OptionSpec>> = COMMANDS[command].options;
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [
      name,
      { type: type === 'flag' ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options: config, allowPositionals: true, strict: true });
    if (positionals.length === 0 && positional.isOptional !== true) return null;
    if (positionals.length > 1 && positional.isList !== true) return null;
    if (positional.choices?.includes(positionals[0]) === false) return null;
    const settled: Record<string, OptionValues[string]> = {};
    for (const [name, { type, default: byDefault }] of Object.entries(options)) {
      const given = values[name] as (string | boolean)[] | undefined;
      if (type === 'list') settled[name] = (given ?? []).map(String);
      else if (given !== undefined && given.length > 1) return null;
      else settled[name] = given?.[0] ?? byDefault;
    }
    return new Request(command, positionals, settled);
  } catch {
    // Not plain: yargs will say what is wrong.
    return null;
  }
}

/** `--node A B C` as `--node A --node B --node C`, for options that take all words up to the next option. */
export function spreadLists(argv: readonly string[]): string[] {
  const command = COMMAND_NAMES.find(name => name === argv[0]);
  const options: Readonly<Record<string, OptionSpec>> = command === undefined ? {} : COMMANDS[command].options;
  const greedy = Object.keys(options).filter(name => options[name].isGreedy === true);
  const spread: string[] = [];
  /** The option that the next word may belong to, and whether it has a value already. */
  let open: string | null = null;
  let hasValue = false;
  for (const [index, word] of argv.entries()) {
    if (word === '--') return [...spread, ...argv.slice(index)];
    if (word.startsWith('-')) {
      open = greedy.find(name => word === `--${name}` || word.startsWith(`--${name}=`)) ?? null;
      hasValue = word.includes('=');
    } else {
      if (open !== null && hasValue) spread.push(`--${open}`);
      hasValue = true;
    }
    spread.push(word);
  }
  return spread;
}
