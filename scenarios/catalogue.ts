/** The scenario files of a folder, and how one is found by id, name, unique part or path. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ReplaybookError } from '../core/errors.ts';
import { nearest } from './nearest.ts';

const EXTENSION = '.yaml';
/** So many are named where a name fits several. */
const MOST_SHOWN = 10;

/** Ids of all scenarios under a folder, sorted. */
export function scenarioIds(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const ids: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(EXTENSION)) continue;
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    ids.push(path.slice(0, -EXTENSION.length).replaceAll('\\', '/'));
  }
  return ids.sort(byText);
}

/**
 * The file of a scenario that a user named: by its id, by the last part of that, by any part that only one has, or by the path of
 * a file. Throws a `usage` error that lists what fits or is near.
 */
export function findScenario(folder: string, name: string): string {
  const exact = join(folder, name + EXTENSION);
  if (isPlainName(name) && existsSync(exact)) return exact;
  if (/[.]ya?ml$/.test(name)) {
    if (existsSync(name)) return name;
    throw new ReplaybookError('file', `${name}: no such file`, { file: name });
  }
  const ids = scenarioIds(folder);
  // A whole name beats a part of longer ones.
  const whole = ids.filter(id => lastPart(id) === name);
  const matches = whole.length > 0 ? whole : ids.filter(id => id.includes(name));
  if (matches.length === 1) return join(folder, matches[0] + EXTENSION);
  if (matches.length > 1 && !existsSync(name)) {
    const more = matches.length > MOST_SHOWN ? ` and ${matches.length - MOST_SHOWN} more` : '';
    const shown = matches.slice(0, MOST_SHOWN).join(', ') + more;
    throw new ReplaybookError('usage', `"${name}" fits ${matches.length} scenarios: ${shown}; say which one`);
  }
  if (existsSync(name)) {
    const why = statSync(name).isDirectory()
      ? 'is a folder: name a scenario file in it'
      : `is no scenario: a scenario's file ends in ${EXTENSION}, a recording or tape goes with --tape`;
    throw new ReplaybookError('usage', `${name} ${why}`);
  }
  const guess = nearest(name, [...ids, ...ids.map(lastPart)]);
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  throw new ReplaybookError('usage', `no scenario "${name}"${hint} (npx replaybook list scenarios shows them all)`);
}

/** What a scenario is called in its folder: `2.3-all-feeds-silent`. */
export function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** An id never leads out of the folder. */
function isPlainName(name: string): boolean {
  return !name.startsWith('/') && !name.split(/[\\/]/).includes('..');
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
