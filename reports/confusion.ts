/** Which step was to be named, and which was: the confusion matrix of a suite. */
import { STEPS } from '../core/playbook.ts';
import type { SuiteRun } from './suite-run.ts';
import type { Verdict } from './verdict.ts';

/** Where no step is to be named, or none was. */
export const NO_STEP = 'none';

/** Runs by the step that was to be named and the step that was named first. In the playbook's order, without what is 0. */
export type Confusion = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Runs whose cause never took effect show nothing, and canaries are there to be wrong: neither is counted. */
export function confusionOf(runs: readonly SuiteRun[]): Confusion {
  const counts = new Map<string, Map<string, number>>();
  for (const run of runs) {
    if (run.result.kind === 'error' || run.mustFail) continue;
    const { verdict } = run.result;
    if (verdict.checks.diagnosed.status === 'unknown') continue;
    const row = counts.get(primaryOf(verdict)) ?? new Map<string, number>();
    const named = firstNamed(run, verdict);
    counts.set(primaryOf(verdict), row.set(named, (row.get(named) ?? 0) + 1));
  }
  return inOrder(counts, row => inOrder(row, count => count));
}

function primaryOf({ checks }: Verdict): string {
  return checks.diagnosed.primary ?? NO_STEP;
}

/** The first cause; of what a right core absorbs, where there is no cause, the first step that handled something. */
function firstNamed({ outcome, form }: SuiteRun, { diagnosis }: Verdict): string {
  const cause = diagnosis.find(({ status }) => status === 'cause');
  const isAbsorbed = outcome === 'absorbed' && form === 'plain';
  const handled = isAbsorbed ? diagnosis.find(({ status }) => status === 'handled') : undefined;
  return (cause ?? handled)?.step ?? NO_STEP;
}

function inOrder<From, To>(counts: ReadonlyMap<string, From>, convert: (from: From) => To): Record<string, To> {
  const ordered: Record<string, To> = {};
  for (const step of [...STEPS, NO_STEP]) {
    const found = counts.get(step);
    if (found !== undefined) ordered[step] = convert(found);
  }
  return ordered;
}

/** What was named in the place of something else. */
export interface Mistaken {
  readonly primary: string;
  readonly named: string;
  readonly count: number;
}

/** All that is off the diagonal, the most frequent first. */
export function mistaken(confusion: Confusion): Mistaken[] {
  return Object.entries(confusion)
    .flatMap(([primary, row]) => Object.entries(row).map(([named, count]) => ({ primary, named, count })))
    .filter(({ primary, named }) => primary !== named)
    .sort((a, b) => b.count - a.count);
}

/** Whether there is more to see than that one step was named as it was to be. */
export function isTelling(confusion: Confusion): boolean {
  return Object.keys(confusion).filter(step => step !== NO_STEP).length > 1 || mistaken(confusion).length > 0;
}
