/** The same run without the cause: nothing is wrong there, or nothing can be said of what the cause did. */
import { seconds } from '../seconds.ts';
import { type HotInterval, onSide, shown } from '../symptoms/symptom.ts';
import type { Checks } from '../verdict.ts';
import type { JudgeInput } from './judge-input.ts';

export function judgeTwin(
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
