/**
 * Whether the cause did anything: each fault as often as it has to; a setting or defect where run and twin part (design,
 * section 8). It begins with the first of them that acts. A cause that did nothing proves nothing.
 */
import { seconds } from '../seconds.ts';
import type { Checks } from '../verdict.ts';
import { NOT_EXPECTED } from './common.ts';
import type { JudgeInput } from './judge-input.ts';

export function judgeCause({ faults, effects, expect, difference }: JudgeInput): Checks['causeTookEffect'] {
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
  // A setting or a bug beside faults may act before they do. One that a fault is paired with does so by the fault alone.
  const moments = expect.heals || expect.form === 'defect' || difference === null ? taken : [...taken, difference];
  const first = moments.reduce((a, b) => (b.atNs < a.atNs ? b : a));
  return { status: 'pass', atNs: first.atNs, event: first.event, faults: taken };
}
