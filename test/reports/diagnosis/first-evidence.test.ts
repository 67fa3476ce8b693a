/** When a finding begins, and what it advises: both by what decided it, and not by what stood beside it. */
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { METRIC, METRICS } from '../../../core/infra/metrics/fields.ts';
import { BID } from '../../../core/market.ts';
import { NS_PER_S as S } from '../../../core/scale.ts';
import { diagnose } from '../../../reports/diagnosis/diagnose.ts';
import type { StepFinding } from '../../../reports/verdict.ts';

const END = 120;

type Values = Partial<Record<keyof typeof METRIC, number>>;

function look(step: string, entries: readonly LogEntry[], values: Values = {}): StepFinding {
  const metrics = new Float64Array(METRICS.length);
  for (const [key, value] of Object.entries(values)) metrics[METRIC[key as keyof typeof METRIC]] = value;
  const finding = diagnose({ entries, metrics, endNs: END * S }).find(one => one.step === step);
  if (finding === undefined) throw new Error(`step ${step} is not walked`);
  return finding;
}

const risk = (at: number, monitors: readonly string[], pullQuotes = false): LogEntry => ({
  type: 'risk',
  atNs: at * S,
  pullQuotes,
  spreadFactor: 1.2,
  reduceOnly: false,
  maxSeverity: 'Low',
  monitors,
  pulledBy: pullQuotes ? monitors : [],
});
const crossed = (at: number): LogEntry => ({
  type: 'anomaly',
  atNs: at * S,
  feed: 'l2Book',
  anomaly: 'CrossedBook',
  value: 2,
  limit: 1,
});
const gate = (at: number, isShut: boolean): LogEntry => ({
  type: 'quote-gate',
  atNs: at * S,
  reason: isShut ? { type: 'CrossedBook', bestBid: 101, bestAsk: 100 } : null,
});
const warm = (at: number, state: 'warming' | 'wide' | 'warm'): LogEntry => ({
  type: 'warm-up',
  atNs: at * S,
  state,
  bookUpdates: 12,
  trades: 3,
  sigmaReady: true,
  kappaReady: state === 'warm',
});
const fill = (at: number, over: Partial<Extract<LogEntry, { type: 'fill' }>>): LogEntry => ({
  type: 'fill',
  atNs: at * S,
  tid: at,
  oid: at,
  side: BID,
  priceTicks: 1_000,
  sizeLots: 10,
  ageNs: 0,
  via: 'stream',
  order: 'Resting',
  ...over,
});
const discrepancy = (at: number, diffLots: number): LogEntry => ({
  type: 'position-discrepancy',
  atNs: at * S,
  instrument: 0,
  trigger: 'Timer',
  localLots: 0,
  exchangeLots: diffLots,
  diffLots,
  inFlightFills: 0,
});
const audit = (at: number, counts: Partial<Extract<LogEntry, { type: 'safety-audit' }>>): LogEntry => ({
  type: 'safety-audit',
  atNs: at * S,
  trigger: 'timer',
  ordersCleaned: 0,
  stalePendingRemoved: 0,
  stuckCancels: 0,
  orphanOrders: 0,
  staleLocalRemoved: 0,
  staleLocalKept: 0,
  isSynced: true,
  reduceOnlyActive: false,
  reduceOnlyReason: null,
  ...counts,
});
const pending = (at: number): LogEntry => ({
  type: 'events-pending',
  atNs: at * S,
  events: 7,
  oldestAgeNs: 11 * S,
  debounceNs: S,
});
const lag = (at: number, late: number): LogEntry => ({
  type: 'event-loop-lag',
  atNs: at * S,
  waitedUs: 21_000,
  late,
  messages: 100,
  workUs: 20_500,
  busiest: 'trades',
  busiestUs: 20_500,
});
const leverage = (instrument: number, times: number): LogEntry => ({
  type: 'leverage',
  atNs: 0,
  instrument,
  mode: 'Cross',
  leverage: times,
  maxLeverage: 50,
});
const margin = (at: number, equityUsd: number, availableUsd: number, formerAvailableUsd = equityUsd): LogEntry => ({
  type: 'margin',
  atNs: at * S,
  equityUsd,
  usedUsd: equityUsd - availableUsd,
  availableUsd,
  formerAvailableUsd,
});
const refused = (at: number, error: string): LogEntry => ({
  type: 'order-rejected',
  atNs: at * S,
  cloid: 1,
  side: BID,
  error,
});
const stopped = (at: number, reason: 'KappaInvalid' | 'NoBook'): LogEntry => ({
  type: 'cycle-stopped',
  atNs: at * S,
  stage: 'strategy',
  reason,
});

describe('the first evidence', () => {
  const KILL: LogEntry = { type: 'kill-switch', atNs: 60 * S, isKilled: true, reasons: ['DailyLoss'] };
  const JUMP: LogEntry = { type: 'mid-jump', atNs: 20 * S, moveBps: 30, spanNs: S };
  const OUT_OF_ORDER: LogEntry = {
    type: 'fill-out-of-order',
    atNs: 20 * S,
    tid: 1,
    startPositionLots: 1,
    expectedLots: 0,
  };
  const TURNED_UP: LogEntry = { type: 'order-turned-up', atNs: 41 * S, cloid: 1, oid: 9, sentNs: 30 * S };
  const ORPHAN: LogEntry = { type: 'orphan-order', atNs: 20 * S, oid: 5, cloid: 0, state: 'candidate', known: null };
  const SHORT = 'Insufficient margin to place order. asset=0';

  it.each<[string, string, number, readonly LogEntry[]]>([
    ['1.3', 'a kill, not a warning before it', 60, [risk(10, ['position-velocity']), KILL]],
    ['1.4', 'pending orders, not a stranger', 40, [ORPHAN, audit(40, { stalePendingRemoved: 1 }), TURNED_UP]],
    [
      '1.5',
      'refusals, not a change before them',
      50,
      [margin(20, 100, 90, 900), refused(50, SHORT), refused(60, SHORT)],
    ],
    ['2.1', 'events that wait, not a jump before them', 50, [JUMP, pending(50), pending(60)]],
    ['2.2', 'a long gate, not a single bad message', 50, [crossed(10), gate(50, true), gate(60, false)]],
    ['2.4', 'the wait that is too long', 5, [warm(0, 'wide'), warm(5, 'warming'), warm(30, 'warm')]],
    [
      '3.1',
      'orders that stay, not those removed',
      50,
      [audit(20, { staleLocalRemoved: 1 }), audit(50, { staleLocalKept: 1 })],
    ],
    ['3.2', 'a late fill, not a crossed one', 50, [fill(20, { order: 'Cancelled' }), fill(50, { ageNs: 2 * S })]],
    ['3.4', 'a missed fill, not one out of order', 50, [OUT_OF_ORDER, fill(50, { ageNs: 2 * S, via: 'query' })]],
    ['4.3', 'a loop that is blocked, not one wait', 50, [lag(20, 1), lag(50, 20)]],
  ])('%s is that of what decides: %s', (step, _, at, entries) => {
    expect(look(step, entries).firstEvidenceNs).toBe(at * S);
  });
});

it('1.5: an order fits if it fits with the largest leverage', () => {
  expect(look('1.5', [leverage(0, 3), leverage(1, 1), margin(50, 800, 5)]).status).toBe('ok');
  expect(look('1.5', [leverage(0, 2), leverage(1, 1), margin(50, 800, 5)]).status).toBe('cause');
});

it('1.5: tells of a hard limit', () => {
  const hard: LogEntry = {
    type: 'risk-limit',
    atNs: 50 * S,
    limit: 'Position',
    violation: 'Hard',
    valueUsd: 1_200,
    limitUsd: 1_000,
  };
  const soft: LogEntry = { ...hard, violation: 'Soft' };
  expect(look('1.5', [soft, hard])).toMatchObject({
    status: 'ok',
    evidence: ['hard limit (Position) exceeded at 50.0 s: $1200.00 of $1000.00'],
  });
});

it.each([
  [10, 'handled'],
  [10.1, 'cause'],
])('1.1: quotes that the monitor of the rate limit pulled for %s s are its own', (forS, status) => {
  const monitors = ['rate-limit'];
  const entries = [
    risk(40, monitors, true),
    // What else changes meanwhile makes no second pull of it.
    risk(44, [...monitors, 'position-velocity'], true),
    risk(40 + forS, []),
  ];
  expect(look('1.1', entries)).toMatchObject({ status, firstEvidenceNs: 40 * S });
});

it.each<[string, readonly LogEntry[], RegExp]>([
  ['kappa', [stopped(30, 'KappaInvalid')], /^Find the stage.* kappa/],
  ['no book', [stopped(30, 'NoBook')], /^Find the stage that ends the cycle\.$/],
  [
    'orders left standing',
    [{ type: 'quotes-left', atNs: 30 * S, reason: 'RiskPulledQuotes', orders: 2, sinceNs: 2 * S }],
    /^Quotes that are pulled[^.]*\.$/,
  ],
])('2.5: advises on what it found: %s', (_, entries, words) => {
  const finding = look('2.5', [warm(1, 'warm'), ...entries]);
  expect(finding.status).toBe('cause');
  expect(finding.resolution).toMatch(words);
});

it('3.3: kappa that learnt from fills that nothing tells of has no time', () => {
  const finding = look('3.3', [], { kappaOwnFills: 3 });
  expect(finding.status).toBe('cause');
  expect(finding.firstEvidenceNs).toBeUndefined();
});

it('3.4: names the step that explains a discrepancy', () => {
  const late = fill(35, { ageNs: 3 * S });
  expect(look('3.4', [late, discrepancy(45, 10)])).toMatchObject({
    status: 'handled',
    resolution: 'The exchange was believed; the root is in step 3.2.',
  });
});

it('4.5: cycles that were slow for something else are 4.1', () => {
  const stagesUs = { warmup: 200, estimator: 300, risk: 300, strategy: 400, ladder: 300, reconcile: 300, execute: 200 };
  const slow = (at: number, changes: object): LogEntry => ({
    type: 'quote-cycle-slow',
    atNs: at * S,
    level: 'warning',
    us: 2_000,
    slowCycles: 10,
    cycles: 20,
    stagesUs,
    modelUs: 100,
    levels: 10,
    logUs: 0,
    ...changes,
  });
  const byModel = { modelUs: 1_500, stagesUs: { ...stagesUs, strategy: 1_600 } };
  const finding = look('4.5', [slow(50, {}), slow(51, {}), slow(52, byModel)]);
  expect(finding.status).toBe('suspect');
  expect(finding.resolution).toContain('see step 4.1');
});
