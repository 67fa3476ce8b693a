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
 */
import { ReplaybookError } from '../core/errors.ts';
import { NS_PER_MS } from '../core/scale.ts';
import type { Complaints } from './complaints.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { applyEdits } from './overrides.ts';
import type { ScenarioDocument } from './schema.ts';
import type { Plain } from './tree.ts';

/** A path of the scenario and what it may be. */
export type Range =
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
export function rangesOf({ vary }: ScenarioDocument, written: Plain, complaints: Complaints): Range[] {
  if (vary === undefined) return [];
  return Object.entries(vary).flatMap(([path, limits]) => {
    const range = readRange(path, limits);
    const problem = typeof range === 'string' ? range : wrongPath(path, written);
    if (problem !== null) complaints.add(['vary', path], problem);
    return typeof range === 'string' ? [] : [range];
  });
}

function readRange(path: string, written: string | readonly (string | number)[]): Range | string {
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
  return ranges.map(range => `${range.path}=${drawValue(range, draw())}`);
}

function drawValue(range: Range, drawn: number): string {
  switch (range.type) {
    case 'choice':
      return range.choices[Math.floor(drawn * range.choices.length)];
    case 'number': {
      const { from, step, to } = range;
      if (step === 0) return String(from);
      const steps = Math.round((to - from) / step);
      return String(Number((from + step * Math.floor(drawn * (steps + 1))).toPrecision(6)));
    }
    case 'time': {
      const { fromNs, toNs } = range;
      const steps = Math.floor((toNs - fromNs) / NS_PER_MS);
      return formatDuration(fromNs + NS_PER_MS * Math.floor(drawn * (steps + 1)));
    }
  }
}
