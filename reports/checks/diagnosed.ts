/** Whether the diagnosis named the right step first, found of it what was to be found, and named none that it must not. */
import type { Expectations } from '../../scenarios/expectations.ts';
import type { Check, Checks } from '../verdict.ts';
import { NO_EFFECT, NOT_EXPECTED, quoted } from './common.ts';
import type { JudgeInput } from './judge-input.ts';

export function judgeDiagnosis(input: JudgeInput, cause: Check): Checks['diagnosed'] {
  const { expect, findings } = input;
  const { diagnosis: causes } = expect;
  const named = findings.filter(finding => finding.status === 'cause').map(finding => finding.step);
  const said = {
    named,
    primary: named.find(step => causes.includes(step)) ?? causes.at(0) ?? null,
    allowed: [...expect.allowed],
    ...(causes.length > 1 && { causes: [...causes] }),
  };
  const mayBeNamed = (step: string): boolean =>
    !expect.notDiagnosed.includes(step) && (causes.includes(step) || expect.allowed.includes(step));
  const wrong = named.find(step => !mayBeNamed(step));
  if (wrong !== undefined) {
    const reason = `step ${wrong} is named as the cause, which it is not`;
    return { status: 'fail', reason, ...wrongHint(wrong, expect), ...said };
  }
  if (causes.length === 0 || expect.finding === null) return { ...NOT_EXPECTED, ...said };
  if (cause.status === 'unknown') return { ...NO_EFFECT, ...said };
  for (const step of causes) {
    const found = findings.find(finding => finding.step === step);
    if (found === undefined) {
      return { status: 'unknown', reason: `step ${step} is not walked by this version`, ...said };
    }
    if (found.status !== expect.finding) {
      return { status: 'fail', reason: `step ${step} is ${found.status}, not ${expect.finding}`, ...said };
    }
  }
  if (expect.finding === 'cause' && !causes.includes(named[0])) {
    const reason = `step ${named[0]} is named before step ${said.primary}`;
    const hint =
      `mayDiagnose allows step ${named[0]} only after it. If each is a cause of its own, and either may come first: ` +
      `expect.diagnosis: ${quoted([...causes, named[0]])}.`;
    return { status: 'fail', reason, hint, ...said };
  }
  return { status: 'pass', ...said };
}

/** In a healthy run nothing is to be named, and no scenario can allow it. */
function wrongHint(step: string, { outcome, notDiagnosed }: Expectations): { hint?: string } {
  if (outcome === 'healthy' || notDiagnosed.includes(step)) return {};
  return { hint: `If step ${step} is a consequence here, allow it: expect.mayDiagnose: ${quoted([step])}.` };
}
