/**
 * Variations of a scenario: within which limits its outcome stays, as it says itself, and one drawn from them.
 *
 *     vary:
 *       cause.faults.0.at: 45s..75s
 *       cause.faults.0.params.share: 0.02..0.05
 *       baseline.market.instrument: [BTC, ETH, SOL]
 *
 * A range has both of its ends; of times it is drawn to the millisecond, of whole numbers to whole numbers. What comes out is
 * what `--set` takes, so that one command makes a variation again.
 *
 * Several paths with commas between them are drawn once: `cause.faults.0.at, cause.faults.1.at: 20s..60s` moves two faults
 * together. The range is that of the first path; times of the others stay as far from it as they are written.
 */
import { ReplaybookError } from '../core/errors.ts';
import { NS_PER_MS } from '../core/scale.ts';
import type { Complaints } from './complaints.ts';
import { formatDuration, parseDuration, SHARE_PATTERN } from './duration.ts';
import { applyEdits } from './overrides.ts';
import type { ScenarioDocument } from './schema.ts';
import { isPlainMap, type Plain } from './tree.ts';
import { wrongEnd } from './variation-ends.ts';

/** A path of the scenario that is drawn together with another, and how much later its time is. */
interface Companion {
  readonly path: string;
  readonly laterNs: number;
}

/** A path of the scenario and what it may be; those that are drawn with it. */
export type Range = Limits & { readonly companions: readonly Companion[] };

type Limits =
  | { readonly path: string; readonly type: 'time'; readonly fromNs: number; readonly toNs: number }
  | {
      readonly path: string;
      readonly type: 'number';
      readonly from: number;
      readonly to: number;
      readonly step: number;
    }
  | { readonly path: string; readonly type: 'choice'; readonly choices: readonly string[] };

const RANGE = /^(\S+)\.\.(\S+)$/;
const NUMBER = /^-?\d+(?:\.(\d+))?$/;
/** A range of numbers that are not whole is drawn in so many steps. */
const STEPS = 1_000;

/** The ranges of a scenario; those that cannot be read are added to `complaints`. `written`: the scenario without edits; the paths are tried on it. */
export function rangesOf(document: ScenarioDocument, written: Plain, complaints: Complaints): Range[] {
  const { vary } = document;
  if (vary === undefined) return [];
  const drawn = Object.entries(vary).map(([key, limits]) => {
    const [path, ...others] = key.split(',').map(part => part.trim());
    const companions = others.map(other => ({ path: other, laterNs: distanceNs(written, path, other) }));
    const share = others.length === 0 ? undefined : [path, ...others].find(one => isShare(written, one));
    return { key, path, limits: readLimits(path, limits), companions, share };
  });
  const seen = new Set<string>();
  // Trying a path changes what is written: all distances are known by now.
  return drawn.flatMap(({ companions, key, limits, path, share }) => {
    const twice = [path, ...companions.map(one => one.path)].find(one => seen.size === seen.add(one).size);
    if (twice !== undefined) complaints.add(['vary', key], `${twice} is varied twice`, 'key');
    const wrong = [path, ...companions.map(one => one.path)]
      .map(one => wrongPath(one, written))
      .find(problem => problem !== null);
    const problem =
      typeof limits === 'string'
        ? limits
        : (wrong ??
          beforeTheStart(limits, companions) ??
          (share === undefined ? null : `${share} is moved with others: write a time there, such as 40s`) ??
          wrongEnd(document, path, endsOf(limits)));
    if (problem !== null) complaints.add(['vary', key], problem);
    return typeof limits === 'string' ? [] : [{ ...limits, companions }];
  });
}

/** How much later than the time at one path that at another is written; 0 for what are no two times. */
function distanceNs(written: Plain, from: string, to: string): number {
  const [start, end] = [timeAt(written, from), timeAt(written, to)];
  return start === null || end === null ? 0 : end - start;
}

function timeAt(written: Plain, path: string): number | null {
  const value = valueAt(written, path);
  const time = typeof value === 'string' ? parseDuration(value) : undefined;
  return time?.ok === true ? time.ns : null;
}

/** A share of the run has no distance from other times before the run is known. */
function isShare(written: Plain, path: string): boolean {
  const value = valueAt(written, path);
  return typeof value === 'string' && SHARE_PATTERN.test(value);
}

function valueAt(written: Plain, path: string): Plain | undefined {
  let value: Plain | undefined = written;
  for (const part of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(part)];
    else value = isPlainMap(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

function beforeTheStart(limits: Limits, companions: readonly Companion[]): string | null {
  const early = companions.find(({ laterNs }) => limits.type === 'time' && limits.fromNs + laterNs < 0);
  return early === undefined ? null : `${early.path} would begin before the run`;
}

/** A range at its ends; each of the choices, which `--set` would read as it is read here. */
function endsOf(limits: Limits): readonly Plain[] {
  switch (limits.type) {
    case 'choice':
      return limits.choices.map(choice => {
        if (choice === 'true' || choice === 'false') return choice === 'true';
        return NUMBER.test(choice) ? Number(choice) : choice;
      });
    case 'number':
      return [limits.from, limits.to];
    case 'time':
      return [formatDuration(limits.fromNs), formatDuration(limits.toNs)];
  }
}

function readLimits(path: string, written: string | readonly (string | number)[]): Limits | string {
  if (typeof written !== 'string') return { path, type: 'choice', choices: written.map(String) };
  const ends = RANGE.exec(written);
  const expected = 'expected a range such as 45s..75s or 0.02..0.05, or a list of values';
  if (ends === null) return expected;
  const [, low, high] = ends;
  if (NUMBER.test(low) && NUMBER.test(high)) {
    const [from, to] = [Number(low), Number(high)];
    if (from > to) return `${written} is empty: the lower end comes first`;
    const isWhole = Number.isInteger(from) && Number.isInteger(to) && !written.replace('..', '').includes('.');
    return { path, type: 'number', from, to, step: isWhole ? 1 : (to - from) / STEPS };
  }
  const [from, to] = [parseDuration(low), parseDuration(high)];
  if (!from.ok || !to.ok) return expected;
  return from.ns > to.ns
    ? `${written} is empty: the lower end comes first`
    : { path, type: 'time', fromNs: from.ns, toNs: to.ns };
}

/** Whether nothing stands at the path that could be varied. */
function wrongPath(path: string, value: Plain): string | null {
  try {
    applyEdits({ value, setOrigin: () => undefined }, { set: [`${path}=0`] });
    return null;
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    return error.message;
  }
}

/** One variation, as `path=value` for `--set`. `draw`: a number in [0, 1). */
export function drawVariation(ranges: readonly Range[], draw: () => number): string[] {
  return ranges.flatMap(range => drawRange(range, draw()));
}

function drawRange(range: Range, drawn: number): string[] {
  if (range.type !== 'time') {
    const value = range.type === 'choice' ? chosen(range.choices, drawn) : drawNumber(range, drawn);
    return [range, ...range.companions].map(({ path }) => `${path}=${value}`);
  }
  const { fromNs, toNs } = range;
  const steps = Math.floor((toNs - fromNs) / NS_PER_MS);
  const timeNs = fromNs + NS_PER_MS * Math.floor(drawn * (steps + 1));
  const others = range.companions.map(({ laterNs, path }) => `${path}=${formatDuration(timeNs + laterNs)}`);
  return [`${range.path}=${formatDuration(timeNs)}`, ...others];
}

function chosen(choices: readonly string[], drawn: number): string {
  return choices[Math.floor(drawn * choices.length)];
}

function drawNumber({ from, step, to }: Limits & { readonly type: 'number' }, drawn: number): string {
  if (step === 0) return String(from);
  const steps = Math.round((to - from) / step);
  return String(Number((from + step * Math.floor(drawn * (steps + 1))).toPrecision(6)));
}
