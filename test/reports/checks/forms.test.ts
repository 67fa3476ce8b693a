import { describe, expect, it } from 'vitest';
import { judge } from '../../../reports/checks/judge.ts';
import type { JudgeInput } from '../../../reports/checks/judge-input.ts';
import type { CheckStatus, Checks } from '../../../reports/verdict.ts';
import type { Expectations } from '../../../scenarios/expectations.ts';
import { fault } from '../../support/faults.ts';
import { S } from '../support.ts';
import { expected, hot, violation } from '../verdicts.ts';

function change(changes: Partial<JudgeInput>, expectations: Partial<Expectations> = {}): JudgeInput {
  const input = { ...expected(), ...changes };
  return { ...input, expect: { ...input.expect, ...expectations } };
}

function notPassed(input: JudgeInput): Partial<Record<keyof Checks, CheckStatus>> {
  const entries = Object.entries(judge(input).checks).filter(([, check]) => check.status !== 'pass');
  return Object.fromEntries(entries.map(([name, check]) => [name, check.status]));
}

/** A cause made of a setting: hot from 80 s to the end. */
const stuck = (changes: Partial<JudgeInput> = {}): JudgeInput =>
  change(
    {
      faults: [],
      effects: [],
      lastFaultEndNs: null,
      symptoms: { run: { 'stale-quotes': [hot(80 * S, null)] }, twin: { 'stale-quotes': [] } },
      violations: [violation('cold-after-heal')],
      ...changes,
    },
    { heals: false },
  );

describe('a setting or a defect', () => {
  it('took effect where run and twin part', () => {
    const { checks } = judge(stuck({ counterfactual: { helps: true, hotNs: 0 } }));
    expect(checks.causeTookEffect).toMatchObject({ status: 'pass', atNs: 60.4 * S, event: 600 });
  });

  it('proves nothing where they are the same', () => {
    expect(notPassed(stuck({ difference: null, counterfactual: { helps: true, hotNs: 0 } })).causeTookEffect).toBe(
      'unknown',
    );
  });

  it('may leave its symptom hot, for it does not heal', () => {
    expect(notPassed(stuck({ counterfactual: { helps: true, hotNs: 0 } }))).toEqual({});
  });
});

describe('a setting beside a fault', () => {
  const early = { symptoms: { run: { 'stale-quotes': [hot(20 * S, null)] }, twin: { 'stale-quotes': [] } } };
  const beside = (atNs: number, expectations: Partial<Expectations> = {}) =>
    judge(change({ ...early, difference: { atNs, event: 100 } }, { heals: false, ...expectations })).checks;

  it('is the cause from its own effect on, where the symptom comes before the fault', () => {
    expect(beside(10 * S).causeTookEffect).toMatchObject({ status: 'pass', atNs: 10 * S, event: 100 });
    expect(beside(10 * S).symptomAppeared).toMatchObject({ status: 'pass', atNs: 20 * S });
    expect(beside(70 * S).causeTookEffect).toMatchObject({ atNs: 60.4 * S, event: 600 });
  });

  it('is not, where the symptom is too late for it, or comes with the fault', () => {
    const late = beside(10 * S, { appearsWithinNs: 10 * S - 1 });
    expect(late.causeTookEffect).toMatchObject({ atNs: 60.4 * S });
    expect(late.symptomAppeared.status).toBe('unknown');
    const triggered = judge(change({ difference: { atNs: S, event: 9 } }, { heals: false })).checks;
    expect(triggered.causeTookEffect).toMatchObject({ atNs: 60.4 * S });
    expect(triggered.symptomAppeared.status).toBe('pass');
  });

  it('is not, where the fault is paired with it', () => {
    const paired = beside(10 * S, { outcome: 'absorbed', form: 'defect' });
    expect(paired.causeTookEffect).toMatchObject({ atNs: 60.4 * S });
    expect(paired.symptomAppeared.status).toBe('unknown');
  });
});

describe('a fault that must take effect several times', () => {
  const twice = { ...fault('feed-silence', { target: 'all', atNs: 60 * S, forNs: 30 * S }), atLeast: 51 };

  it('is unknown where it did so less often', () => {
    expect(notPassed(change({ faults: [twice] })).causeTookEffect).toBe('unknown');
    expect(notPassed(change({ faults: [{ ...twice, atLeast: 50 }] }))).toEqual({});
  });

  it('need not take effect at all where it says so', () => {
    const none = change({ faults: [{ ...twice, atLeast: 0 }], effects: [] }, { outcome: 'decoy', symptom: null });
    expect(judge(none).checks.causeTookEffect.status).toBe('pass');
  });
});

describe('a counterfactual', () => {
  // Without the fix it is hot for 100 s, from 80 s to the end at 180 s.
  it.each([
    [true, 50, undefined],
    [true, 50.1, 'fail'],
    [false, 90, undefined],
    [false, 89.9, 'fail'],
  ] as const)('that has to help: %s, and leaves %d s of 100 s: %s', (helps, hotSeconds, status) => {
    const counterfactual = { helps, hotNs: hotSeconds * S };
    expect(notPassed(stuck({ counterfactual })).symptomResolved).toBe(status);
  });
});

describe('an operator', () => {
  const operated = (toS: number): JudgeInput =>
    change(
      {
        operatedNs: 100 * S,
        symptoms: { run: { 'stale-quotes': [hot(80 * S, toS * S)] }, twin: { 'stale-quotes': [] } },
      },
      { isOperated: true, resolvesWithinNs: 5 * S },
    );

  it('is what the symptom has to wait for', () => {
    expect(notPassed(operated(104))).toEqual({});
    expect(notPassed(operated(99))).toEqual({ symptomResolved: 'fail' });
  });

  it('has to have helped in time', () => {
    expect(notPassed(operated(105.1))).toEqual({ symptomResolved: 'fail' });
  });
});

describe('the form with the paired defect', () => {
  const withDefect = (changes: Partial<JudgeInput>, expectations: Partial<Expectations> = {}): JudgeInput =>
    change(
      { violations: [violation('cold-after-heal')], ...changes },
      {
        outcome: 'absorbed',
        form: 'defect',
        heals: false,
        ...expectations,
      },
    );

  it('wants the symptom hot and the step named, and waits for no end', () => {
    expect(notPassed(withDefect({}))).toEqual({});
    const cold = { symptoms: { run: { 'stale-quotes': [] }, twin: { 'stale-quotes': [] } } };
    expect(notPassed(withDefect(cold)).symptomAppeared).toBe('fail');
  });

  it('is as content with the invariant that was to break, and holds it against nobody', () => {
    const cold = {
      symptoms: { run: { 'stale-quotes': [] }, twin: { 'stale-quotes': [] } },
      violations: [violation('position')],
    };
    expect(notPassed(withDefect(cold, { symptom: null, breaks: 'position' }))).toEqual({});
    expect(notPassed(withDefect(cold, { symptom: null, breaks: 'no-own-cross' }))).toEqual({
      symptomAppeared: 'fail',
      invariants: 'fail',
    });
  });
});

describe('a canary', () => {
  it('is marked in its verdict, which stays what it is', () => {
    expect(judge(expected()).mustFail).toBeUndefined();
    expect(judge(change({ mustFail: true }))).toMatchObject({ verdict: 'pass', mustFail: true });
  });
});
