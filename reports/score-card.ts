/**
 * The score card of a suite: for each of the playbook's twenty steps what was run, what came of it, and how long symptom,
 * diagnosis and resolution took; and the same by symptom. Pure, and independent of the order of the runs.
 */
import { STEPS, SYMPTOMS, type Symptom } from '../core/playbook.ts';
import { type Spread, spreadOf } from './spread.ts';
import { type SuiteRun, type Totals, totalsOf } from './suite-run.ts';
import type { Verdict } from './verdict.ts';

export interface StepScore extends Totals {
  /** null for the healthy runs. */
  readonly step: string | null;
  readonly scenarios: number;
  /** From the cause's first effect until the symptom was hot. null: in no run. */
  readonly appear: Spread | null;
  /** From the cause's first effect until the first evidence of the step that the diagnosis named. */
  readonly diagnose: Spread | null;
  /** From the end of the cause, or the action that resolves it, until the symptom was cold. */
  readonly resolve: Spread | null;
}

export interface SymptomScore {
  readonly symptom: Symptom;
  /** Runs in which it is to turn hot. */
  readonly expected: number;
  /** Those of them in which it did. */
  readonly appeared: number;
  /** Those of them in which it was cold again at the end. */
  readonly resolved: number;
  /** Runs of other expectations in which it was hot, allowed or not. */
  readonly besides: number;
}

export interface ScoreCard {
  /** All twenty, in the playbook's order. */
  readonly steps: readonly StepScore[];
  readonly healthy: StepScore;
  readonly symptoms: readonly SymptomScore[];
  /** Of all runs, also those of files that cannot be read. */
  readonly totals: Totals;
}

export function scoreCard(runs: readonly SuiteRun[]): ScoreCard {
  return {
    steps: STEPS.map(step =>
      stepScore(
        step,
        runs.filter(({ playbook }) => playbook === step),
      ),
    ),
    healthy: stepScore(
      null,
      runs.filter(({ playbook, outcome }) => playbook === null && outcome !== null),
    ),
    symptoms: SYMPTOMS.map(symptom => symptomScore(symptom, runs)),
    totals: totalsOf(runs),
  };
}

function stepScore(step: string | null, runs: readonly SuiteRun[]): StepScore {
  // What a canary takes says nothing of the step.
  const verdicts = runs.filter(({ mustFail }) => !mustFail).flatMap(verdictOf);
  const spread = (time: (verdict: Verdict) => number | null): Spread | null =>
    spreadOf(verdicts.flatMap(verdict => time(verdict) ?? []));
  return {
    step,
    scenarios: new Set(runs.map(({ scenario }) => scenario)).size,
    ...totalsOf(runs),
    appear: spread(toAppear),
    diagnose: spread(toDiagnose),
    resolve: spread(toResolve),
  };
}

function verdictOf({ result }: SuiteRun): Verdict[] {
  return result.kind === 'verdict' ? [result.verdict] : [];
}

function toAppear({ checks }: Verdict): number | null {
  const { causeTookEffect, symptomAppeared } = checks;
  if (symptomAppeared.status !== 'pass') return null;
  return between(causeTookEffect.atNs, symptomAppeared.atNs);
}

function toDiagnose({ checks, diagnosis }: Verdict): number | null {
  const { causeTookEffect, diagnosed } = checks;
  if (diagnosed.status !== 'pass') return null;
  const finding = diagnosis.find(({ step }) => step === diagnosed.primary);
  return between(causeTookEffect.atNs, finding?.firstEvidenceNs);
}

function toResolve({ checks }: Verdict): number | null {
  const { status, sinceNs, atNs } = checks.symptomResolved;
  if (status !== 'pass' || sinceNs === undefined || atNs === undefined) return null;
  // A symptom that was cold before the cause was over took no time.
  return Math.max(0, atNs - sinceNs);
}

/** Evidence from before the cause is of something else. */
function between(fromNs: number | undefined, toNs: number | undefined): number | null {
  return fromNs === undefined || toNs === undefined || toNs < fromNs ? null : toNs - fromNs;
}

function symptomScore(symptom: Symptom, runs: readonly SuiteRun[]): SymptomScore {
  const judged = runs.filter(({ result, mustFail }) => result.kind === 'verdict' && !mustFail);
  const hotIn = (run: SuiteRun) => verdictOf(run).flatMap(({ symptoms }) => symptoms[symptom] ?? []);
  const expected = judged.filter(run => run.symptom === symptom);
  const appeared = expected.filter(run => hotIn(run).length > 0);
  return {
    symptom,
    expected: expected.length,
    appeared: appeared.length,
    resolved: appeared.filter(run => hotIn(run).every(({ toNs }) => toNs !== null)).length,
    besides: judged.filter(run => run.symptom !== symptom && hotIn(run).length > 0).length,
  };
}

/** That steps were left out of a report, as no scenario of theirs is among the runs; empty where all were run. */
export function leftOutLine({ steps }: ScoreCard): string {
  const left = steps.filter(({ total }) => total === 0).length;
  if (left === 0) return '';
  if (left === steps.length) return `No scenario of the ${left} steps was run.`;
  return left === 1 ? 'No scenario of 1 other step was run.' : `No scenario of ${left} other steps was run.`;
}
