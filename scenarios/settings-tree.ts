/**
 * The tree of settings: overrides onto typed defaults, and the list of all that can be set.
 *
 * A leaf is addressed by its name; one that holds a time (`debounceNs`) by its name without the unit and a duration text
 * (`debounce: 60s`). What the defaults do not have cannot be set; a value has its default's type, and a number is finite
 * and, where its default is not negative, not negative either. A default of null is a number, or a time, that is not given.
 */
import type { Complaints, Path } from './complaints.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import { isPlainMap, type Plain } from './tree.ts';

type Leaf = number | string | boolean | null;

/** One setting, as `replaybook list settings` shows it. */
export interface Setting {
  /** `orchestrator.eventAccumulator.debounce` */
  readonly path: string;
  /** As it would be written in a scenario. */
  readonly default: Leaf;
  readonly type: 'duration' | 'number' | 'text' | 'boolean';
  /** Empty where the value has none. */
  readonly unit: string;
}

const TIME_SUFFIX = 'Ns';
/** Settings of which a negative value means something although the default is none: a fee that is a rebate. */
const SIGNED: ReadonlySet<string> = new Set(['makerFeeBps']);

/** Units by the end of a leaf's name, longest first. */
const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ['PerSecond', '1/s'],
  ['Bytes', 'B'],
  ['Ticks', 'ticks'],
  ['Lots', 'lots'],
  ['Usd', 'USD'],
  ['Bps', 'bps'],
  ['Pct', '%'],
];

/**
 * A copy of `defaults` with `overrides` laid over it. Whatever does not fit is added to `complaints`, under `path`.
 */
export function overrideSettings<T extends object>(
  defaults: T,
  overrides: Plain | undefined,
  path: Path,
  complaints: Complaints,
): T {
  const settings = structuredClone(defaults);
  if (overrides !== undefined) overrideBranch(settings as Branch, overrides, path, complaints);
  return settings;
}

/** All leaves of the tree, in its order. */
export function listSettings(defaults: object): Setting[] {
  const settings: Setting[] = [];
  collect(defaults as Branch, '', settings);
  return settings;
}

type Branch = { [key: string]: Leaf | Branch };

function overrideBranch(branch: Branch, overrides: Plain, path: Path, complaints: Complaints): void {
  if (!isPlainMap(overrides)) {
    complaints.add(path, `expected a mapping with some of: ${writtenNames(branch).join(', ')}`);
    return;
  }
  for (const [name, value] of Object.entries(overrides)) {
    const inner = [...path, name];
    const key = keyOf(branch, name);
    if (key === undefined) {
      complaints.add(inner, unknownName(branch, name), 'key');
      continue;
    }
    const current = branch[key];
    if (isBranch(current)) overrideBranch(current, value, inner, complaints);
    else {
      const leaf = readLeaf(key, current, value);
      if ('problem' in leaf) complaints.add(inner, leaf.problem);
      else branch[key] = leaf.value;
    }
  }
}

/** The defaults' key that a written name means. */
function keyOf(branch: Branch, name: string): string | undefined {
  const timed = name + TIME_SUFFIX;
  if (Object.hasOwn(branch, timed) && isTime(timed, branch[timed])) return timed;
  return Object.hasOwn(branch, name) && !isTime(name, branch[name]) ? name : undefined;
}

function unknownName(branch: Branch, name: string): string {
  if (Object.hasOwn(branch, name)) {
    const written = writtenName(name, branch[name]);
    return `write ${written} with a duration, such as ${written}: ${formatDuration(Number(branch[name]))}`;
  }
  const names = writtenNames(branch);
  return `unknown setting${didYouMean(name, names)}; known here: ${names.join(', ')}`;
}

function readLeaf(key: string, current: Leaf, value: Plain): { value: Leaf } | { problem: string } {
  if (value === null && current === null) return { value };
  if (isTime(key, current)) {
    if (typeof value !== 'string' && typeof value !== 'number') return { problem: 'expected a duration such as 250ms' };
    const parsed = parseDuration(String(value));
    return parsed.ok ? { value: parsed.ns } : { problem: parsed.problem };
  }
  if (typeof value !== (current === null ? 'number' : typeof current)) {
    return { problem: `expected ${typeName(current)}, such as the default ${JSON.stringify(current)}` };
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return { problem: 'expected a finite number' };
    if (value < 0 && !SIGNED.has(key) && (current === null || (typeof current === 'number' && current >= 0)))
      return { problem: 'expected a number of 0 or more' };
  }
  return { value: value as Leaf };
}

function collect(branch: Branch, prefix: string, into: Setting[]): void {
  for (const [key, value] of Object.entries(branch)) {
    const path = prefix + writtenName(key, value);
    if (isBranch(value)) collect(value, `${path}.`, into);
    else if (isTime(key, value)) {
      const text = value === null ? null : formatDuration(Number(value));
      into.push({ path, default: text, type: 'duration', unit: '' });
    } else {
      const isNumber = typeof value === 'number' || value === null;
      const unit = isNumber ? (UNITS.find(([suffix]) => key.endsWith(suffix))?.[1] ?? '') : '';
      const type = isNumber ? 'number' : TYPES[typeof value as keyof typeof TYPES];
      into.push({ path, default: value, type, unit });
    }
  }
}

const TYPES = { string: 'text', boolean: 'boolean' } as const;

function isBranch(value: Leaf | Branch): value is Branch {
  return typeof value === 'object' && value !== null;
}

function typeName(value: Leaf): string {
  if (value === null) return 'a number or null';
  return { number: 'a number', string: 'a text', boolean: 'true or false' }[typeof value as keyof typeof TYPES];
}

function isTime(key: string, value: Leaf | Branch): boolean {
  return (typeof value === 'number' || value === null) && key.endsWith(TIME_SUFFIX) && key.length > TIME_SUFFIX.length;
}

function writtenName(key: string, value: Leaf | Branch): string {
  return isTime(key, value) ? key.slice(0, -TIME_SUFFIX.length) : key;
}

function writtenNames(branch: Branch): string[] {
  return Object.entries(branch).map(([key, value]) => writtenName(key, value));
}
