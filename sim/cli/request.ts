/** A command line that was understood: the command, what it acts on, and its options. */
import { ReplaybookError } from '../../core/errors.ts';
import type { CommandName } from './options.ts';

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export class Request {
  readonly command: CommandName;
  readonly operands: readonly string[];
  readonly #options: OptionValues;

  /** Throws a `usage` error where a word is empty. */
  constructor(command: CommandName, operands: readonly string[], options: OptionValues) {
    this.command = command;
    this.operands = operands;
    this.#options = options;
    // A shell makes "" of "$OUT" that is not set, and an empty path would mean the folder that we are in.
    if (operands.includes(''))
      throw new ReplaybookError('usage', 'a name is empty: is a variable of the shell not set?');
    for (const [name, value] of Object.entries(options)) {
      if (value !== '' && !(Array.isArray(value) && value.includes(''))) continue;
      throw new ReplaybookError('usage', `--${name} is empty: is a variable of the shell not set?`);
    }
  }

  /** The first operand, of commands that cannot do without one. */
  get operand(): string {
    return this.operands[0];
  }

  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  list(name: string): readonly string[] {
    const value = this.#options[name];
    return Array.isArray(value) ? value : [];
  }

  /** A whole number of 0 or more. Throws a `usage` error. */
  wholeNumber(name: string, min: number, max: number): number {
    const text = this.text(name) ?? '';
    return parseWholeNumber(`--${name}`, text, min, max);
  }
}

export function parseWholeNumber(what: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw new ReplaybookError('usage', `${what} ${text}: expected a whole number from ${min} to ${max}`);
  }
  return value;
}

/** Seeds are as large as a number is exact. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;
