/** Whether the diagnosis named the right step first, found of it what was to be found, and named none that it must not. */
import type { Check, Checks } from '../verdict.ts';
import { NO_EFFECT, NOT_EXPECTED } from './common.ts';
import type { JudgeInput } from './judge-input.ts';

export function judgeDiagnosis(input: JudgeInput, cause: Check): Checks['diagnosed'] {
  const { expect, findings } = input;
  const named = findings.filter(finding => finding.status === 'cause').map(finding => finding.step);
  const said = { named, primary: expect.diagnosis, allowed: [...expect.allowed] };
  const mayBeNamed = (step: string): boolean =>
    !expect.notDiagnosed.includes(step) && (step === expect.diagnosis || expect.allowed.includes(step));
  const wrong = named.find(step => !mayBeNamed(step));
  if (wrong !== undefined) {
    return { status: 'fail', reason: `step ${wrong} is named as the cause, which it is not`, ...said };
  }
  if (expect.diagnosis === null || expect.finding === null) return { ...NOT_EXPECTED, ...said };
  if (cause.status === 'unknown') return { ...NO_EFFECT, ...said };
  const primary = findings.find(finding => finding.step === expect.diagnosis);
  if (primary === undefined) {
    return { status: 'unknown', reason: `step ${expect.diagnosis} is not walked by this version`, ...said };
  }
  if (primary.status !== expect.finding) {
    return { status: 'fail', reason: `step ${primary.step} is ${primary.status}, not ${expect.finding}`, ...said };
  }
  if (expect.finding === 'cause' && named[0] !== expect.diagnosis) {
    return { status: 'fail', reason: `step ${named[0]} is named before step ${expect.diagnosis}`, ...said };
  }
  return { status: 'pass', ...said };
}
