import { describe, expect, it } from 'vitest';
import type { CycleStopReason, LogEntry, SupervisorEvent } from '../../../core/evidence.ts';
import { METRICS } from '../../../core/infra/metrics/fields.ts';
import { diagnose } from '../../../reports/diagnosis/diagnose.ts';
import { EvidenceLog } from '../../../reports/diagnosis/evidence-log.ts';
import type { StepFinding } from '../../../reports/verdict.ts';

const S = 1_000_000_000;
const END = 180;

// Short ways to write what a core logs; times in seconds.
const supervisor = (at: number, event: SupervisorEvent, dataAgeS = 0, userAgeS = 1): LogEntry => ({
  type: 'supervisor',
  atNs: at * S,
  event,
  timeSinceMarketDataNs: dataAgeS * S,
  timeSinceUserEventNs: userAgeS * S,
  consecutiveStaleCount: event === 'Healthy' ? 0 : 2,
  isReconnecting: false,
});
const gate = (at: number, ageS: number | null): LogEntry => ({
  type: 'quote-gate',
  atNs: at * S,
  reason: ageS === null ? null : { type: 'StaleData', ageMs: ageS * 1_000, thresholdMs: 15_000 },
});
const crossedGate = (at: number): LogEntry => ({
  type: 'quote-gate',
  atNs: at * S,
  reason: { type: 'CrossedBook', bestBid: 101, bestAsk: 100 },
});
const risk = (at: number, spreadFactor: number, pullQuotes: boolean, monitors = ['data-staleness']): LogEntry => ({
  type: 'risk',
  atNs: at * S,
  pullQuotes,
  spreadFactor,
  reduceOnly: false,
  maxSeverity: pullQuotes ? 'High' : spreadFactor > 1 ? 'Medium' : 'None',
  monitors: spreadFactor > 1 || pullQuotes ? monitors : [],
  pulledBy: pullQuotes ? monitors : [],
});
const link = (
  at: number,
  target: 'market' | 'user' | 'l2Book',
  state: 'Connected' | 'Disconnected' | 'Reconnecting',
): LogEntry => ({ type: 'reconnection', atNs: at * S, target, state, attempt: 1, reason: 'silent', backoffNs: 0 });
const feed = (at: number, stale: boolean, ageS: number): LogEntry => ({
  type: 'feed-staleness',
  atNs: at * S,
  feed: 'l2Book',
  stale,
  ageNs: ageS * S,
  thresholdNs: 10 * S,
});
const anomaly = (at: number, type: 'CrossedBook' | 'InvalidPrice' | 'SequenceGap' | 'StaleData'): LogEntry => ({
  type: 'anomaly',
  atNs: at * S,
  feed: 'l2Book',
  anomaly: type,
  value: 11,
  limit: 10,
});
const stop = (at: number, reason: CycleStopReason): LogEntry => ({
  type: 'cycle-stopped',
  atNs: at * S,
  stage: 'risk',
  reason,
});
const resume = (at: number): LogEntry => ({ type: 'cycle-resumed', atNs: at * S });
const pulled = (at: number, reason: string): LogEntry => ({ type: 'quotes-pulled', atNs: at * S, reason, orders: 10 });
const warm = (at: number, state: 'warming' | 'wide' | 'warm'): LogEntry => ({
  type: 'warm-up',
  atNs: at * S,
  state,
  bookUpdates: 12,
  trades: 3,
  sigmaReady: true,
  kappaReady: state === 'warm',
});
const pending = (at: number, oldestAgeS: number, debounceS = 0.1): LogEntry => ({
  type: 'events-pending',
  atNs: at * S,
  events: 7,
  oldestAgeNs: oldestAgeS * S,
  debounceNs: debounceS * S,
});

/** How every run begins. */
const START: readonly LogEntry[] = [
  link(0.2, 'market', 'Connected'),
  link(0.2, 'user', 'Connected'),
  warm(0.3, 'warming'),
  stop(0.3, 'NotConnected'),
  stop(1, 'WarmingUp'),
  warm(8, 'warm'),
  resume(8.1),
];

/** What the steps of the family stale quotes find. */
function walk(...entries: LogEntry[]): StepFinding[] {
  return walkWith({}, ...entries);
}

/** The same with metrics, by their names. */
function walkWith(named: Readonly<Record<string, number>>, ...entries: LogEntry[]): StepFinding[] {
  const sorted = [...START, ...entries].sort((a, b) => a.atNs - b.atNs);
  const metrics = Float64Array.from(METRICS, ({ name }) => named[name] ?? 0);
  return diagnose({ entries: sorted, metrics, endNs: END * S }).filter(({ step }) => step.startsWith('2.'));
}

function statuses(findings: readonly StepFinding[]): Record<string, string> {
  const ours = findings.filter(({ step }) => step.startsWith('2.'));
  return Object.fromEntries(ours.map(({ step, status }) => [step, status]));
}

const ALL_OK = { '2.1': 'ok', '2.2': 'ok', '2.3': 'ok', '2.4': 'ok', '2.5': 'ok' };

/** All feeds silent from 60 s on, as the core logs it, up to what the silence's length reaches. */
function silence(lengthS: number): LogEntry[] {
  const entries: LogEntry[] = [];
  if (lengthS > 5) entries.push(risk(65.2, 1.5, false));
  if (lengthS > 10) entries.push(supervisor(70.5, 'MarketDataStale', 10.5));
  if (lengthS > 12) {
    entries.push(supervisor(71.5, 'ReconnectRecommended', 11.5), link(71.5, 'market', 'Disconnected'));
    entries.push(link(71.5, 'market', 'Reconnecting'));
  }
  if (lengthS > 15.5) {
    entries.push(
      risk(75.4, 1.5, true),
      gate(75.5, 15.5),
      pulled(75.5, 'DataQualityGate'),
      stop(75.5, 'DataQualityGate'),
    );
  }
  if (lengthS > 30) entries.push(anomaly(90.5, 'StaleData'), supervisor(90.5, 'Critical', 30.5));
  const end = 60 + lengthS;
  if (lengthS > 12) entries.push(link(end, 'market', 'Connected'));
  if (lengthS > 15.5) entries.push(gate(end, null), resume(end + 0.1));
  if (lengthS > 10) entries.push(supervisor(end + 0.5, 'Healthy', 0.5));
  if (lengthS > 5) entries.push(risk(end, 1, false));
  return entries;
}

describe('diagnosis of a healthy run', () => {
  it('finds every step in order', () => {
    expect(statuses(walk())).toEqual(ALL_OK);
    expect(statuses(diagnose({ entries: [], metrics: new Float64Array(), endNs: 0 }))).toEqual(ALL_OK);
  });

  it('ranks by score, then by step', () => {
    expect(walk().map(finding => finding.step)).toEqual(['2.1', '2.2', '2.3', '2.4', '2.5']);
    expect(walk(...silence(30))[0].step).toBe('2.3');
  });
});

describe('2.3, market data stops arriving', () => {
  it.each([
    [4.9, 'ok'],
    [7, 'ok'],
    [9, 'ok'],
    [10.9, 'suspect'],
    [12.5, 'handled'],
    [20, 'cause'],
    [30, 'cause'],
    [40, 'cause'],
  ])('reads a silence of %s s as %s, and blames no other step', (lengthS, status) => {
    expect(statuses(walk(...silence(lengthS)))).toEqual({ ...ALL_OK, '2.3': status });
  });

  it('tells what it saw, with times, and what to do', () => {
    const [first] = walk(...silence(20));
    expect(first.evidence).toContain('supervisor: ReconnectRecommended at 71.5 s, market data 11.5 s old');
    expect(first.evidence).toContain('gate shut from 75.5 s to 80.0 s for StaleData: no quotes');
    expect(first.resolution).toMatch(/reconnect/);
    expect(walk(...silence(40))[0].score).toBeGreaterThan(first.score);
  });

  it('finds a silent book behind feeds that flow', () => {
    const entries = [
      feed(71, true, 11),
      link(71, 'l2Book', 'Disconnected'),
      gate(75.2, 15.2),
      stop(75.2, 'DataQualityGate'),
    ];
    const found = walk(...entries, feed(90, false, 0), gate(90, null), resume(90.1));
    expect(statuses(found)).toEqual({ ...ALL_OK, '2.3': 'cause' });
  });

  it('is handled where the feed comes back before quotes are lost', () => {
    expect(statuses(walk(feed(71, true, 11), feed(73, false, 0)))).toEqual({ ...ALL_OK, '2.3': 'handled' });
    const reconnected = walk(link(60, 'market', 'Disconnected'), link(61, 'market', 'Connected'));
    expect(statuses(reconnected)).toEqual({ ...ALL_OK, '2.3': 'handled' });
  });

  it('dates a silence by the word of it, not by the last message before it, nor by an earlier one that healed', () => {
    const healed = [supervisor(40, 'MarketDataStale', 10.5), supervisor(41, 'Healthy', 0.5)];
    const found = walk(
      ...healed,
      supervisor(100, 'MarketDataStale', 10.5),
      gate(105, 16),
      stop(105, 'DataQualityGate'),
    );
    expect(found.find(({ step }) => step === '2.3')).toMatchObject({ status: 'cause', firstEvidenceNs: 100 * S });
  });

  it('takes a loss that lasts to the end for one', () => {
    const found = walk(supervisor(170, 'ReconnectRecommended', 11), gate(175, 16), stop(175, 'DataQualityGate'));
    expect(statuses(found)).toEqual({ ...ALL_OK, '2.3': 'cause' });
  });

  it('only suspects a lost user connection, which is step 1.2', () => {
    const entries = [
      link(60, 'user', 'Disconnected'),
      stop(60, 'NotConnected'),
      link(90, 'user', 'Connected'),
      resume(91),
    ];
    const [first] = walk(...entries);
    expect(first).toMatchObject({ step: '2.3', status: 'suspect' });
    expect(first.evidence[0]).toMatch(/step 1\.2/);
  });

  it('handles silent user events, which are its own', () => {
    const found = walk(supervisor(130, 'UserEventStale', 0.2, 61), supervisor(140, 'Healthy'));
    expect(statuses(found)).toEqual({ ...ALL_OK, '2.3': 'handled' });
  });

  it('does not take a pull by another monitor for its own', () => {
    const found = walk(
      ...silence(12.5),
      risk(71, 1, true, ['price-velocity']),
      stop(71, 'RiskPulledQuotes'),
      resume(74),
    );
    expect(statuses(found)['2.3']).toBe('handled');
  });

  it('does not take the first connecting for a reconnect', () => {
    const entries = [
      link(0, 'market', 'Disconnected'),
      link(0.1, 'market', 'Reconnecting'),
      link(0.3, 'market', 'Connected'),
    ];
    expect(statuses(diagnose({ entries, metrics: new Float64Array(), endNs: END * S }))).toEqual(ALL_OK);
  });

  it('names it where no data came from the start', () => {
    const entries: LogEntry[] = [
      link(0.2, 'market', 'Connected'),
      { type: 'quote-gate', atNs: 0.5 * S, reason: { type: 'NoDataReceived' } },
      supervisor(11, 'MarketDataStale', Number.POSITIVE_INFINITY),
      supervisor(12, 'ReconnectRecommended', Number.POSITIVE_INFINITY),
    ];
    expect(diagnose({ entries, metrics: new Float64Array(), endNs: END * S })[0]).toMatchObject({
      step: '2.3',
      status: 'cause',
    });
  });
});

describe('2.2, market data arrives but is bad', () => {
  it('is handled where single messages were refused', () => {
    expect(statuses(walk(anomaly(60, 'SequenceGap')))).toEqual({ ...ALL_OK, '2.2': 'handled' });
    const crossed = walk(
      anomaly(60, 'CrossedBook'),
      crossedGate(60),
      stop(60, 'DataQualityGate'),
      gate(60.6, null),
      resume(60.7),
    );
    expect(statuses(crossed)).toEqual({ ...ALL_OK, '2.2': 'handled' });
  });

  it.each([
    [5, 'handled'],
    [5.1, 'cause'],
  ])('reads a gate shut for %s s by a crossed book as %s', (lengthS, status) => {
    const entries = [anomaly(60, 'CrossedBook'), crossedGate(60), stop(60, 'DataQualityGate')];
    expect(statuses(walk(...entries, gate(60 + lengthS, null), resume(66)))).toEqual({ ...ALL_OK, '2.2': status });
  });

  it('is the cause where bad values starve the book, though its gate says StaleData', () => {
    const bad = Array.from({ length: 40 }, (_, i) => anomaly(60 + i * 0.6, 'InvalidPrice'));
    const shut = [gate(75.2, 15.2), stop(75.2, 'DataQualityGate'), gate(85, null), resume(85.1)];
    expect(statuses(walk(...bad, ...shut))).toEqual({ ...ALL_OK, '2.2': 'cause' });
    // The same with the book feed seen as stale: the messages show that it is alive.
    const found = walk(...bad, ...shut, feed(71, true, 11), feed(85, false, 0));
    expect(statuses(found)['2.2']).toBe('cause');
    expect(statuses(found)['2.3']).not.toBe('cause');
  });

  it('leaves what an outage leaves behind to the outage', () => {
    expect(statuses(walk(...silence(20), anomaly(80.5, 'SequenceGap')))).toEqual({ ...ALL_OK, '2.3': 'cause' });
  });
});

describe('2.1, events pile up and trigger nothing', () => {
  it.each([
    ['a debounce as long as the fallback', [pending(60, 5.1, 5)], 'cause'],
    ['a debounce just below, once', [pending(60, 5.1, 4.9)], 'suspect'],
    ['events twice', [pending(60, 5.1), pending(90, 5.1)], 'cause'],
    ['events of 10 s', [pending(60, 10)], 'cause'],
  ])('reads %s', (_, entries, status) => {
    expect(statuses(walk(...entries))).toEqual({ ...ALL_OK, '2.1': status });
  });

  it('is in order where events wait because of something else', () => {
    expect(statuses(walk(...silence(30), pending(80, 5.5)))).toEqual({ ...ALL_OK, '2.3': 'cause' });
    const away = [link(60, 'user', 'Disconnected'), stop(60, 'NotConnected'), pending(66, 6), resume(91)];
    expect(statuses(walk(...away))['2.1']).toBe('ok');
  });
});

describe('2.4, warm-up', () => {
  it.each([
    [11, 'ok'],
    [11.1, 'cause'],
  ])('reads a wait of %s s as %s', (waitS, status) => {
    const entries = [
      warm(0, 'warming'),
      stop(0, 'WarmingUp'),
      warm(waitS, 'wide'),
      resume(waitS),
      warm(waitS + 5, 'warm'),
    ];
    const found = diagnose({ entries, metrics: new Float64Array(), endNs: END * S });
    expect(statuses(found)['2.4']).toBe(status);
  });

  it('is the cause where quoting never begins', () => {
    const entries = [warm(0, 'warming'), stop(0.2, 'WarmingUp')];
    const [first] = diagnose({ entries, metrics: new Float64Array(), endNs: END * S });
    expect(first).toMatchObject({ step: '2.4', status: 'cause' });
  });

  it.each([
    [30, 'ok'],
    [31, 'handled'],
  ])('reads %s s of wide quotes as %s', (wideS, status) => {
    const entries = [warm(0, 'warming'), warm(10, 'wide'), warm(10 + wideS, 'warm')];
    const found = diagnose({ entries, metrics: new Float64Array(), endNs: END * S });
    expect(statuses(found)).toEqual({ ...ALL_OK, '2.4': status });
  });
});

describe('2.5, a stage ends the cycle', () => {
  it.each([
    ['one short stop', [stop(60, 'KappaInvalid'), resume(61)], 'handled'],
    ['a stop of 5 s', [stop(60, 'KappaInvalid'), resume(65)], 'handled'],
    ['a stop of more', [stop(60, 'KappaInvalid'), resume(65.1)], 'cause'],
    ['three short stops', [1, 2, 3].flatMap(i => [stop(60 + i, 'EmptyLadder'), resume(60.2 + i)]), 'cause'],
    ['a stop to the end', [stop(60, 'SigmaInvalid')], 'cause'],
  ])('reads %s', (_, entries, status) => {
    expect(statuses(walk(...entries))).toEqual({ ...ALL_OK, '2.5': status });
  });

  it('leaves stops to the step that they belong to', () => {
    const meant = walk(
      risk(60, 1, true, ['price-velocity']),
      stop(60, 'RiskPulledQuotes'),
      risk(75, 1, false),
      resume(75),
    );
    expect(statuses(meant)).toEqual(ALL_OK);
    expect(statuses(walk(stop(60, 'NotConnected'), resume(80)))).toEqual(ALL_OK);
    expect(statuses(walk(...silence(30), stop(76, 'NoBook')))).toEqual({ ...ALL_OK, '2.3': 'cause' });
  });
});

describe('evidence log', () => {
  it('hands over copies, and goes on after a restore', () => {
    const log = new EvidenceLog();
    log.onEvidence(resume(1));
    const metrics = Float64Array.of(1);
    const evidence = log.evidence(metrics, 2 * S);
    metrics[0] = 5;
    log.onEvidence(resume(2));
    expect(evidence).toEqual({ entries: [resume(1)], metrics: Float64Array.of(1), endNs: 2 * S });
    const resumed = new EvidenceLog();
    resumed.restore(structuredClone(log.snapshot()));
    resumed.onEvidence(resume(3));
    expect(resumed.entries).toEqual([resume(1), resume(2), resume(3)]);
    expect(log.entries).toHaveLength(2);
  });
});

describe('what the core copes with or does not', () => {
  const stepOf = (findings: readonly StepFinding[], step: string) => findings.find(finding => finding.step === step);
  const badSize: LogEntry = { ...anomaly(60, 'InvalidPrice'), feed: 'trades' } as LogEntry;
  const left = (at: number, reason: CycleStopReason): LogEntry => ({
    type: 'quotes-left',
    atNs: at * S,
    reason,
    orders: 7,
    sinceNs: 2.5 * S,
  });
  const checkpoint: LogEntry = { type: 'checkpoint', atNs: 0, fills: 110, exposureNs: 600 * S };

  it('handles a jump of the mid and a storm of events, unless an outage left the jump behind', () => {
    const jump = (at: number): LogEntry => ({ type: 'mid-jump', atNs: at * S, moveBps: 8, spanNs: S });
    const storm: LogEntry = { type: 'event-storm', atNs: 60 * S, events: 60, spanNs: S / 2 };
    for (const entry of [jump(60), storm]) {
      expect(stepOf(walk(entry), '2.1')).toMatchObject({ status: 'handled', firstEvidenceNs: 60 * S });
    }
    expect(stepOf(walk(...silence(20), jump(80.1)), '2.1')?.status).toBe('ok');
  });

  it.each([
    ['stops cycles', stop(63, 'EmptyLadder'), 'cause'],
    ['stops cycles much later', stop(67, 'EmptyLadder'), 'handled'],
    ['kills', { type: 'kill-switch', atNs: 60.1 * S, isKilled: true, reasons: ['PriceVelocity'] } as LogEntry, 'cause'],
    ['leaves orders behind the shut gate', left(63, 'DataQualityGate'), 'cause'],
    ['leaves orders for another reason', left(63, 'RiskPulledQuotes'), 'handled'],
  ])('reads a bad message that %s', (_, entry, status) => {
    expect(stepOf(walk(badSize, entry), '2.2')?.status).toBe(status);
  });

  it('names 2.5 where orders stood on after a pull, unless requests had failed', () => {
    expect(stepOf(walk(left(60, 'EmptyLadder')), '2.5')).toMatchObject({ status: 'cause', firstEvidenceNs: 60 * S });
    const failed: LogEntry = { type: 'request-timeout', atNs: 58 * S, id: 1, ageNs: S };
    expect(stepOf(walk(failed, left(60, 'EmptyLadder')), '2.5')?.status).toBe('ok');
  });

  it('names 2.3 where old data shut the gate and nobody saw an outage', () => {
    const seen = stepOf(walk(gate(60, 15.5), gate(90, null)), '2.3');
    expect(seen).toMatchObject({ status: 'cause', firstEvidenceNs: 60 * S });
  });

  it.each([
    ['is not warm by it', 0, 0, 'handled'],
    ['is warm by it', 1, 9, 'cause'],
    ['is warm by ten fills of its own', 1, 10, 'handled'],
  ])('reads a checkpoint after which the posterior %s', (_, warmNow, fills, status) => {
    const found = walkWith({ mm_fill_posterior_warm: warmNow, mm_fills_total: fills }, checkpoint);
    expect(stepOf(found, '2.4')?.status).toBe(status);
  });
});
