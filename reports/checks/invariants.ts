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
  const names = [...new Set(held.map(({ invariant }) => invariant))];
  const hint = `If the cause itself breaks it, whatever the core does, allow it: expect.mayBreak: [${names.join(', ')}].`;
  const told = { reason, atNs: first.atNs, event: first.event, violations: held };
  return { status: 'fail', ...told, ...(expect.outcome !== 'healthy' && { hint }) };
}
