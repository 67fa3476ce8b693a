/** What one instrument's entries say ends or explains nothing of another's. */
import { describe, expect, it } from 'vitest';
import type { CycleStopReason, LogEntry, PositionZone, QuoteGateReason } from '../../../core/evidence.ts';
import { METRICS } from '../../../core/infra/metrics/fields.ts';
import { BID } from '../../../core/market.ts';
import { NS_PER_S as S } from '../../../core/scale.ts';
import { diagnose } from '../../../reports/diagnosis/diagnose.ts';
import type { StepFinding } from '../../../reports/verdict.ts';

const END = 120;

function look(step: string, ...entries: LogEntry[]): StepFinding {
  const sorted = [...entries].sort((a, b) => a.atNs - b.atNs);
  const metrics = new Float64Array(METRICS.length);
  const finding = diagnose({ entries: sorted, metrics, endNs: END * S }).find(one => one.step === step);
  if (finding === undefined) throw new Error(`step ${step} is not walked`);
  return finding;
}

const warm = (at: number, state: 'warming' | 'warm', instrument: number): LogEntry => ({
  type: 'warm-up',
  atNs: at * S,
  state,
  bookUpdates: 12,
  trades: 3,
  sigmaReady: true,
  kappaReady: true,
  instrument,
});
const stop = (at: number, reason: CycleStopReason, instrument: number): LogEntry => ({
  type: 'cycle-stopped',
  atNs: at * S,
  stage: 'risk',
  reason,
  instrument,
});
const resume = (at: number, instrument: number): LogEntry => ({ type: 'cycle-resumed', atNs: at * S, instrument });
const zone = (at: number, name: PositionZone, usedShare: number, instrument: number): LogEntry => ({
  type: 'position-zone',
  atNs: at * S,
  zone: name,
  usedShare,
  instrument,
});
const gate = (at: number, reason: QuoteGateReason | null, instrument: number): LogEntry => ({
  type: 'quote-gate',
  atNs: at * S,
  reason,
  instrument,
});
const CROSSED: QuoteGateReason = { type: 'CrossedBook', bestBid: 101, bestAsk: 100 };
const crossed = (at: number, instrument: number): LogEntry => ({
  type: 'anomaly',
  atNs: at * S,
  feed: 'l2Book',
  anomaly: 'CrossedBook',
  value: 2,
  limit: 1,
  instrument,
});
const heldBack = (at: number, forS: number, instrument: number): LogEntry => ({
  type: 'rejection-backoff',
  atNs: at * S,
  side: BID,
  refusals: 3,
  untilNs: (at + forS) * S,
  instrument,
});
const fill = (at: number, sizeLots: number, ageS: number, instrument: number): LogEntry => ({
  type: 'fill',
  atNs: at * S,
  tid: at,
  oid: 7,
  side: BID,
  priceTicks: 1_000,
  sizeLots,
  ageNs: ageS * S,
  via: 'stream',
  order: 'Resting',
  instrument,
});
const discrepancy = (at: number, diffLots: number, instrument: number): LogEntry => ({
  type: 'position-discrepancy',
  atNs: at * S,
  instrument,
  trigger: 'Timer',
  localLots: 0,
  exchangeLots: diffLots,
  diffLots,
  inFlightFills: 0,
});
const risk = (at: number, pulledBy: readonly string[], instrument: number): LogEntry => ({
  type: 'risk',
  atNs: at * S,
  pullQuotes: pulledBy.length > 0,
  spreadFactor: 1,
  reduceOnly: false,
  maxSeverity: pulledBy.length > 0 ? 'High' : 'None',
  monitors: pulledBy,
  pulledBy,
  instrument,
});

describe('several instruments', () => {
  it('1.1: short waits of several are none that is long', () => {
    const waits = [heldBack(40, 5, 0), heldBack(40.1, 5, 1), heldBack(44, 8, 2)];
    expect(look('1.1', ...waits).status).toBe('handled');
    const finding = look('1.1', ...waits, heldBack(45.2, 10, 1));
    expect(finding.status).toBe('cause');
    expect(finding.evidence[0]).toContain('on instrument 1');
  });

  it('1.1: a side that is empty is not excused by what holds another instrument back', () => {
    const quota: LogEntry = { type: 'quota-tier', atNs: 40 * S, tier: 'minimal', headroom: 0.07 };
    const empty: LogEntry = { type: 'side-empty', atNs: 60 * S, side: BID, isEmpty: true, instrument: 0 };
    for (const [other, status] of [
      [1, 'cause'],
      [0, 'handled'],
    ] as const) {
      expect(look('1.1', quota, heldBack(52, 5, other), empty).status, `refused on ${other}`).toBe(status);
      expect(look('1.1', quota, zone(50, 'red', 0.9, other), empty).status, `red on ${other}`).toBe(status);
    }
  });

  it('1.3: an inventory over its maximum is not over when another one is green', () => {
    const finding = look('1.3', zone(40, 'kill', 1.5, 0), zone(41, 'green', 0.3, 1), zone(80, 'green', 0.3, 0));
    expect(finding.status).toBe('cause');
    expect(finding.evidence[0]).toContain('from 40.0 s to 80.0 s on instrument 0');
  });

  it('1.3: a pull is obeyed by its own cycle', () => {
    const pull = [risk(40, ['cascade'], 0), risk(44, [], 0)];
    expect(look('1.3', ...pull, stop(40, 'RiskPulledQuotes', 1)).status).toBe('cause');
    expect(look('1.3', ...pull, stop(40, 'RiskPulledQuotes', 0)).status).toBe('handled');
  });

  it('2.1: events that wait are excused by what stops their own cycle', () => {
    const pending: LogEntry = {
      type: 'events-pending',
      atNs: 50 * S,
      events: 7,
      oldestAgeNs: 11 * S,
      debounceNs: S,
      instrument: 0,
    };
    expect(look('2.1', stop(40, 'NothingToChange', 1), pending).status).toBe('cause');
    expect(look('2.1', stop(40, 'NothingToChange', 0), pending).status).toBe('ok');
  });

  it('2.2: a gate that another one opens stays shut', () => {
    expect(look('2.2', crossed(40, 1), gate(40, CROSSED, 1), gate(42, null, 0), gate(65, null, 1)).status).toBe(
      'cause',
    );
  });

  it('2.2: bad messages harm their own instrument', () => {
    expect(look('2.2', crossed(40, 0), stop(41, 'NoBook', 1)).status).toBe('handled');
    expect(look('2.2', crossed(40, 0), stop(41, 'NoBook', 0)).status).toBe('cause');
    const killed: LogEntry = { type: 'kill-switch', atNs: 41 * S, isKilled: true, reasons: ['DailyLoss'] };
    expect(look('2.2', crossed(40, 0), killed).status).toBe('cause');
  });

  it('2.2 and 2.3: a gate that old data shut is the work of bad messages only where they are its own', () => {
    const stale: QuoteGateReason = { type: 'StaleData', ageMs: 15_000, thresholdMs: 15_000 };
    const bad = [crossed(45, 0), crossed(47, 0), crossed(49, 0)];
    expect(look('2.3', ...bad, gate(50, stale, 1)).status).toBe('cause');
    expect(look('2.3', ...bad, gate(50, stale, 0)).status).toBe('ok');
  });

  it('2.4: one that never warms is told though another does', () => {
    const finding = look(
      '2.4',
      ...[warm(0.2, 'warming', 1), stop(0.2, 'WarmingUp', 1)],
      ...[warm(0.3, 'warming', 0), stop(0.3, 'WarmingUp', 0), warm(8, 'warm', 0), resume(8, 0)],
    );
    expect(finding).toMatchObject({ status: 'cause', firstEvidenceNs: 0.2 * S });
  });

  it('2.5: cycles that are stopped are not resumed by those of another', () => {
    const start = [warm(1, 'warm', 0), warm(1, 'warm', 1)];
    const one = [stop(30, 'KappaInvalid', 1), stop(31, 'RateLimited', 0), resume(32, 0)];
    expect(look('2.5', ...start, ...one).status).toBe('cause');
    // Nor are they excused by its gate, or by its warm-up.
    expect(look('2.5', ...start, gate(20, CROSSED, 0), ...one).status).toBe('cause');
    expect(look('2.5', ...start, gate(20, CROSSED, 1), ...one).status).toBe('ok');
    expect(look('2.5', warm(1, 'warm', 0), ...one).status).toBe('ok');
  });

  it('3.4: a lost fill is not explained by a late one of another', () => {
    expect(look('3.4', fill(35, 7, 3, 0), discrepancy(50, -7, 1)).status).toBe('cause');
    expect(look('3.4', fill(35, 7, 3, 1), discrepancy(50, -7, 1)).status).toBe('handled');
  });

  it('3.4: a position is set back over fills of its own', () => {
    const adjusted: LogEntry = { type: 'position-adjusted', atNs: 50 * S, fromLots: 7, toLots: 0, instrument: 1 };
    expect(look('3.4', fill(45, 7, 0, 0), adjusted).status).toBe('ok');
    expect(look('3.4', fill(45, 7, 0, 1), adjusted).status).toBe('cause');
  });

  it('1.1: refusals are told of the instrument that waits for them', () => {
    const refused = (error: string, instrument: number): LogEntry => ({
      type: 'order-rejected',
      atNs: 40 * S,
      cloid: 1,
      side: BID,
      error,
      instrument,
    });
    const finding = look('1.1', refused('Insufficient margin to place order', 1), heldBack(40, 20, 0));
    expect(finding.status).toBe('cause');
    expect(look('1.1', refused('Insufficient margin to place order', 0), heldBack(40, 20, 0)).status).toBe('suspect');
  });
});
