/** Lists of seeds: `1..20`, `1,2,5`, or both mixed. */
import { ReplaybookError } from '../../core/errors.ts';
import { MAX_SEED, parseWholeNumber } from './request.ts';

/** More seeds than this in one command are a slip of the finger. */
const MAX_SEEDS = 100_000;

/** The seeds in the order they were written, each once. Throws a `usage` error. */
export function parseSeeds(text: string): number[] {
  const seeds = new Set<number>();
  for (const part of text.split(',')) {
    const [from, to, ...rest] = part.split('..');
    if (rest.length > 0) throw new ReplaybookError('usage', `--seeds ${text}: expected 1..20 or 1,2,5`);
    const first = parseSeed(from, text);
    const last = to === undefined ? first : parseSeed(to, text);
    if (last < first) throw new ReplaybookError('usage', `--seeds ${text}: ${part} runs backwards`);
    if (last - first >= MAX_SEEDS) throw new ReplaybookError('usage', `--seeds ${text}: more than ${MAX_SEEDS} seeds`);
    for (let seed = first; seed <= last; seed++) seeds.add(seed);
  }
  return [...seeds];
}

/** One number of a list. */
function parseSeed(part: string, text: string): number {
  const number = part.trim();
  if (number === '')
    throw new ReplaybookError('usage', `--seeds ${text}: a number is missing: expected 1..20 or 1,2,5`);
  return parseWholeNumber(number === text ? '--seeds' : `--seeds ${text}:`, number, 0, MAX_SEED);
}
