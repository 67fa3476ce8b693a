/** Which scenarios a suite is of: by globs over their ids, ids, parts of them, folders and files. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { ReplaybookError } from '../../core/errors.ts';
import { lastPart, scenarioIds } from '../../scenarios/catalogue.ts';
import { nearest } from '../../scenarios/nearest.ts';

const EXTENSION = /[.]ya?ml$/;

/**
 * Names of scenarios, as `run` takes them, each once: those of the catalogue in its order, then files of the user's own in the
 * order in which they were named. No pattern: the whole catalogue. Throws `usage` and `file` errors where a pattern fits nothing.
 */
export function selectScenarios(folder: string, patterns: readonly string[]): string[] {
  const ids = scenarioIds(folder);
  if (patterns.length === 0) return ids;
  const wanted = new Set<string>();
  const files = new Set<string>();
  for (const pattern of patterns) {
    const matches = matchesOf(pattern, ids);
    if (matches.length === 0) throw nothingFits(pattern, ids);
    for (const match of matches) {
      const id = EXTENSION.test(match) ? idOf(match, folder) : match;
      if (id !== null && ids.includes(id)) wanted.add(id);
      else files.add(match);
    }
  }
  return [...ids.filter(id => wanted.has(id)), ...files];
}

/** Ids, and paths of files. A name means an id before it means a path, that before the last part of an id, and that before any part. */
function matchesOf(pattern: string, ids: readonly string[]): string[] {
  const wanted = pattern.replace(/^([.]\/)?scenarios\//, '').replace(EXTENSION, '');
  if (picomatch.scan(wanted).isGlob) return matchGlob(wanted, ids);
  const isPath = EXTENSION.test(pattern) || /^([.]{0,2}\/)/.test(pattern);
  if (isPath) return filesAt(pattern);
  const exact = ids.filter(id => id === wanted || id.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`));
  if (exact.length > 0) return exact;
  const own = filesAt(pattern);
  if (own.length > 0) return own;
  const whole = ids.filter(id => lastPart(id) === wanted);
  return whole.length > 0 ? whole : ids.filter(id => id.includes(wanted));
}

/** A glob fits a whole id or its last part. */
function matchGlob(glob: string, ids: readonly string[]): string[] {
  const fits = picomatch(glob);
  return ids.filter(id => fits(id) || fits(lastPart(id)));
}

/** The scenario files at a path: one, or all of a folder. */
function filesAt(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return EXTENSION.test(path) ? [path] : [];
  return scenarioIds(resolve(path)).map(id => join(path, `${id}.yaml`));
}

/** The id of a file of the catalogue; null for any other. */
function idOf(file: string, folder: string): string | null {
  const path = resolve(file);
  return path.startsWith(folder + sep)
    ? path
        .slice(folder.length + 1)
        .replaceAll(sep, '/')
        .replace(EXTENSION, '')
    : null;
}

function nothingFits(pattern: string, ids: readonly string[]): ReplaybookError {
  if (existsSync(pattern)) {
    const what = statSync(pattern).isDirectory() ? 'holds no scenario' : 'is no scenario: its file would end in .yaml';
    return new ReplaybookError('usage', `${pattern} ${what}`);
  }
  const plain = pattern.replaceAll(/[*?[\]{}()!+@]/g, '').replace(/\/+$/, '');
  const folders = new Set(ids.map(id => id.slice(0, id.lastIndexOf('/'))));
  const guess = nearest(plain.replace(EXTENSION, ''), [...ids, ...ids.map(lastPart), ...folders]);
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  const message = `no scenario fits "${pattern}"${hint} (npx replaybook list scenarios shows them all)`;
  return new ReplaybookError('usage', message);
}
