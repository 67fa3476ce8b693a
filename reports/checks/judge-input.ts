/** What a verdict is made from: results of run and twin, what was observed of them, and what the scenario expects. */

import type { Symptom } from '../../core/playbook.ts';
import type { Expectations } from '../../scenarios/expectations.ts';
import type { FaultPlan } from '../../sim/faults/plan.ts';
import type { Span } from '../symptoms/intervals.ts';
import type { HotInterval } from '../symptoms/symptom.ts';
import type { StepFinding, TakenEffect, Verdict, Violation } from '../verdict.ts';

/** Of a `RunResult` what a verdict shows. */
export interface RunSummary {
  readonly digest: string;
  readonly stats: Verdict['stats'];
}

/** Hot intervals of the symptoms that were judged. A symptom that is absent was not. */
export type SymptomIntervals = Partial<Record<Symptom, readonly HotInterval[]>>;

/** One more run, with the cause and a fix. */
export interface Counterfactual {
  /** Whether it has to help: a wrong fix must not. */
  readonly helps: boolean;
  /** For how long the expected symptom was hot in it beyond what is inherent, over all its intervals. */
  readonly hotNs: number;
}

export interface JudgeInput {
  scenario: string;
  playbook: string | null;
  seed: number;
  /** null for a synthetic market. */
  tape: Verdict['tape'];
  run: RunSummary;
  twin: RunSummary;
  symptoms: { readonly run: SymptomIntervals; readonly twin: SymptomIntervals };
  /** When the exchange accepted something of the twin, ns, by instrument and side (`QuoteSeries.acceptedNs`). */
  twinAcceptedNs: readonly Float64Array[];
  /** Gaps of the recording, by instrument (`QuoteSeries.gaps` of the twin). */
  gaps: readonly (readonly Span[])[];
  faults: FaultPlan;
  effects: readonly TakenEffect[];
  /** Where run and twin part first; asked for where the cause is a setting or a defect. null: nowhere. */
  difference: { readonly atNs: number; readonly event: number } | null;
  /** When the operator acts; null: never. */
  operatedNs: number | null;
  /** What came of the run with the fix; null: there was none. */
  counterfactual: Counterfactual | null;
  /** End of the run. */
  runEndNs: number;
  mustFail: boolean;
  /** When the heal phase begins, ns. */
  healNs: number;
  /** When the last fault ended, ns: where that was before the heal phase, resolving counts from here. null: no fault. */
  lastFaultEndNs: number | null;
  findings: readonly StepFinding[];
  violations: readonly Violation[];
  twinViolations: readonly Violation[];
  expect: Expectations;
}
