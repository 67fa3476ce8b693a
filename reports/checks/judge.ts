/**
 * The verdict on a run, check by check (design, section 9). Pure: the same input gives the same verdict.
 *
 * All six checks are always there. What does not apply passes with the reason `not expected`. Fail beats unknown beats
 * pass. Where the cause never took effect, nothing can be said of what it should have done: those checks are unknown.
 */
import { SYMPTOMS } from '../../core/playbook.ts';
import { splitInherent } from '../symptoms/inherent.ts';
import { type HotInterval, shown } from '../symptoms/symptom.ts';
import type { CheckStatus, Checks, Verdict, Violation } from '../verdict.ts';
import { judgeCause } from './cause.ts';
import type { Hot } from './common.ts';
import { judgeDiagnosis } from './diagnosed.ts';
import { judgeInvariants } from './invariants.ts';
import type { JudgeInput } from './judge-input.ts';
import { judgeResolved } from './resolved.ts';
import { judgeAppeared } from './symptom-appeared.ts';
import { judgeTwin } from './twin.ts';

export function judge(input: JudgeInput): Verdict {
  const hot: Hot = {};
  const runHot: HotInterval[] = [];
  const twinHot: HotInterval[] = [];
  const inherent: HotInterval[] = [];
  for (const symptom of SYMPTOMS) {
    const run = input.symptoms.run[symptom];
    if (run === undefined) continue;
    const split = splitInherent(run, input.symptoms.twin[symptom] ?? [], input.gaps, input.runEndNs);
    hot[symptom] = split.run;
    runHot.push(...split.run);
    twinHot.push(...split.twin);
    inherent.push(...split.inherent);
  }
  const causeTookEffect = judgeCause(input, hot);
  const appeared = judgeAppeared(input, hot, causeTookEffect);
  const checks: Checks = {
    twinClean: judgeTwin({ ...input, twinViolations: beyond(twinHot, input.twinViolations) }, twinHot, inherent),
    causeTookEffect,
    symptomAppeared: appeared,
    diagnosed: judgeDiagnosis(input, causeTookEffect),
    symptomResolved: judgeResolved(input, hot, appeared, causeTookEffect),
    invariants: judgeInvariants({ ...input, violations: beyond(runHot, input.violations) }),
  };
  const symptoms: Verdict['symptoms'] = {};
  for (const symptom of SYMPTOMS) {
    const intervals = hot[symptom];
    if (intervals !== undefined) symptoms[symptom] = intervals.map(shown);
  }
  return {
    scenario: input.scenario,
    playbook: input.playbook,
    seed: input.seed,
    verdict: worst(Object.values(checks).map(check => check.status)),
    ...(input.mustFail && { mustFail: true as const }),
    digest: input.run.digest,
    twin: { digest: input.twin.digest },
    tape: input.tape,
    checks,
    symptoms,
    diagnosis: [...input.findings],
    stats: input.run.stats,
  };
}

/** Violations without those that a run is hot at its end, where that is inherent: `hot` is what is not. */
function beyond(hot: readonly HotInterval[], violations: readonly Violation[]): readonly Violation[] {
  if (hot.some(({ toNs }) => toNs === null)) return violations;
  return violations.filter(({ invariant }) => invariant !== 'cold-after-heal');
}

function worst(statuses: readonly CheckStatus[]): CheckStatus {
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('unknown') ? 'unknown' : 'pass';
}
