/** Runs of a suite, to be changed in one place at a time. */
import { judge } from '../../reports/checks/judge.ts';
import type { JudgeInput } from '../../reports/checks/judge-input.ts';
import type { SuiteRun } from '../../reports/suite-run.ts';
import type { StepFinding } from '../../reports/verdict.ts';
import { expected } from './verdicts.ts';

/** A run that passes; `input` changes what it is judged by. */
export function suiteRun(changes: Partial<SuiteRun> = {}, input: Partial<JudgeInput> = {}): SuiteRun {
  const verdict = judge({ ...expected(), ...input });
  return {
    scenario: '2-stale-quotes/2.3-all-feeds-silent',
    form: 'plain',
    seed: 1,
    varied: [],
    playbook: '2.3',
    outcome: 'symptom',
    symptom: 'stale-quotes',
    mustFail: false,
    command: 'npx replaybook run 2-stale-quotes/2.3-all-feeds-silent --seed 1',
    result: { kind: 'verdict', verdict },
    ...changes,
  };
}

/** One that fails: the symptom never turns hot. */
export function failingRun(changes: Partial<SuiteRun> = {}): SuiteRun {
  return suiteRun(changes, { symptoms: { run: { 'stale-quotes': [] }, twin: {} } });
}

/** One of which nothing can be said: its cause had no effect. */
export function unknownRun(changes: Partial<SuiteRun> = {}): SuiteRun {
  return suiteRun(changes, { effects: [], findings: [], symptoms: { run: { 'stale-quotes': [] }, twin: {} } });
}

export function brokenRun(code: string, message: string, changes: Partial<SuiteRun> = {}): SuiteRun {
  return suiteRun({
    playbook: null,
    outcome: null,
    symptom: null,
    ...changes,
    result: { kind: 'error', code, message },
  });
}

/** The findings in place of those of the verdict. */
export function diagnosed(run: SuiteRun, diagnosis: StepFinding[]): SuiteRun {
  if (run.result.kind === 'error') return run;
  return { ...run, result: { kind: 'verdict', verdict: { ...run.result.verdict, diagnosis } } };
}
