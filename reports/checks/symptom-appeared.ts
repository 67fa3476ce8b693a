/** Whether the declared symptom turned hot in time, and no other did. With a paired defect a broken invariant does as well. */
import { SYMPTOMS } from '../../core/playbook.ts';
import type { Expectations } from '../../scenarios/expectations.ts';
import { seconds } from '../seconds.ts';
import { overlap } from '../symptoms/intervals.ts';
import { onSide } from '../symptoms/symptom.ts';
import { ORDERS_NOT_SENDING } from '../symptoms/thresholds.ts';
import type { Check } from '../verdict.ts';
import { type Hot, NO_EFFECT, NOT_EXPECTED } from './common.ts';
import type { JudgeInput } from './judge-input.ts';

const TWIN_IDLE: Check = {
  status: 'unknown',
  reason: 'twin-idle: nothing was due while the cause lasted, so nothing can be missed',
};

export function judgeAppeared(input: JudgeInput, hot: Hot, cause: Check): Check {
  const { expect } = input;
  const surprise = undeclared(expect, hot);
  if (surprise !== null) return surprise;
  if (isTwinIdle(input)) return TWIN_IDLE;
  const broken = brokenByDefect(input);
  if (broken !== null) return broken;
  if (expect.symptom === null) {
    if (expect.breaks === null) return NOT_EXPECTED;
    return { status: 'fail', reason: `${expect.breaks} was not broken by the defect` };
  }
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

/** First interval of a symptom that nobody declared. */
function undeclared(expect: Expectations, hot: Hot): Check | null {
  for (const symptom of SYMPTOMS) {
    const isDeclared = symptom === expect.symptom || expect.symptomsAllowed.includes(symptom);
    const first = hot[symptom]?.at(0);
    if (isDeclared || first === undefined) continue;
    const reason = `${symptom} turned hot${onSide(first)} without being expected: ${first.why}`;
    const hint = `If it is a consequence here, allow it: expect.mayTurnHot: [${symptom}].`;
    const told = { reason, atNs: first.fromNs, event: first.event };
    return { status: 'fail', ...told, ...(expect.outcome !== 'healthy' && { hint }) };
  }
  return null;
}

/** The invariant that a paired defect was to break, where it did. */
function brokenByDefect({ expect, violations }: JudgeInput): Check | null {
  const broken = violations.find(violation => violation.invariant === expect.breaks);
  if (broken === undefined) return null;
  return { status: 'pass', reason: `${broken.invariant}: ${broken.message}`, atNs: broken.atNs, event: broken.event };
}

/**
 * Whether a scenario is about orders that do not go out, and its twin sent too few on either side while the cause lasted. Without
 * faults the cause lasts as long as the run.
 */
function isTwinIdle({ expect, faults, twinAcceptedNs }: JudgeInput): boolean {
  if (expect.symptom !== 'orders-not-sending') return false;
  const fromNs = faults.length === 0 ? 0 : Math.min(...faults.map(fault => fault.atNs));
  const toNs = faults.length === 0 ? Infinity : Math.max(...faults.map(fault => fault.atNs + fault.forNs));
  return twinAcceptedNs.every(accepted => {
    const within = accepted.filter(ns => ns >= fromNs && ns <= toNs);
    return within.length < ORDERS_NOT_SENDING.twinAcceptances;
  });
}
