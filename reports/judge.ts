/**
 * The verdict on a run, check by check (design, section 9). Pure: the same input gives the same verdict.
 *
 * All six checks are always there. What does not apply passes with the reason `not expected`. Fail beats unknown beats
 * pass. Where the cause never took effect, nothing can be said of what it should have done: those checks are unknown.
 */

import { SYMPTOMS, type Symptom } from '../core/playbook.ts';
import type { Expectations } from '../scenarios/resolve.ts';
import type { JudgeInput } from './judge-input.ts';
import { seconds } from './seconds.ts';
import { splitInherent } from './symptoms/inherent.ts';
import { overlap } from './symptoms/intervals.ts';
import { type HotInterval, onSide, shown } from './symptoms/symptom.ts';
import { ORDERS_NOT_SENDING } from './symptoms/thresholds.ts';
import type { Check, CheckStatus, Checks, Verdict } from './verdict.ts';

const NOT_EXPECTED: Check = { status: 'pass', reason: 'not expected' };
const TWIN_IDLE: Check = {
  status: 'unknown',
  reason: 'twin-idle: nothing was due while the cause lasted, so nothing can be missed',
};
const NO_EFFECT: Check = { status: 'unknown', reason: 'the cause did not take effect' };

export function judge(input: JudgeInput): Verdict {
  const hot: Partial<Record<Symptom, HotInterval[]>> = {};
  const twinHot: HotInterval[] = [];
  const inherent: HotInterval[] = [];
  for (const symptom of SYMPTOMS) {
    const run = input.symptoms.run[symptom];
    if (run === undefined) continue;
    const split = splitInherent(run, input.symptoms.twin[symptom] ?? [], input.gaps);
    hot[symptom] = split.run;
    twinHot.push(...split.twin);
    inherent.push(...split.inherent);
  }
  const causeTookEffect = judgeCause(input);
  const appeared = judgeAppeared(input, hot, causeTookEffect);
  const checks: Checks = {
    twinClean: judgeTwin(input, twinHot, inherent),
    causeTookEffect,
    symptomAppeared: appeared,
    diagnosed: judgeDiagnosis(input, causeTookEffect),
    symptomResolved: judgeResolved(input, hot, appeared),
    invariants: judgeInvariants(input),
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
    digest: input.run.digest,
    twin: { digest: input.twin.digest },
    tape: input.tape,
    checks,
    symptoms,
    diagnosis: [...input.findings],
    stats: input.run.stats,
  };
}

function worst(statuses: readonly CheckStatus[]): CheckStatus {
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('unknown') ? 'unknown' : 'pass';
}

function judgeTwin(
  input: JudgeInput,
  twinHot: readonly HotInterval[],
  inherent: readonly HotInterval[],
): Checks['twinClean'] {
  const listed = inherent.map(shown);
  const first = twinHot.at(0);
  if (first !== undefined) {
    const reason = `without the cause a symptom is hot${onSide(first)} at ${seconds(first.fromNs)}: ${first.why}`;
    return { status: 'fail', reason, atNs: first.fromNs, event: first.event, inherent: listed };
  }
  const broken = input.twinViolations.at(0);
  if (broken !== undefined) {
    const reason = `without the cause ${broken.invariant} does not hold: ${broken.message}`;
    return { status: 'fail', reason, atNs: broken.atNs, event: broken.event, inherent: listed };
  }
  return { status: 'pass', inherent: listed };
}

function judgeCause({ faults, effects }: JudgeInput): Checks['causeTookEffect'] {
  if (faults.length === 0) return { ...NOT_EXPECTED, faults: [] };
  const taken = [...effects];
  const idle = faults.findIndex((_, index) => !effects.some(effect => effect.index === index));
  if (idle >= 0) {
    const { kind, atNs } = faults[idle];
    return { status: 'unknown', reason: `fault ${idle} (${kind} at ${seconds(atNs)}) had no effect`, faults: taken };
  }
  const first = effects.reduce((a, b) => (b.atNs < a.atNs ? b : a));
  return { status: 'pass', atNs: first.atNs, event: first.event, faults: taken };
}

/** First interval of a symptom that nobody declared. Only a cause that is to make a symptom hot may make others hot too. */
function undeclared(expect: Expectations, hot: Partial<Record<Symptom, HotInterval[]>>): Check | null {
  for (const symptom of SYMPTOMS) {
    const isDeclared =
      expect.outcome === 'symptom' && (symptom === expect.symptom || expect.symptomsAllowed.includes(symptom));
    const first = hot[symptom]?.at(0);
    if (isDeclared || first === undefined) continue;
    const reason = `${symptom} turned hot${onSide(first)} without being expected: ${first.why}`;
    return { status: 'fail', reason, atNs: first.fromNs, event: first.event };
  }
  return null;
}

/**
 * Whether a scenario is about orders that do not go out, and its twin sent too few on either side while the cause lasted. Without
 * faults the cause lasts as long as the run.
 */
function isTwinIdle({ expect, faults, twinAcceptedNs }: JudgeInput): boolean {
  const isAsked = expect.outcome === 'symptom' || expect.outcome === 'absorbed';
  if (!isAsked || expect.symptom !== 'orders-not-sending') return false;
  const fromNs = faults.length === 0 ? 0 : Math.min(...faults.map(fault => fault.atNs));
  const toNs =
    faults.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...faults.map(fault => fault.atNs + fault.forNs));
  return twinAcceptedNs.every(accepted => {
    const within = accepted.filter(ns => ns >= fromNs && ns <= toNs);
    return within.length < ORDERS_NOT_SENDING.twinAcceptances;
  });
}

function judgeAppeared(input: JudgeInput, hot: Partial<Record<Symptom, HotInterval[]>>, cause: Check): Check {
  const { expect } = input;
  const surprise = undeclared(expect, hot);
  if (surprise !== null) return surprise;
  if (isTwinIdle(input)) return TWIN_IDLE;
  if (expect.outcome !== 'symptom' || expect.symptom === null) return NOT_EXPECTED;
  const intervals = hot[expect.symptom];
  if (intervals === undefined) return { status: 'unknown', reason: `${expect.symptom} is not judged by this version` };
  if (cause.status === 'unknown' || cause.atNs === undefined) return NO_EFFECT;
  const causeNs = cause.atNs;
  const before = intervals.find(interval => interval.fromNs < causeNs);
  if (before !== undefined) {
    const reason = `${expect.symptom} was hot at ${seconds(before.fromNs)}, before the cause took effect`;
    return { status: 'unknown', reason, atNs: before.fromNs, event: before.event };
  }
  const first = intervals.at(0);
  const withinNs = expect.appearsWithinNs ?? Number.POSITIVE_INFINITY;
  if (first !== undefined && first.fromNs - causeNs <= withinNs) {
    return { status: 'pass', atNs: first.fromNs, event: first.event };
  }
  const window = { fromNs: causeNs, toNs: Number.isFinite(withinNs) ? causeNs + withinNs : null };
  if (input.gaps.some(gaps => gaps.some(gap => overlap(gap, window)))) {
    return { status: 'unknown', reason: `${expect.symptom} did not appear, but the recording has a gap in that time` };
  }
  if (first === undefined) return { status: 'fail', reason: `${expect.symptom} never turned hot` };
  const reason =
    `${expect.symptom} turned hot ${seconds(first.fromNs - causeNs)} after the cause took effect, ` +
    `later than ${seconds(withinNs)}`;
  return { status: 'fail', reason, atNs: first.fromNs, event: first.event };
}

function judgeDiagnosis(input: JudgeInput, cause: Check): Checks['diagnosed'] {
  const { expect, findings } = input;
  const named = findings.filter(finding => finding.status === 'cause').map(finding => finding.step);
  const said = { named, primary: expect.diagnosis, allowed: [...expect.allowed] };
  // Where nothing is wrong, no step may be named at all.
  const isNothingWrong = expect.outcome === 'healthy' || expect.outcome === 'decoy';
  const mayBeNamed = (step: string): boolean =>
    !isNothingWrong &&
    !expect.notDiagnosed.includes(step) &&
    (step === expect.diagnosis || expect.allowed.includes(step));
  const wrong = named.find(step => !mayBeNamed(step));
  if (wrong !== undefined) {
    return { status: 'fail', reason: `step ${wrong} is named as the cause, which it is not`, ...said };
  }
  if (isNothingWrong || expect.diagnosis === null) return { ...NOT_EXPECTED, ...said };
  if (cause.status === 'unknown') return { ...NO_EFFECT, ...said };
  const primary = findings.find(finding => finding.step === expect.diagnosis);
  if (primary === undefined) {
    return { status: 'unknown', reason: `step ${expect.diagnosis} is not walked by this version`, ...said };
  }
  const wanted = expect.outcome === 'absorbed' ? 'handled' : 'cause';
  if (primary.status !== wanted) {
    return { status: 'fail', reason: `step ${primary.step} is ${primary.status}, not ${wanted}`, ...said };
  }
  if (wanted === 'cause' && named[0] !== expect.diagnosis) {
    return { status: 'fail', reason: `step ${named[0]} is named before step ${expect.diagnosis}`, ...said };
  }
  return { status: 'pass', ...said };
}

function judgeResolved(
  input: JudgeInput,
  hot: Partial<Record<Symptom, HotInterval[]>>,
  appeared: Check,
): Checks['symptomResolved'] {
  const { expect, healNs, lastFaultEndNs } = input;
  if (expect.outcome !== 'symptom' || expect.symptom === null) return NOT_EXPECTED;
  const intervals = hot[expect.symptom];
  if (intervals === undefined || intervals.length === 0) {
    return appeared.status === 'fail'
      ? { status: 'unknown', reason: 'nothing to resolve: the symptom never turned hot' }
      : { status: 'unknown', reason: appeared.reason ?? 'nothing to resolve' };
  }
  const open = intervals.find(interval => interval.toNs === null);
  if (open !== undefined) {
    const reason = `${expect.symptom} is still hot${onSide(open)} at the end: ${open.why}`;
    return { status: 'fail', reason, atNs: open.fromNs, event: open.event };
  }
  const last = intervals.reduce((a, b) => ((b.toNs ?? 0) > (a.toNs ?? 0) ? b : a));
  const endNs = last.toNs ?? 0;
  const told = { atNs: endNs, event: last.toEvent ?? last.event, by: last.by ?? '' };
  const fromNs = Math.min(healNs, lastFaultEndNs ?? healNs);
  const withinNs = expect.resolvesWithinNs ?? Number.POSITIVE_INFINITY;
  if (endNs - fromNs > withinNs) {
    const reason =
      `${expect.symptom} was hot until ${seconds(endNs - fromNs)} after the faults ended, ` +
      `longer than ${seconds(withinNs)}`;
    return { status: 'fail', reason, ...told };
  }
  return { status: 'pass', ...told };
}

function judgeInvariants({ violations, expect }: JudgeInput): Checks['invariants'] {
  const held = violations.filter(violation => !expect.mayBreak.includes(violation.invariant));
  const first = held.at(0);
  if (first === undefined) return { status: 'pass', violations: held };
  const reason = `${first.invariant}: ${first.message}`;
  return { status: 'fail', reason, atNs: first.atNs, event: first.event, violations: held };
}
