import { describe, expect, it } from 'vitest';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import type { ResolvedScenario } from '../../scenarios/resolve.ts';
import { type RunFacts, type Seen, score } from '../../sim/cli/judging.ts';
import { expected, hot } from '../reports/verdicts.ts';

const S = 1e9;

describe('the run with the fix', () => {
  it('is not charged with what is inherent, as the run is not', () => {
    const { expect: expectations, run, twin, difference, seed, tape, healNs } = expected();
    const counterfactual = { helps: true };
    const scenario = { id: 'a', healNs, toNs: 180 * S, faults: [], operator: [], counterfactual };
    const facts = { seed, tape, run, twin, difference };
    // The recording has a gap from 20 s to 45 s.
    const inherent = hot(30 * S, 50 * S);
    const symptomsOf = (...intervals: ReturnType<typeof hot>[]) => ({ symptoms: { 'stale-quotes': intervals } });
    const evidence = { entries: [], metrics: new Float64Array(METRICS.length), endNs: 180 * S };
    const seen = {
      twin: { ...symptomsOf(inherent), violations: [], acceptedNs: [], gaps: [[{ fromNs: 20 * S, toNs: 45 * S }]] },
      run: { ...symptomsOf(inherent, hot(80 * S, 90 * S)), violations: [], effects: [], evidence },
      fixed: symptomsOf(inherent),
    };
    const { verdict } = score(
      {
        ...facts,
        scenario: { ...scenario, expect: { ...expectations, heals: false } } as unknown as ResolvedScenario,
      } as RunFacts,
      seen as unknown as Seen,
    );
    expect(verdict.checks.symptomResolved).toEqual({
      status: 'pass',
      by: 'with the fix it is hot for 0.0 s in all, without for 10.0 s',
    });
  });
});
