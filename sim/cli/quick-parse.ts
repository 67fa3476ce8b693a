/**
 * The plain case of a command line, `run <scenario>` with known options, read without yargs, which takes longer to load
 * than a scenario to run. It reads by the same table and takes only what it is sure of: help, mistakes, other commands and
 * completion go to yargs (`parse.ts`), which has the last word and the better messages.
 */
import { parseArgs } from 'node:util';
import { COMMANDS } from './options.ts';
import { type OptionValues, Request } from './request.ts';

/** The request, or null where yargs should look at it. */
export function quickParse(argv: readonly string[]): Request | null {
  const [command, ...args] = argv;
  if (command !== 'run') return null;
  const { options } = COMMANDS.run;
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [
      name,
      { type: type === 'flag' ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options: config, allowPositionals: true, strict: true });
    if (positionals.length !== 1) return null;
    const settled: Record<string, OptionValues[string]> = {};
    for (const [name, { type, default: byDefault }] of Object.entries(options)) {
      const given = values[name] as (string | boolean)[] | undefined;
      if (type === 'list') settled[name] = (given ?? []).map(String);
      else if (given !== undefined && given.length > 1) return null;
      else settled[name] = given?.[0] ?? byDefault;
    }
    return new Request('run', positionals, settled);
  } catch {
    // Not plain: yargs will say what is wrong.
    return null;
  }
}
