/** Commands as text, to be copied into a shell. */
import type { Form } from '../../scenarios/forms.ts';

/** A word as a POSIX shell reads it back unchanged. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export interface RunWords {
  readonly scenario: string;
  readonly seed: number;
  readonly tape?: string | undefined;
  readonly set: readonly string[];
  readonly core?: string | undefined;
  readonly form?: Form;
  /** Planted besides. */
  readonly defect?: string | undefined;
}

/** The command that makes a run again, as it is typed in a checkout or where the package is a dependency. */
export function runCommand({ scenario, seed, tape, set, core, form = 'plain', defect }: RunWords): string {
  const words = ['npx', 'replaybook', 'run', scenario, '--seed', String(seed)];
  if (tape !== undefined) words.push('--tape', tape);
  if (form !== 'plain') words.push('--form', form);
  if (defect !== undefined) words.push('--defect', defect);
  for (const change of set) words.push('--set', change);
  if (core !== undefined) words.push('--core', core);
  return words.map(quoteWord).join(' ');
}
