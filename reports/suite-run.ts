/** One run of a suite: what was asked of it, and what came of it. Score card, confusion matrix and reports are made of these. */
import type { Symptom } from '../core/playbook.ts';
import type { Form } from '../scenarios/forms.ts';
import type { Outcome } from '../scenarios/vocabulary.ts';
import { CHECK_TITLES } from './titles.ts';
import type { CheckStatus, Verdict } from './verdict.ts';

export interface SuiteRun {
  /** Id of the scenario, without its form. */
  readonly scenario: string;
  readonly form: Form;
  readonly seed: number;
  /** What was varied of it, as `path=value`; empty: nothing. */
  readonly varied: readonly string[];
  /** The step that the scenario is about; null for a healthy run, and for a file that cannot be read. */
  readonly playbook: string | null;
  /** null for a file that cannot be read. */
  readonly outcome: Outcome | null;
  /** The symptom that this form of the scenario is to turn hot; null: none. */
  readonly symptom: Symptom | null;
  /** The canary: right when its verdict is `fail`. */
  readonly mustFail: boolean;
  /** The one command that makes this run again. */
  readonly command: string;
  readonly result: RunOutcome;
  /** How long it took by the wall clock, in ms, where somebody has measured it. For reports alone: it is never the same twice. */
  readonly wallMs?: number;
}

export type RunOutcome =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** No verdict: the scenario's file or market is no good, or (`internal`) the program broke. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

/** Whether a run went as it should: for a canary that is `fail`. A run without a verdict is unknown. */
export function standingOf({ result, mustFail }: Pick<SuiteRun, 'result' | 'mustFail'>): CheckStatus {
  if (result.kind === 'error') return 'unknown';
  const { verdict } = result.verdict;
  if (!mustFail || verdict === 'unknown') return verdict;
  return verdict === 'fail' ? 'pass' : 'fail';
}

/** `2-stale-quotes/2.3-all-feeds-silent+defect, seed 7, cause.faults.0.at=52s`: as a person tells runs apart. */
export function labelOf({
  scenario,
  form,
  seed,
  varied,
}: Pick<SuiteRun, 'scenario' | 'form' | 'seed' | 'varied'>): string {
  return [`${scenario}${form === 'defect' ? '+defect' : ''}`, `seed ${seed}`, ...varied].join(', ');
}

/** What kept a run from passing, the worst first: the checks with their reasons. Empty where it passed. */
export function reasonsOf(run: SuiteRun): string[] {
  const { result } = run;
  if (result.kind === 'error') return [result.message];
  if (standingOf(run) === 'pass') return [];
  if (run.mustFail && result.verdict.verdict === 'pass') return ['it passes, and is there to fail'];
  const { checks } = result.verdict;
  const wrong = CHECK_TITLES.filter(([name]) => checks[name].status !== 'pass');
  return ['fail', 'unknown'].flatMap(status =>
    wrong
      .filter(([name]) => checks[name].status === status)
      .map(([name, title]) => `${title}: ${checks[name].reason ?? status}`),
  );
}

export interface Totals {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
}

export function totalsOf(runs: readonly SuiteRun[]): Totals {
  const count = (status: CheckStatus): number => runs.filter(run => standingOf(run) === status).length;
  return { total: runs.length, passed: count('pass'), failed: count('fail'), unknown: count('unknown') };
}

/** That no variation was made of some scenarios; empty where variations were made of all, or none were asked for. */
export function unvariedLine(scenarios: number): string {
  if (scenarios === 0) return '';
  const [which, why] = scenarios === 1 ? ['1 scenario', 'it gives'] : [`${scenarios} scenarios`, 'they give'];
  return `No variation was made of ${which}: ${why} no limits to vary within (vary).`;
}

/** Whether a run was never made: its scenario cannot be read, or its market. */
export function isUnmade({ result }: Pick<SuiteRun, 'result'>): boolean {
  return result.kind === 'error' && result.code !== 'internal';
}

/** What kept runs from being made, each reason once: a file that cannot be read is in the way of all its seeds. */
export function unmadeReasons(runs: readonly SuiteRun[]): string[] {
  return [...new Set(runs.filter(isUnmade).flatMap(reasonsOf))];
}
