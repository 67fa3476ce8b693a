import { describe, expect, it } from 'vitest';
import { judge } from '../../../reports/checks/judge.ts';
import type { JudgeInput } from '../../../reports/checks/judge-input.ts';
import type { Span } from '../../../reports/symptoms/intervals.ts';
import type { CheckStatus, Checks } from '../../../reports/verdict.ts';
import type { Expectations } from '../../../scenarios/resolve.ts';
import { fault } from '../../support/faults.ts';
import { S } from '../support.ts';
import { expected, finding, hot, violation } from '../verdicts.ts';

function change(changes: Partial<JudgeInput>, expectations: Partial<Expectations> = {}): JudgeInput {
  const input = { ...expected(), ...changes };
  return { ...input, expect: { ...input.expect, ...expectations } };
}

function runHot(...intervals: ReturnType<typeof hot>[]): Pick<JudgeInput, 'symptoms'> {
  return { symptoms: { run: { 'stale-quotes': intervals }, twin: { 'stale-quotes': [] } } };
}

/** Judges, and gives the checks that did not pass. */
function notPassed(input: JudgeInput): Partial<Record<keyof Checks, CheckStatus>> {
  const { checks } = judge(input);
  const entries = Object.entries(checks).filter(([, check]) => check.status !== 'pass');
  return Object.fromEntries(entries.map(([name, check]) => [name, check.status]));
}

describe('a run that goes as expected', () => {
  it('passes every check, with times and events', () => {
    const verdict = judge(expected());
    expect(verdict).toMatchObject({
      verdict: 'pass',
      digest: 'sha256:11',
      twin: { digest: 'sha256:22' },
      checks: {
        twinClean: { status: 'pass', inherent: [] },
        causeTookEffect: { status: 'pass', atNs: 60.4 * S, event: 600 },
        symptomAppeared: { status: 'pass', atNs: 80 * S, event: 700 },
        diagnosed: { status: 'pass', named: ['2.3'], primary: '2.3', allowed: ['2.2'] },
        symptomResolved: { status: 'pass', atNs: 90.3 * S, event: 900, by: 'order accepted on bid' },
        invariants: { status: 'pass', violations: [] },
      },
    });
    expect(verdict.symptoms).toEqual({
      'stale-quotes': [{ fromNs: 80 * S, toNs: 90.3 * S, side: 'bid', event: 700, why: 'nothing of ours rests' }],
    });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  it('claims no symptom that was not judged', () => {
    const input = change({ symptoms: { run: {}, twin: {} } }, { symptom: 'high-latency' });
    expect(judge(input).symptoms).toEqual({});
    expect(notPassed(input)).toEqual({ symptomAppeared: 'unknown', symptomResolved: 'unknown' });
  });
});

describe('twinClean', () => {
  it('fails where the twin is hot or breaks an invariant', () => {
    const symptoms = { run: expected().symptoms.run, twin: { 'stale-quotes': [hot(10 * S, 11 * S)] } };
    const { checks } = judge(change({ symptoms }));
    expect(checks.twinClean).toMatchObject({ status: 'fail', atNs: 10 * S, event: 700 });
    expect(notPassed(change({ twinViolations: [violation('position')] }))).toEqual({ twinClean: 'fail' });
  });

  it('lists what lies in gaps of the recording and holds it against nobody', () => {
    const gaps = [[{ fromNs: 20 * S, toNs: 30 * S }]];
    const twin = [hot(30 * S, 30.2 * S)];
    const run = [hot(30 * S, 30.4 * S), hot(80 * S, 90.3 * S)];
    const verdict = judge(change({ gaps, symptoms: { run: { 'stale-quotes': run }, twin: { 'stale-quotes': twin } } }));
    expect(verdict.verdict).toBe('pass');
    expect(verdict.checks.twinClean.inherent).toHaveLength(1);
    expect(verdict.symptoms['stale-quotes']).toHaveLength(1);
  });

  it('holds a gap at the end of the recording against nobody, and what else is hot then against both', () => {
    const cold = [violation('cold-after-heal')];
    const late = [hot(176 * S, null)];
    const hotAtEnd = (gap: Span) =>
      change(
        {
          faults: [],
          effects: [],
          gaps: [[gap]],
          symptoms: { run: { 'stale-quotes': late }, twin: { 'stale-quotes': late } },
          violations: cold,
          twinViolations: cold,
        },
        { outcome: 'healthy', symptom: null, diagnosis: [], finding: null, allowed: ['2.3'] },
      );
    expect(notPassed(hotAtEnd({ fromNs: 170 * S, toNs: 178 * S }))).toEqual({});
    const elsewhere = hotAtEnd({ fromNs: 160 * S, toNs: 170 * S });
    expect(notPassed(elsewhere)).toEqual({ twinClean: 'fail', symptomAppeared: 'fail', invariants: 'fail' });
  });
});

describe('causeTookEffect', () => {
  it('is unknown where a fault had no effect, and so is what it should have done', () => {
    const input = change({ effects: [], findings: [], ...runHot() });
    const checks = { causeTookEffect: 'unknown', symptomAppeared: 'unknown', diagnosed: 'unknown' };
    expect(notPassed(input)).toEqual({ ...checks, symptomResolved: 'unknown' });
    expect(judge(input).verdict).toBe('unknown');
  });

  it('leaves unknown what resolved, whatever was hot', () => {
    const late = change({ effects: [], ...runHot(hot(80 * S, 150 * S)) });
    expect(judge(late).checks.symptomResolved).toEqual({ status: 'unknown', reason: 'the cause did not take effect' });
    const open = change({ effects: [], ...runHot(hot(80 * S, null)) });
    expect(judge(open).checks.symptomResolved.status).toBe('unknown');
  });

  it('is unknown where one of several had none', () => {
    const faults = [...expected().faults, fault('connection-close', { target: 'user', atNs: 0, forNs: S })];
    expect(notPassed(change({ faults })).causeTookEffect).toBe('unknown');
  });

  it('still fails where something turned hot unasked', () => {
    const input = change(
      { effects: [] },
      { outcome: 'decoy', symptom: null, diagnosis: [], finding: null, notDiagnosed: ['2.3'] },
    );
    expect(judge(input).verdict).toBe('fail');
  });
});

describe('symptomAppeared', () => {
  it.each([
    [82.4, 'pass'],
    [82.4 + 1e-9, 'fail'],
  ])('counts from the first effect of the cause: hot at %s s is a %s', (fromS, status) => {
    const input = change(runHot(hot(Math.round(fromS * S), 90.3 * S)));
    expect(judge(input).checks.symptomAppeared.status).toBe(status);
  });

  it('fails where it never turned hot', () => {
    expect(notPassed(change(runHot()))).toEqual({ symptomAppeared: 'fail', symptomResolved: 'unknown' });
  });

  it('is unknown where it was hot before the cause, or the recording has a gap then', () => {
    expect(notPassed(change(runHot(hot(50 * S, 90.3 * S))))).toEqual({ symptomAppeared: 'unknown' });
    const gaps = [[{ fromNs: 70 * S, toNs: 78 * S }]];
    expect(notPassed(change({ ...runHot(), gaps })).symptomAppeared).toBe('unknown');
  });

  it.each(['absorbed', 'decoy', 'healthy'] as const)('fails in the outcome %s where anything is hot', outcome => {
    const expectations = { outcome, symptom: null };
    expect(judge(change({}, expectations)).checks.symptomAppeared.status).toBe('fail');
    const cold = judge(change(runHot(), expectations)).checks;
    expect(cold.symptomAppeared).toEqual({ status: 'pass', reason: 'not expected' });
    expect(cold.symptomResolved).toEqual({ status: 'pass', reason: 'not expected' });
  });

  it('fails on a symptom beside the expected one, unless that is declared', () => {
    const both = {
      symptoms: {
        run: { 'stale-quotes': [hot(80 * S, 90.3 * S)], 'orders-not-sending': [hot(81 * S, 90 * S)] },
        twin: {},
      },
    };
    expect(notPassed(change(both))).toEqual({ symptomAppeared: 'fail' });
    expect(notPassed(change(both, { symptomsAllowed: ['orders-not-sending'] }))).toEqual({});
  });
});

describe('diagnosed', () => {
  const diagnosed = (findings: JudgeInput['findings'], expectations: Partial<Expectations> = {}) =>
    judge(change({ findings }, expectations)).checks.diagnosed;

  it('fails where the primary step is not the cause, or another is named before it', () => {
    expect(diagnosed([finding('2.3', 'suspect', 0.4)]).status).toBe('fail');
    expect(diagnosed([finding('2.2', 'cause', 0.95), finding('2.3', 'cause', 0.9)]).status).toBe('fail');
    expect(diagnosed([finding('2.3', 'cause', 0.9), finding('2.2', 'cause', 0.8)])).toMatchObject({
      status: 'pass',
      named: ['2.3', '2.2'],
    });
  });

  it('fails where a step outside the allowed ones is named', () => {
    const found = diagnosed([finding('2.3', 'cause', 0.9), finding('2.5', 'cause', 0.8)]);
    expect(found).toMatchObject({ status: 'fail', reason: 'step 2.5 is named as the cause, which it is not' });
  });

  it('names what the scenario can write where the core may be right', () => {
    const hintOf = (...args: Parameters<typeof diagnosed>) => diagnosed(...args).hint;
    const primary = finding('2.3', 'cause', 0.9);
    expect(hintOf([primary])).toBeUndefined();
    expect(hintOf([primary, finding('2.5', 'cause', 0.8)])).toContain('expect.mayDiagnose: ["2.5"]');
    expect(hintOf([finding('2.2', 'cause', 0.95), primary])).toContain('expect.diagnosis: ["2.3", "2.2"]');
    expect(hintOf([primary, finding('2.5', 'cause', 0.8)], { notDiagnosed: ['2.5'] })).toBeUndefined();
    expect(hintOf([primary], { outcome: 'healthy', diagnosis: [], finding: null, allowed: [] })).toBeUndefined();
  });

  it('wants every one of several causes, and any of them first', () => {
    const two = { diagnosis: ['1.1', '2.3'] };
    const [limits, silence] = [finding('1.1', 'cause', 0.8), finding('2.3', 'cause', 0.9)];
    expect(diagnosed([silence, limits], two)).toMatchObject({ status: 'pass', primary: '2.3', causes: ['1.1', '2.3'] });
    expect(diagnosed([limits, silence], two)).toMatchObject({ status: 'pass', primary: '1.1' });
    expect(diagnosed([silence, finding('1.1', 'suspect', 0.4)], two)).toMatchObject({
      status: 'fail',
      reason: 'step 1.1 is suspect, not cause',
    });
    expect(diagnosed([finding('2.2', 'cause', 0.95), silence, limits], two)).toMatchObject({
      status: 'fail',
      reason: 'step 2.2 is named before step 2.3',
    });
    expect(diagnosed([silence])).not.toHaveProperty('causes');
  });

  it('wants the primary step handled where the cause is absorbed', () => {
    const absorbed = { outcome: 'absorbed', symptom: null, finding: 'handled' } as const;
    expect(diagnosed([finding('2.3', 'handled', 0.5)], absorbed).status).toBe('pass');
    expect(diagnosed([finding('2.3', 'ok', 0)], absorbed).status).toBe('fail');
    expect(diagnosed([finding('2.3', 'cause', 0.9)], absorbed).status).toBe('fail');
  });

  it.each(['decoy', 'healthy'] as const)('allows no name at all in the outcome %s', outcome => {
    const expectations = { outcome, symptom: null, diagnosis: [], finding: null, allowed: [], notDiagnosed: ['2.3'] };
    expect(diagnosed([finding('2.3', 'cause', 0.9)], expectations).status).toBe('fail');
    expect(diagnosed([finding('2.2', 'cause', 0.9)], expectations).status).toBe('fail');
    expect(diagnosed([finding('2.3', 'suspect', 0.3)], expectations)).toMatchObject({
      status: 'pass',
      reason: 'not expected',
    });
  });

  it('is unknown where no chain walks the step', () => {
    expect(diagnosed([], { diagnosis: ['1.2'] }).status).toBe('unknown');
  });
});

describe('symptomResolved', () => {
  const resolved = (...intervals: ReturnType<typeof hot>[]) =>
    judge(change(runHot(...intervals))).checks.symptomResolved;

  it.each([
    [95 * S, 'pass'],
    [95 * S + 1, 'fail'],
  ])('counts from the end of the last fault, not from the heal: cold at %s ns is a %s', (toNs, status) => {
    expect(resolved(hot(80 * S, toNs)).status).toBe(status);
  });

  it('counts from the heal where no fault ended earlier', () => {
    const input = change({ ...runHot(hot(80 * S, 154 * S)), lastFaultEndNs: null });
    expect(judge(input).checks.symptomResolved.status).toBe('pass');
  });

  it('looks at the last interval of all, and fails on an open one', () => {
    expect(resolved(hot(80 * S, 91 * S), hot(93 * S, 99 * S, { side: 'ask' }))).toMatchObject({
      status: 'fail',
      atNs: 99 * S,
    });
    expect(resolved(hot(80 * S, 91 * S), hot(170 * S, null))).toMatchObject({ status: 'fail', atNs: 170 * S });
  });
});

describe('invariants', () => {
  it('fails with the first violation, and forgives what the cause may break', () => {
    const violations = [violation('position'), violation('order-rules')];
    const { checks } = judge(change({ violations }));
    expect(checks.invariants).toMatchObject({ status: 'fail', reason: 'position: it did not hold', event: 650 });
    const forgiven = judge(change({ violations }, { mayBreak: ['position'] })).checks.invariants;
    expect(forgiven).toMatchObject({ status: 'fail', violations: [violation('order-rules')] });
    const all = { mayBreak: ['position', 'order-rules'] };
    expect(notPassed(change({ violations }, all))).toEqual({});
  });
});

describe('a healthy run', () => {
  it('passes with nothing expected', () => {
    const input = change(
      { ...runHot(), faults: [], effects: [], findings: [finding('2.3', 'ok', 0)], lastFaultEndNs: null },
      { outcome: 'healthy', symptom: null, diagnosis: [], allowed: [] },
    );
    const verdict = judge(input);
    expect(verdict.verdict).toBe('pass');
    const reasons = Object.values(verdict.checks).map(check => check.reason);
    expect(reasons).toEqual([undefined, ...Array<string>(4).fill('not expected'), undefined]);
  });
});

describe('a symptom without sides', () => {
  it('is told without one', () => {
    const symptoms = { run: { 'high-latency': [hot(80 * S, null, { side: null, why: 'slow' })] }, twin: {} };
    const { checks } = judge(change({ symptoms }, { symptom: 'high-latency' }));
    expect(checks.symptomResolved.reason).toBe('high-latency is still hot at the end; it turned hot at 80.0 s: slow');
    const surprise = judge(change({ symptoms })).checks.symptomAppeared;
    expect(surprise.reason).toBe('high-latency turned hot without being expected: slow');
    expect(surprise.hint).toContain('expect.mayTurnHot: [high-latency]');
    expect(judge(change({ symptoms }, { outcome: 'healthy' })).checks.symptomAppeared.hint).toBeUndefined();
  });
});

describe('twin-idle', () => {
  const missing = { run: { 'orders-not-sending': [] }, twin: { 'orders-not-sending': [] } };
  const about = { symptom: 'orders-not-sending' } as const;
  // The fault lasts from 60 s to 90 s.
  const idle = (...bidNs: number[]): JudgeInput =>
    change({ symptoms: missing, twinAcceptedNs: [Float64Array.from(bidNs), Float64Array.of(70 * S)] }, about);

  it('makes a verdict unknown where the twin sent fewer than two orders on either side while the cause lasted', () => {
    const { verdict, checks } = judge(idle(59 * S, 60 * S, 91 * S));
    expect(checks.symptomAppeared).toMatchObject({ status: 'unknown' });
    expect(checks.symptomAppeared.reason).toMatch(/^twin-idle/);
    expect(verdict).toBe('unknown');
    expect(judge(idle(60 * S, 90 * S)).checks.symptomAppeared.status).toBe('fail');
  });

  it('is asked where orders should be missed, absorbed or not, and nowhere else', () => {
    const quiet = { ...idle(), symptoms: { run: {}, twin: {} } };
    const reasonOf = (expectations: Partial<Expectations>): string | undefined =>
      judge(change(quiet, expectations)).checks.symptomAppeared.reason;
    expect(reasonOf({ ...about, outcome: 'absorbed', form: 'defect' })).toMatch(/^twin-idle/);
    expect(reasonOf({ outcome: 'decoy', symptom: null })).toBe('not expected');
    expect(reasonOf({ outcome: 'absorbed', symptom: null })).toBe('not expected');
  });
});
