/** Steps 1.3 to 1.5 on evidence made up for it: both sides of each edge. */
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { BID } from '../../../core/market.ts';
import { NS_PER_S as S } from '../../../core/scale.ts';
import { findSigns } from '../../../reports/diagnosis/signs.ts';
import type { Step } from '../../../reports/diagnosis/step.ts';
import { riskGating } from '../../../reports/diagnosis/steps/1.3-risk-gating.ts';
import { orderLifecycle } from '../../../reports/diagnosis/steps/1.4-order-lifecycle.ts';
import { margin } from '../../../reports/diagnosis/steps/1.5-margin.ts';

const END = 120;

function look(step: Step, entries: readonly LogEntry[]) {
  const evidence = { entries, metrics: new Float64Array(0), endNs: END * S };
  return step.look(evidence, findSigns(evidence));
}

const risk = (at: number, ...pulledBy: string[]): LogEntry => ({
  type: 'risk',
  atNs: at * S,
  pullQuotes: pulledBy.length > 0,
  spreadFactor: 1,
  reduceOnly: false,
  maxSeverity: pulledBy.length > 0 ? 'High' : 'None',
  monitors: pulledBy,
  pulledBy,
});
const stopped = (at: number, reason: 'RiskPulledQuotes' | 'EmptyLadder'): LogEntry => ({
  type: 'cycle-stopped',
  atNs: at * S,
  stage: reason === 'EmptyLadder' ? 'ladder' : 'risk',
  reason,
});
const resumed = (at: number): LogEntry => ({ type: 'cycle-resumed', atNs: at * S });
const zone = (at: number, usedShare: number): LogEntry => ({
  type: 'position-zone',
  atNs: at * S,
  zone: usedShare >= 1 ? 'kill' : 'green',
  usedShare,
});
const pull = (from: number, to: number, monitor: string): LogEntry[] => [
  risk(from, monitor),
  stopped(from, 'RiskPulledQuotes'),
  risk(to),
  resumed(to),
];

describe('step 1.3', () => {
  it.each([
    ['nothing', [], 'ok'],
    ['a pull of 5 s', pull(10, 15, 'price-velocity'), 'handled'],
    ['a pull of over 5 s', pull(10, 15.1, 'price-velocity'), 'cause'],
    ['two pulls that are one', [...pull(10, 14, 'cascade'), ...pull(14.5, 18, 'cascade')], 'cause'],
    ['two short pulls', [...pull(10, 14, 'cascade'), ...pull(15.5, 18, 'cascade')], 'handled'],
    ['a pull for old data', pull(10, 40, 'data-staleness'), 'ok'],
    ['a pull for too many requests', pull(10, 40, 'rate-limit'), 'ok'],
    ['a pull that no cycle obeyed', [risk(10, 'price-velocity'), risk(11)], 'cause'],
    ['one that was over before a cycle came', [risk(10, 'price-velocity'), risk(10.4)], 'handled'],
    ['an inventory far over its maximum', [zone(10, 1.3), zone(30, 0.5)], 'cause'],
    ['the same for a moment', [zone(10, 1.3), zone(17, 0.5)], 'handled'],
    ['an inventory just over its maximum', [zone(10, 1.1), zone(30, 0.5)], 'handled'],
    ['one that nothing reduces', [zone(10, 1.1), stopped(10, 'EmptyLadder')], 'cause'],
  ] as const)('%s', (_name, entries, status) => {
    expect(look(riskGating, entries).status).toBe(status);
  });

  it('names a kill before everything, and when it began', () => {
    const kill: LogEntry = { type: 'kill-switch', atNs: 20 * S, isKilled: true, reasons: ['MaxLoss'] };
    const finding = look(riskGating, [...pull(10, 30, 'price-velocity'), kill]);
    expect(finding).toMatchObject({ status: 'cause', score: 0.97, firstEvidenceNs: 10 * S });
    expect(finding.resolution).toMatch(/latched \(MaxLoss\)/);
  });
});

const audit = (at: number, counts: Partial<Record<string, number>>): LogEntry => ({
  type: 'safety-audit',
  atNs: at * S,
  trigger: 'timer',
  ordersCleaned: 0,
  stalePendingRemoved: counts.pending ?? 0,
  stuckCancels: counts.stuck ?? 0,
  orphanOrders: counts.orphans ?? 0,
  staleLocalRemoved: counts.stale ?? 0,
  staleLocalKept: 0,
  isSynced: (counts.stuck ?? 0) + (counts.orphans ?? 0) + (counts.stale ?? 0) === 0,
  reduceOnlyActive: false,
  reduceOnlyReason: null,
});
const recovery = (at: number, orphansCancelled: number, staleLocalRemoved: number): LogEntry => ({
  type: 'recovery',
  atNs: at * S,
  localPositionLots: 0,
  exchangePositionLots: 0,
  localOrders: 0,
  exchangeOrders: 0,
  orphansCancelled,
  staleLocalRemoved,
});
const orphan = (at: number, state: 'candidate' | 'cancelled' | 'gone', cloid = 0): LogEntry => ({
  type: 'orphan-order',
  atNs: at * S,
  oid: 7,
  cloid,
  state,
  known: null,
});

const turnedUp = (at: number, sentS: number): LogEntry => ({
  type: 'order-turned-up',
  atNs: at * S,
  cloid: 9,
  oid: 7,
  sentNs: sentS * S,
});
/** A post that is given up after 500 ms. */
const silent = (at: number): LogEntry => ({ type: 'request-timeout', atNs: at * S, id: 1, ageNs: S / 2 });

describe('step 1.4', () => {
  it.each([
    ['nothing', [], 'ok'],
    ['given up, and never seen again', [audit(10, { pending: 3 })], 'handled'],
    ['given up, and found at the exchange later', [audit(10, { pending: 3 }), turnedUp(40, 4)], 'cause'],
    [
      'given up, and on its way as posts fell silent',
      [silent(5), audit(10, { pending: 3 }), turnedUp(40, 4.9)],
      'handled',
    ],
    ['given up, and sent when they were silent', [silent(5), audit(10, { pending: 3 }), turnedUp(40, 5)], 'cause'],
    ['a stuck cancel that the exchange has not carried out', [audit(40, { stuck: 1 })], 'handled'],
    ['a stuck cancel that it has', [audit(40, { stuck: 1 }), recovery(40.2, 0, 1)], 'cause'],
    ['what a reconnect finds', [recovery(40, 3, 3)], 'ok'],
    ['a foreign order that is cancelled', [orphan(10, 'candidate'), orphan(16, 'cancelled')], 'handled'],
    ['one that its owner takes back', [orphan(10, 'candidate'), orphan(22, 'gone')], 'handled'],
    ['one that nobody cancels', [orphan(10, 'candidate'), orphan(40, 'gone')], 'cause'],
    ['one that stands to the end', [orphan(10, 'candidate')], 'cause'],
    ['one that came just before it', [orphan(110, 'candidate')], 'handled'],
    [
      'orders under another CLOID',
      [audit(10, { pending: 1 }), orphan(6, 'candidate', 99), orphan(12, 'cancelled')],
      'cause',
    ],
  ] as const)('%s', (_name, entries, status) => {
    expect(look(orderLifecycle, entries).status).toBe(status);
  });
});

const refused = (at: number, error: string): LogEntry => ({
  type: 'order-rejected',
  atNs: at * S,
  cloid: 1,
  side: BID,
  error,
});
const account = (at: number, equityUsd: number, availableUsd: number, formerAvailableUsd: number): LogEntry => ({
  type: 'margin',
  atNs: at * S,
  equityUsd,
  usedUsd: equityUsd - availableUsd,
  availableUsd,
  formerAvailableUsd,
});
const leverage = (at: number, value: number): LogEntry => ({
  type: 'leverage',
  atNs: at * S,
  instrument: 0,
  mode: 'Cross',
  leverage: value,
  maxLeverage: value,
});
const SHORT = 'Insufficient margin to place order. asset=0';

describe('step 1.5', () => {
  it.each([
    ['nothing', [], 'ok'],
    ['refusals for a moment', [refused(10, SHORT), refused(12, SHORT)], 'suspect'],
    ['refusals that go on', [refused(10, SHORT), refused(16, SHORT)], 'cause'],
    [
      'post-only refusals',
      [refused(10, 'Post only order would have immediately matched.'), refused(30, 'Post only')],
      'ok',
    ],
    ['the wrong margin mode', [refused(10, 'Cross margin is not allowed for this asset.')], 'cause'],
    ['an account that trades', [account(10, 1_000, 700, 1_000), account(20, 990, 400, 700)], 'ok'],
    ['equity that is withdrawn', [account(10, 200, 200, 1_000)], 'handled'],
    ['too little for an order', [account(10, 2, 2, 1_000), account(19, 1_000, 1_000, 2)], 'cause'],
    ['the same for a moment', [account(10, 2, 2, 1_000), account(17, 1_000, 1_000, 2)], 'handled'],
    ['leverage as it is set at the start', [risk(0), leverage(0.3, 40), leverage(0.4, 3)], 'ok'],
    ['leverage that is cut', [risk(0), leverage(0.3, 3), leverage(60, 1)], 'handled'],
    ['leverage that is raised', [risk(0), leverage(0.3, 3), leverage(60, 5)], 'ok'],
  ] as const)('%s', (_name, entries, status) => {
    expect(look(margin, entries).status).toBe(status);
  });
});
