import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STEPS } from '../../core/playbook.ts';
import { defectResults, isMissed, untriedLine } from '../../reports/catches.ts';
import { confusionOf, mistaken } from '../../reports/confusion.ts';
import { scoreCard } from '../../reports/score-card.ts';
import { spreadOf } from '../../reports/spread.ts';
import { reasonsOf, type SuiteRun, standingOf } from '../../reports/suite-run.ts';
import { brokenRun, diagnosed, failingRun, suiteRun, unknownRun } from './suite-runs.ts';
import { S } from './support.ts';
import { expected, finding, hot } from './verdicts.ts';

function scoreOf(step: string, runs: readonly SuiteRun[]) {
  return scoreCard(runs).steps.find(score => score.step === step);
}

describe('how a run stands', () => {
  it('is its verdict; of a run without one it is unknown', () => {
    expect([suiteRun(), failingRun(), unknownRun(), brokenRun('scenario', 'no')].map(standingOf)).toEqual([
      'pass',
      'fail',
      'unknown',
      'unknown',
    ]);
  });

  it('is the other way round for a canary, which proves nothing where its verdict is unknown', () => {
    const canary = { mustFail: true };
    expect([suiteRun(canary), failingRun(canary), unknownRun(canary)].map(standingOf)).toEqual([
      'fail',
      'pass',
      'unknown',
    ]);
    expect(reasonsOf(suiteRun(canary))).toEqual(['it passes, and is there to fail']);
    expect(reasonsOf(failingRun(canary))).toEqual([]);
  });

  it('gives failures before what is unknown because of them', () => {
    expect(reasonsOf(failingRun())).toEqual([
      'the symptom appears: stale-quotes never turned hot',
      'the symptom resolves: nothing to resolve: the symptom never turned hot',
    ]);
    expect(reasonsOf(brokenRun('scenario', 'x.yaml:3: no'))).toEqual(['x.yaml:3: no']);
  });
});

describe('the score card', () => {
  it('has the twenty steps in the playbook’s order, also where nothing was run', () => {
    const { steps, totals } = scoreCard([]);
    expect(steps.map(({ step }) => step)).toEqual(STEPS);
    expect(steps.every(({ total, appear }) => total === 0 && appear === null)).toBe(true);
    expect(totals).toEqual({ total: 0, passed: 0, failed: 0, unknown: 0 });
  });

  it('counts scenarios once, and each run', () => {
    const runs = [suiteRun(), suiteRun({ seed: 2 }), failingRun({ form: 'defect' }), unknownRun({ scenario: 'b' })];
    expect(scoreOf('2.3', runs)).toMatchObject({ scenarios: 2, total: 4, passed: 2, failed: 1, unknown: 1 });
  });

  it('keeps healthy runs apart, and counts files that cannot be read in the totals only', () => {
    const healthy = suiteRun({ playbook: null, outcome: 'healthy', symptom: null });
    const card = scoreCard([healthy, brokenRun('scenario', 'no')]);
    expect(card.healthy).toMatchObject({ step: null, total: 1 });
    expect(card.steps.every(({ total }) => total === 0)).toBe(true);
    expect(card.totals).toMatchObject({ total: 2, unknown: 1 });
  });

  it('tells how long it took until symptom, evidence and resolution', () => {
    // The cause takes effect at 60.4 s and ends at 90 s; hot from 80 s to 90.3 s.
    const seen = { ...finding('2.3', 'cause', 0.9), firstEvidenceNs: 70.4 * S };
    const score = scoreOf('2.3', [diagnosed(suiteRun(), [seen])]);
    expect(score?.appear).toEqual({ count: 1, medianNs: 80 * S - 60.4 * S, p95Ns: 80 * S - 60.4 * S });
    expect(score?.diagnose?.medianNs).toBe(70.4 * S - 60.4 * S);
    expect(score?.resolve?.medianNs).toBe(90.3 * S - 90 * S);
  });

  it('has no time where there was nothing, and none of runs that are not right', () => {
    const early = { ...finding('2.3', 'cause', 0.9), firstEvidenceNs: 50 * S };
    expect(scoreOf('2.3', [diagnosed(suiteRun(), [early])])?.diagnose).toBeNull();
    expect(scoreOf('2.3', [suiteRun()])?.diagnose).toBeNull();
    expect(scoreOf('2.3', [failingRun(), unknownRun(), suiteRun({ mustFail: true })])).toMatchObject({
      appear: null,
      resolve: null,
    });
  });

  it('takes 0 s for a symptom that is cold before its cause is over', () => {
    const run = suiteRun({}, { symptoms: { run: { 'stale-quotes': [hot(80 * S, 85 * S)] }, twin: {} } });
    expect(scoreOf('2.3', [run])?.resolve?.medianNs).toBe(0);
  });

  it('counts symptoms that were expected, appeared, were cold at the end, and were hot besides', () => {
    const open = suiteRun({}, { symptoms: { run: { 'stale-quotes': [hot(80 * S, null)] }, twin: {} } });
    const besides = suiteRun({ symptom: 'high-latency' });
    const { symptoms } = scoreCard([suiteRun(), open, failingRun(), besides, suiteRun({ mustFail: true })]);
    expect(symptoms.find(({ symptom }) => symptom === 'stale-quotes')).toEqual({
      symptom: 'stale-quotes',
      expected: 3,
      appeared: 2,
      resolved: 1,
      besides: 1,
    });
  });

  it('does not depend on the order of the runs', () => {
    const runs = [suiteRun(), suiteRun({ seed: 2 }), failingRun({ seed: 3 }), unknownRun(), brokenRun('file', 'no')];
    fc.assert(
      fc.property(fc.shuffledSubarray(runs, { minLength: runs.length }), shuffled => {
        expect(scoreCard(shuffled)).toEqual(scoreCard(runs));
        expect(confusionOf(shuffled)).toEqual(confusionOf(runs));
      }),
      { seed: 1, numRuns: 20 },
    );
  });
});

describe('median and 95th percentile', () => {
  it.each([
    [[7], 7, 7],
    [[1, 2], 1.5, 1.95],
    [[3, 1, 2], 2, 2.9],
    [Array.from({ length: 101 }, (_, index) => 100 - index), 50, 95],
  ])('of %j', (times, medianNs, p95Ns) => {
    const spread = spreadOf(times);
    expect(spread?.medianNs).toBeCloseTo(medianNs, 12);
    expect(spread?.p95Ns).toBeCloseTo(p95Ns, 12);
    expect(spread?.count).toBe(times.length);
  });

  it('are of what there is, and of nothing where there is none', () => {
    expect(spreadOf([])).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), times => {
        const { medianNs, p95Ns } = spreadOf(times) ?? { medianNs: Number.NaN, p95Ns: Number.NaN };
        expect(medianNs).toBeGreaterThanOrEqual(Math.min(...times));
        expect(p95Ns).toBeGreaterThanOrEqual(medianNs);
        expect(p95Ns).toBeLessThanOrEqual(Math.max(...times));
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('the confusion matrix', () => {
  const named = (run: SuiteRun, ...findings: Parameters<typeof finding>[]) =>
    confusionOf([
      diagnosed(
        run,
        findings.map(each => finding(...each)),
      ),
    ]);
  const healthy = { playbook: null, outcome: 'healthy', symptom: null } as const;

  it('has the step to be named, and the one named first', () => {
    expect(named(suiteRun(), ['2.3', 'cause', 0.9], ['2.2', 'cause', 0.8])).toEqual({ '2.3': { '2.3': 1 } });
    expect(named(suiteRun(), ['2.2', 'cause', 0.9], ['2.3', 'cause', 0.8])).toEqual({ '2.3': { '2.2': 1 } });
    expect(named(suiteRun(), ['2.3', 'suspect', 0.4])).toEqual({ '2.3': { none: 1 } });
  });

  it('takes what was handled for named only where a right core absorbs the cause', () => {
    const absorbed = { outcome: 'absorbed' } as const;
    expect(named(suiteRun(absorbed), ['2.2', 'suspect', 0.6], ['2.3', 'handled', 0.5])).toEqual({
      '2.3': { '2.3': 1 },
    });
    expect(named(suiteRun(absorbed), ['2.3', 'handled', 0.6], ['2.2', 'cause', 0.5])).toEqual({ '2.3': { '2.2': 1 } });
    expect(named(suiteRun({ ...absorbed, form: 'defect' }), ['2.3', 'handled', 0.5])).toEqual({ '2.3': { none: 1 } });
  });

  it('has a row for runs in which nothing is to be named', () => {
    const run = suiteRun(healthy, { expect: { ...expected().expect, diagnosis: [] } });
    expect(named(run)).toEqual({ none: { none: 1 } });
    expect(named(run, ['2.5', 'cause', 0.7])).toEqual({ none: { '2.5': 1 } });
  });

  it('counts neither what is unknown nor canaries', () => {
    expect(confusionOf([unknownRun(), suiteRun({ mustFail: true }), brokenRun('internal', 'it broke')])).toEqual({});
  });

  it('is in the playbook’s order, and its mistakes by number', () => {
    const confusion = confusionOf([
      diagnosed(suiteRun({}, { expect: { ...expected().expect, diagnosis: [] } }), []),
      diagnosed(suiteRun(), [finding('2.5', 'cause', 0.9)]),
      diagnosed(suiteRun(), []),
      diagnosed(suiteRun(), []),
      suiteRun(),
    ]);
    expect(Object.keys(confusion)).toEqual(['2.3', 'none']);
    expect(Object.keys(confusion['2.3'])).toEqual(['2.3', '2.5', 'none']);
    expect(mistaken(confusion)).toEqual([
      { primary: '2.3', named: 'none', count: 2 },
      { primary: '2.3', named: '2.5', count: 1 },
    ]);
  });
});

describe('a planted defect', () => {
  it('is caught where a run fails that passes without it', () => {
    const pair = (healthy: SuiteRun, run: SuiteRun) => ({ defect: 'd', healthy, run });
    const pairs = [
      pair(suiteRun(), failingRun({ command: 'first' })),
      pair(suiteRun({ seed: 2 }), failingRun({ seed: 2 })),
      pair(suiteRun(), suiteRun()),
      pair(suiteRun(), unknownRun()),
      pair(suiteRun(), brokenRun('internal', 'it broke', { scenario: 'b' })),
      // These would fail anyway, or cannot be run.
      pair(failingRun(), failingRun()),
      pair(unknownRun(), failingRun()),
    ];
    const { tried, untried } = defectResults(['d', 'e'], pairs);
    expect(tried).toEqual([
      {
        defect: 'd',
        runs: 5,
        caught: 3,
        scenarios: ['2-stale-quotes/2.3-all-feeds-silent', 'b'],
        command: 'first',
      },
    ]);
    expect(untried).toEqual(['e']);
  });

  it('is missed where runs could have noticed it, and comes with one of these', () => {
    const passing = suiteRun({ command: 'should have' });
    const { tried } = defectResults(['d'], [{ defect: 'd', healthy: suiteRun(), run: passing }]);
    expect(tried).toMatchObject([{ runs: 1, caught: 0, command: 'should have' }]);
    expect(tried.map(isMissed)).toEqual([true]);
  });

  it('is neither caught nor missed where every run would fail anyway', () => {
    const { tried } = defectResults(['d'], [{ defect: 'd', healthy: failingRun(), run: failingRun() }]);
    expect(tried).toMatchObject([{ runs: 0, caught: 0, command: null }]);
    expect(tried.map(isMissed)).toEqual([false]);
  });

  it('is counted as not tried where it was planted nowhere', () => {
    expect(untriedLine({ tried: [], untried: ['a', 'b'] })).toMatch(/^2 defects were not tried: no scenario of their/);
    expect(untriedLine({ tried: [], untried: ['a'] })).toMatch(/^1 defect was not tried: no scenario of its/);
    expect(untriedLine({ tried: [], untried: [] })).toBe('');
  });
});
