/** What must hold in every run (playbook matrix, "invariants"), but for what the cause is known to break. */
import type { Checks } from '../verdict.ts';
import type { JudgeInput } from './judge-input.ts';

export function judgeInvariants({ violations, expect }: JudgeInput): Checks['invariants'] {
  // Settings and defects do not heal: what they turn hot stays so, unless an operator does something.
  const mayStayHot = !expect.heals && !expect.isOperated;
  const held = violations.filter(
    ({ invariant }) =>
      !expect.mayBreak.includes(invariant) &&
      invariant !== expect.breaks &&
      !(mayStayHot && invariant === 'cold-after-heal'),
  );
  const first = held.at(0);
  if (first === undefined) return { status: 'pass', violations: held };
  const reason = `${first.invariant}: ${first.message}`;
  return { status: 'fail', reason, atNs: first.atNs, event: first.event, violations: held };
}
