/**
 * Whether the cause did anything: each fault as often as it has to; a setting or defect where run and twin part (design,
 * section 8). A cause that did nothing proves nothing.
 */
import { seconds } from '../seconds.ts';
import type { Checks } from '../verdict.ts';
import { type Hot, NOT_EXPECTED } from './common.ts';
import type { JudgeInput } from './judge-input.ts';

export function judgeCause(input: JudgeInput, hot: Hot): Checks['causeTookEffect'] {
  const { faults, effects, expect, difference } = input;
  const taken = [...effects];
  if (faults.length === 0 && expect.heals) return { ...NOT_EXPECTED, faults: taken };
  for (const [index, { kind, atNs, atLeast }] of faults.entries()) {
    const count = effects.find(effect => effect.index === index)?.count ?? 0;
    if (count >= atLeast) continue;
    const had = count === 0 ? 'had no effect' : `took effect ${count} times, not ${atLeast}`;
    return { status: 'unknown', reason: `fault ${index} (${kind} at ${seconds(atNs)}) ${had}`, faults: taken };
  }
  if (taken.length === 0) {
    if (expect.heals) return { status: 'pass', reason: 'no fault has to take effect', faults: taken };
    if (difference !== null) return { status: 'pass', ...difference, faults: taken };
    return { status: 'unknown', reason: 'run and twin are the same from beginning to end', faults: taken };
  }
  const first = taken.reduce((a, b) => (b.atNs < a.atNs ? b : a));
  const { atNs, event } = settingBefore(first.atNs, input, hot) ?? first;
  return { status: 'pass', atNs, event, faults: taken };
}

/**
 * Where a setting or a bug beside the faults took effect, if it brought the symptom about, in time, before any of them did. A defect
 * that a fault is paired with does so by the fault alone.
 */
function settingBefore(faultNs: number, { expect, difference }: JudgeInput, hot: Hot): JudgeInput['difference'] {
  if (expect.heals || expect.form === 'defect' || expect.symptom === null || difference === null) return null;
  const hotNs = hot[expect.symptom]?.at(0)?.fromNs ?? Number.POSITIVE_INFINITY;
  const afterNs = hotNs - difference.atNs;
  const isInTime = afterNs >= 0 && afterNs <= (expect.appearsWithinNs ?? Number.POSITIVE_INFINITY);
  return hotNs < faultNs && isInTime ? difference : null;
}
