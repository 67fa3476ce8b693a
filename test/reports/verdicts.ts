/** A run that goes as its scenario expects, to be changed in one place at a time. */

import type { JudgeInput } from '../../reports/checks/judge-input.ts';
import type { HotInterval } from '../../reports/symptoms/symptom.ts';
import type { StepFinding, Violation } from '../../reports/verdict.ts';
import { fault } from '../support/faults.ts';
import { S } from './support.ts';

export function hot(fromNs: number, toNs: number | null, changes: Partial<HotInterval> = {}): HotInterval {
  const by = toNs === null ? null : 'order accepted on bid';
  const toEvent = toNs === null ? null : 900;
  return {
    fromNs,
    toNs,
    side: 'bid',
    event: 700,
    why: 'nothing of ours rests',
    instrument: 0,
    toEvent,
    by,
    ...changes,
  };
}

export function finding(step: string, status: StepFinding['status'], score: number): StepFinding {
  return { step, status, score, evidence: [`seen at ${score} s`], resolution: 'Look at the feed.' };
}

export function violation(invariant: string): Violation {
  return { invariant, atNs: 61 * S, event: 650, message: 'it did not hold' };
}

/** Feeds silent from 60 s to 90 s; quotes lost at 75 s, back at 90.3 s. */
export function expected(): JudgeInput {
  return {
    scenario: '2-stale-quotes/2.3-all-feeds-silent',
    playbook: '2.3',
    seed: 1,
    tape: { name: 'btc-busy', identity: 'sha256:aa' },
    run: { digest: 'sha256:11', stats: { events: 1_000, rows: 9_000, commands: 80, fills: 3, virtualNs: 180 * S } },
    twin: { digest: 'sha256:22', stats: { events: 1_100, rows: 9_000, commands: 90, fills: 4, virtualNs: 180 * S } },
    symptoms: { run: { 'stale-quotes': [hot(80 * S, 90.3 * S)] }, twin: { 'stale-quotes': [] } },
    twinAcceptedNs: [Float64Array.of(70 * S, 72 * S), Float64Array.of()],
    gaps: [[]],
    faults: [fault('feed-silence', { target: 'all', atNs: 60 * S, forNs: 30 * S })],
    effects: [{ index: 0, kind: 'feed-silence', atNs: 60.4 * S, event: 600, count: 50 }],
    difference: { atNs: 60.4 * S, event: 600 },
    operatedNs: null,
    counterfactual: null,
    runEndNs: 180 * S,
    mustFail: false,
    healNs: 150 * S,
    lastFaultEndNs: 90 * S,
    findings: [finding('2.3', 'cause', 0.9), finding('2.2', 'ok', 0)],
    violations: [],
    twinViolations: [],
    expect: {
      outcome: 'symptom',
      form: 'plain',
      symptom: 'stale-quotes',
      breaks: null,
      appearsWithinNs: 22 * S,
      resolvesWithinNs: 5 * S,
      diagnosis: ['2.3'],
      finding: 'cause',
      allowed: ['2.2'],
      notDiagnosed: [],
      mayBreak: [],
      symptomsAllowed: [],
      heals: true,
      isOperated: false,
    },
  };
}
