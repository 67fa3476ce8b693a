/**
 * A verdict from two things: what is known of a run when it is over (`RunFacts`: plain data, which its stored trace holds too),
 * and what the observers have seen of it, in the run itself or when they were driven from the trace.
 */
import { judge } from '../../reports/checks/judge.ts';
import type { Counterfactual, JudgeInput, RunSummary } from '../../reports/checks/judge-input.ts';
import { totalNs } from '../../reports/checks/resolved.ts';
import { diagnose } from '../../reports/diagnosis/diagnose.ts';
import type { Evidence } from '../../reports/diagnosis/evidence.ts';
import { splitInherent } from '../../reports/symptoms/inherent.ts';
import type { Verdict } from '../../reports/verdict.ts';
import type { ResolvedScenario } from '../../scenarios/resolve.ts';
import type { RunSeen, TwinSeen } from './observers.ts';

/** `fixed`: one more run, with the fix that a counterfactual tries. */
export type Phase = 'twin' | 'run' | 'fixed';

/** All that a verdict, and the text of it, need of a run beside what was seen of it. */
export interface RunFacts {
  readonly scenario: ResolvedScenario;
  readonly seed: number;
  readonly tape: Verdict['tape'];
  /** The tape was recorded at a real exchange. */
  readonly isRecorded: boolean;
  /** Name of a synthetic market, and its instruments; null for a tape. */
  readonly synthetic: string | null;
  readonly run: RunSummary;
  readonly twin: RunSummary;
  readonly difference: JudgeInput['difference'];
}

export interface Seen {
  readonly twin: TwinSeen;
  readonly run: RunSeen;
  /** Of the run with the fix, or of the twin where that is the same run; null where no fix is tried. */
  readonly fixed: Pick<RunSeen, 'symptoms'> | null;
}

/** A run that is over, or that was scored again: all that is said of it. */
export interface Scored {
  readonly facts: RunFacts;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

export function score(facts: RunFacts, seen: Seen): Scored {
  const { scenario, seed, tape, run, twin, difference } = facts;
  const { healNs, toNs, faults, operator, mustFail, expect } = scenario;
  const { evidence } = seen.run;
  const verdict = judge({
    scenario: scenario.id,
    playbook: scenario.playbook,
    seed,
    tape,
    run,
    twin,
    symptoms: { run: seen.run.symptoms, twin: seen.twin.symptoms },
    twinAcceptedNs: seen.twin.acceptedNs,
    gaps: seen.twin.gaps,
    faults,
    effects: seen.run.effects,
    difference,
    healNs,
    lastFaultEndNs: seen.run.lastFaultEndNs,
    operatedNs: operator.length === 0 ? null : operator[0].atNs,
    counterfactual: counterfactualOf(scenario, seen),
    runEndNs: toNs,
    mustFail,
    findings: diagnose(evidence),
    violations: seen.run.violations,
    twinViolations: seen.twin.violations,
    expect,
  } satisfies JudgeInput);
  return { facts, verdict, evidence };
}

function counterfactualOf(scenario: ResolvedScenario, { fixed, twin }: Seen): Counterfactual | null {
  const { counterfactual, expect, toNs } = scenario;
  const { symptom } = expect;
  if (counterfactual === null || symptom === null || fixed === null) return null;
  const { run } = splitInherent(fixed.symptoms[symptom] ?? [], twin.symptoms[symptom] ?? [], twin.gaps, toNs);
  return { helps: counterfactual.helps, hotNs: totalNs(run, toNs) };
}
