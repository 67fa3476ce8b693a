/**
 * Whether the symptom resolved in time, and by what: by itself once the faults were over, by the operator's action, or, for
 * settings and defects, in one more run with the fix (`counterfactual`).
 */
import { seconds } from '../seconds.ts';
import { type HotInterval, onSide } from '../symptoms/symptom.ts';
import type { Check, Checks } from '../verdict.ts';
import { type Hot, NO_EFFECT, NOT_EXPECTED } from './common.ts';
import type { Counterfactual, JudgeInput } from './judge-input.ts';

/** A fix helps that leaves at most so much of the time for which the symptom is hot; one that leaves this much does nothing. */
const HELPED_SHARE = 0.5;
const USELESS_SHARE = 0.9;

export function judgeResolved(input: JudgeInput, hot: Hot, appeared: Check, cause: Check): Checks['symptomResolved'] {
  const { counterfactual, expect, runEndNs } = input;
  if (expect.outcome !== 'symptom' || expect.symptom === null) return NOT_EXPECTED;
  if (cause.status === 'unknown') return NO_EFFECT;
  const intervals = hot[expect.symptom];
  if (intervals === undefined || intervals.length === 0) {
    return appeared.status === 'fail'
      ? { status: 'unknown', reason: 'nothing to resolve: the symptom never turned hot' }
      : { status: 'unknown', reason: appeared.reason ?? 'nothing to resolve' };
  }
  if (counterfactual !== null) return judgeCounterfactual(counterfactual, totalNs(intervals, runEndNs));
  const open = intervals.find(interval => interval.toNs === null);
  if (open !== undefined) {
    const turned = `it turned hot at ${seconds(open.fromNs)}: ${open.why}`;
    const reason = `${expect.symptom} is still hot${onSide(open)} at the end; ${turned}`;
    return { status: 'fail', reason, atNs: open.fromNs, event: open.event };
  }
  const last = intervals.reduce((a, b) => ((b.toNs ?? 0) > (a.toNs ?? 0) ? b : a));
  const endNs = last.toNs ?? 0;
  const { fromNs, since } = resolvingFrom(input);
  const told = { atNs: endNs, event: last.toEvent ?? last.event, by: last.by ?? '', sinceNs: fromNs };
  const { operatedNs } = input;
  if (operatedNs !== null && endNs < operatedNs) {
    const reason = `${expect.symptom} was cold again before the operator did anything, at ${seconds(endNs)}`;
    return { status: 'fail', reason, ...told };
  }
  const withinNs = expect.resolvesWithinNs ?? Infinity;
  if (endNs - fromNs > withinNs) {
    const late = seconds(endNs - fromNs);
    const reason = `${expect.symptom} was hot until ${late} after ${since}, longer than ${seconds(withinNs)}`;
    return { status: 'fail', reason, ...told };
  }
  return { status: 'pass', ...told };
}

function resolvingFrom({ healNs, lastFaultEndNs, operatedNs }: JudgeInput): { fromNs: number; since: string } {
  if (operatedNs !== null) return { fromNs: operatedNs, since: 'the operator acted' };
  return { fromNs: Math.min(healNs, lastFaultEndNs ?? healNs), since: 'the faults ended' };
}

function judgeCounterfactual({ helps, hotNs }: Counterfactual, withoutNs: number): Checks['symptomResolved'] {
  const share = hotNs / withoutNs;
  const told = `with the fix it is hot for ${seconds(hotNs)} in all, without for ${seconds(withoutNs)}`;
  if (helps ? share <= HELPED_SHARE : share >= USELESS_SHARE) return { status: 'pass', by: told };
  return { status: 'fail', reason: `${helps ? 'the fix does not help' : 'the wrong fix helps'}: ${told}` };
}

/** Sum of the lengths of intervals, ns; one that is open lasts to `endNs`. */
export function totalNs(intervals: readonly HotInterval[], endNs: number): number {
  return intervals.reduce((sum, { fromNs, toNs }) => sum + (toNs ?? endNs) - fromNs, 0);
}
