import { describe, expect, it } from 'vitest';
import type { LogEntry, QuotaTier } from '../../../core/evidence.ts';
import { diagnose } from '../../../reports/diagnosis/diagnose.ts';
import type { StepFinding } from '../../../reports/verdict.ts';

const S = 1_000_000_000;
const END_S = 180;

/** What is found of a step, from entries with times in seconds. */
function look(step: string, entries: readonly LogEntry[]): StepFinding {
  const findings = diagnose({ entries: [start, ...entries], metrics: new Float64Array(200), endNs: END_S * S });
  const finding = findings.find(one => one.step === step);
  if (finding === undefined) throw new Error(`step ${step} is not walked`);
  return finding;
}

const start: LogEntry = {
  type: 'warm-up',
  atNs: 0,
  state: 'warm',
  bookUpdates: 10,
  trades: 5,
  sigmaReady: true,
  kappaReady: true,
};
const limited = (at: number, errors: number, forS: number): LogEntry => ({
  type: 'rate-limit-error',
  atNs: at * S,
  error: 'TooManyRequests',
  errors,
  untilNs: (at + forS) * S,
});
const refused = (at: number, error: string): LogEntry => ({
  type: 'order-rejected',
  atNs: at * S,
  cloid: 1,
  side: 0,
  error,
});
const heldBack = (at: number, refusals: number, forS: number): LogEntry => ({
  type: 'rejection-backoff',
  atNs: at * S,
  side: 0,
  refusals,
  untilNs: (at + forS) * S,
});
const quota = (at: number, tier: QuotaTier, headroom: number): LogEntry => ({
  type: 'quota-tier',
  atNs: at * S,
  tier,
  headroom,
});
const empty = (at: number): LogEntry => ({ type: 'side-empty', atNs: at * S, side: 1, isEmpty: true });
const bucket = (at: number, isExhausted: boolean): LogEntry => ({
  type: 'execution-budget',
  atNs: at * S,
  isExhausted,
  tokens: 0,
  skipped: 1,
});
const POSITION = 'Order would cause position to exceed margin tier limit at current leverage';
const MARGIN = 'Insufficient margin to place order. asset=0';

describe('step 1.1', () => {
  it('takes one back-off of 10 s as handled, and two in a row as the cause', () => {
    expect(look('1.1', [limited(40, 1, 10)]).status).toBe('handled');
    const finding = look('1.1', [limited(40, 1, 10), limited(50.2, 2, 15)]);
    expect(finding).toMatchObject({ status: 'cause', firstEvidenceNs: 40 * S });
    expect(finding.evidence.join(' ')).toContain('step 2: back-off of 15.0 s');
    // Far apart they are two small ones.
    expect(look('1.1', [limited(40, 1, 10), limited(80, 1, 10)]).status).toBe('handled');
  });

  it('counts waits that overlap once', () => {
    expect(look('1.1', [limited(40, 1, 6), limited(42, 2, 6)]).status).toBe('handled');
    expect(look('1.1', [limited(40, 1, 6), limited(42, 2, 9)]).status).toBe('cause');
  });

  it.each([
    ['green', 'cause'],
    ['yellow', 'cause'],
    ['red', 'handled'],
    ['kill', 'handled'],
  ] as const)(
    'takes a side that is empty in the minimal tier for its doing, unless the zone forbids it: %s',
    (zone, status) => {
      const entered = (at: number, to: typeof zone): LogEntry => ({
        type: 'position-zone',
        atNs: at * S,
        zone: to,
        usedShare: 0.5,
      });
      const tier = [quota(40, 'minimal', 0.07), empty(60)];
      expect(look('1.1', [entered(20, zone), ...tier]).status).toBe(status);
      // Which zone it was before does not count.
      expect(look('1.1', [entered(10, 'red'), entered(20, zone), ...tier]).status).toBe(status);
    },
  );

  it('takes three refusals in a row as handled, and a fourth as the cause', () => {
    const three = [refused(40, POSITION), heldBack(40, 3, 5)];
    expect(look('1.1', three).status).toBe('handled');
    expect(look('1.1', [...three, refused(45.2, POSITION), heldBack(45.2, 4, 10)]).status).toBe('cause');
  });

  it('leaves refusals for want of margin to step 1.5, and those of a second sending to 1.2', () => {
    for (const error of [MARGIN, 'Invalid nonce: duplicate nonce 5']) {
      const finding = look('1.1', [
        refused(40, error),
        heldBack(40, 3, 5),
        refused(45.2, error),
        heldBack(45.2, 4, 10),
      ]);
      expect(finding.status).toBe('suspect');
    }
  });

  it('takes the minimal tier as handled, a side without orders in it as the cause, and conservation over 10 s too', () => {
    expect(look('1.1', [quota(40, 'minimal', 0.07)]).status).toBe('handled');
    expect(look('1.1', [quota(40, 'minimal', 0.07), empty(55)]).status).toBe('cause');
    expect(look('1.1', [quota(40, 'minimal', 0.07), empty(45)]).status).toBe('handled');
    expect(look('1.1', [quota(40, 'conservation', 0.03), quota(50, 'full', 1)]).status).toBe('handled');
    expect(look('1.1', [quota(40, 'conservation', 0.03), quota(50.1, 'full', 1)]).status).toBe('cause');
  });

  it('adds up the times without tokens', () => {
    expect(look('1.1', [bucket(40, true), bucket(46, false)]).status).toBe('handled');
    expect(look('1.1', [bucket(40, true), bucket(46, false), bucket(50, true), bucket(55, false)]).status).toBe(
      'cause',
    );
  });
});

const timeout = (at: number, id: number, ageS = 0.5): LogEntry => ({
  type: 'request-timeout',
  atNs: at * S,
  id,
  ageNs: ageS * S,
});
const fallback = (at: number, id: number, ageS = 0.5): LogEntry => ({
  type: 'rest-fallback',
  atNs: at * S,
  id,
  restId: id + 1,
  ageNs: ageS * S,
});
const user = (at: number, state: 'Connected' | 'Disconnected'): LogEntry => ({
  type: 'reconnection',
  atNs: at * S,
  target: 'user',
  state,
  attempt: 1,
  reason: 'closed',
  backoffNs: 0,
});
const stopped = (at: number): LogEntry => ({
  type: 'cycle-stopped',
  atNs: at * S,
  stage: 'execute',
  reason: 'NotConnected',
});
const resumed = (at: number): LogEntry => ({ type: 'cycle-resumed', atNs: at * S });

describe('step 1.2', () => {
  const inPairs = (ageS: number): LogEntry[] =>
    [40, 42, 44, 46].flatMap((at, index) => [timeout(at, 10 * index, ageS), fallback(at, 10 * index, ageS)]);

  it('takes posts that went beside the websocket as handled, unless they waited for longer than the timeout', () => {
    expect(look('1.2', inPairs(0.5)).status).toBe('handled');
    expect(look('1.2', inPairs(5)).status).toBe('cause');
  });

  it('takes the refusal of a second sending for the cause where it decided over the order', () => {
    const finding = look('1.2', [...inPairs(0.5), refused(41, 'Invalid nonce: duplicate nonce 5')]);
    expect(finding).toMatchObject({ status: 'cause', firstEvidenceNs: 41 * S });
  });

  it('takes posts that nobody answers and nothing replaces as the cause once there are several over 5 s', () => {
    expect(look('1.2', [timeout(40, 1), timeout(42, 2)]).status).toBe('handled');
    const lost = [timeout(40, 1), timeout(42, 2), timeout(46, 3)];
    expect(look('1.2', lost)).toMatchObject({ status: 'cause', score: 0.95 });
    const audit: LogEntry = {
      type: 'safety-audit',
      atNs: 46 * S,
      trigger: 'timer',
      ordersCleaned: 0,
      stalePendingRemoved: 3,
      stuckCancels: 0,
      orphanOrders: 0,
      staleLocalRemoved: 0,
      staleLocalKept: 0,
      isSynced: false,
      reduceOnlyActive: false,
      reduceOnlyReason: null,
    };
    expect(look('1.2', [...lost, audit]).score).toBe(0.98);
    // The first was given up at 40 s: what was sent before that may have been on its way when the socket went dead.
    const turnedUp = (sentNs: number): LogEntry => ({
      type: 'order-turned-up',
      atNs: 47 * S,
      oid: 5,
      cloid: 9,
      sentNs,
    });
    expect(look('1.2', [...lost, audit, turnedUp(40 * S - 1)]).score).toBe(0.98);
    // Sent later, it shows that the socket carried it: then it was the word of it that was lost.
    expect(look('1.2', [...lost, audit, turnedUp(40 * S)]).score).toBeLessThan(0.9);
  });

  it('takes a lost connection as the cause where cycles stood still for it, for over 5 s', () => {
    const lost = (forS: number): LogEntry[] => [
      user(1, 'Connected'),
      user(40, 'Disconnected'),
      user(40 + forS, 'Connected'),
    ];
    expect(look('1.2', lost(30)).status).toBe('handled');
    const still = (forS: number): LogEntry[] =>
      [...lost(forS), stopped(40.1), resumed(40 + forS)].sort((a, b) => a.atNs - b.atNs);
    expect(look('1.2', still(5)).status).toBe('handled');
    expect(look('1.2', still(6))).toMatchObject({ status: 'cause', firstEvidenceNs: 40 * S });
  });

  it('is in order where nothing of it was written', () => {
    expect(look('1.2', []).status).toBe('ok');
    expect(look('1.1', []).status).toBe('ok');
  });
});
