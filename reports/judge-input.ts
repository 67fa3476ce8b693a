/** What a verdict is made from: results of run and twin, what was observed of them, and what the scenario expects. */
import type { FaultPlan } from '../sim/faults/plan.ts';
import type { Span } from './symptoms/intervals.ts';
import type { HotInterval } from './symptoms/symptom.ts';
import type { StepFinding, Symptom, TakenEffect, Verdict, Violation } from './verdict.ts';

export const OUTCOMES = ['symptom', 'absorbed', 'decoy', 'healthy'] as const;
/** `symptom`: it turns hot and resolves. `absorbed`: handled, nothing hot. `decoy`: looks alike. `healthy`: no cause. */
export type Outcome = (typeof OUTCOMES)[number];

export interface Expectations {
  outcome: Outcome;
  /** The symptom that turns hot (`symptom`), or that the paired defect would turn hot (`absorbed`); null for none. */
  symptom: Symptom | null;
  /** From the cause's first effect, ns; null: any time will do. */
  appearsWithinNs: number | null;
  /** From the end of the faults, ns; null: by the end of the run. */
  resolvesWithinNs: number | null;
  /** The primary step; null where none is to be named. */
  diagnosis: string | null;
  /** Steps that may be named beside the primary one. */
  allowed: readonly string[];
  /** Steps that must not be named. */
  notDiagnosed: readonly string[];
  /** Invariants that the cause breaks. */
  mayBreak: readonly string[];
  /** Symptoms that may turn hot beside the expected one (`symptom` only: elsewhere nothing may). */
  symptomsAllowed: readonly string[];
}

/** Of a `RunResult` what a verdict shows. */
export interface RunSummary {
  readonly digest: string;
  readonly stats: Verdict['stats'];
}

/** Hot intervals of the symptoms that were judged. A symptom that is absent was not. */
export type SymptomIntervals = Partial<Record<Symptom, readonly HotInterval[]>>;

export interface JudgeInput {
  scenario: string;
  playbook: string | null;
  seed: number;
  /** null for a synthetic market. */
  tape: Verdict['tape'];
  run: RunSummary;
  twin: RunSummary;
  symptoms: { readonly run: SymptomIntervals; readonly twin: SymptomIntervals };
  /** Gaps of the recording, by instrument (`QuoteSeries.gaps` of the twin). */
  gaps: readonly (readonly Span[])[];
  faults: FaultPlan;
  effects: readonly TakenEffect[];
  /** When the heal phase begins, ns. */
  healNs: number;
  /** When the last fault ended, ns: where that was before the heal phase, resolving counts from here. null: no fault. */
  lastFaultEndNs: number | null;
  findings: readonly StepFinding[];
  violations: readonly Violation[];
  twinViolations: readonly Violation[];
  expect: Expectations;
}
