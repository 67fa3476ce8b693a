import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { METRIC, METRICS } from '../../../core/infra/metrics/fields.ts';
import { ASK, BID } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { diagnose } from '../../../reports/diagnosis/diagnose.ts';

type Fill = Extract<LogEntry, { type: 'fill' }>;

const at = (seconds: number): number => seconds * NS_PER_S;

function fill(seconds: number, over: Partial<Fill> = {}): Fill {
  return {
    type: 'fill',
    atNs: at(seconds),
    tid: Math.round(seconds * 1_000),
    oid: 7,
    side: BID,
    priceTicks: 1_000,
    sizeLots: 10,
    ageNs: at(0.04),
    via: 'stream',
    order: 'Resting',
    ...over,
  };
}

function discrepancy(seconds: number, diffLots: number): LogEntry {
  return {
    type: 'position-discrepancy',
    atNs: at(seconds),
    instrument: 0,
    trigger: 'Timer',
    localLots: 0,
    exchangeLots: diffLots,
    diffLots,
    inFlightFills: 0,
  };
}

const race = (seconds: number, { tid, oid, sizeLots }: Fill): LogEntry => ({
  type: 'cancel-fill-race',
  atNs: at(seconds),
  cloid: 1,
  oid,
  tid,
  sizeLots,
  sinceCancelNs: at(0.1),
  whipsawLots: sizeLots,
});

const orphan = (seconds: number, known: 'Cancelled' | 'Expired' | null): LogEntry => ({
  type: 'orphan-order',
  atNs: at(seconds),
  oid: 7,
  cloid: 1,
  state: 'cancelled',
  known,
});

function audit(seconds: number, over: Partial<Extract<LogEntry, { type: 'safety-audit' }>>): LogEntry {
  return {
    type: 'safety-audit',
    atNs: at(seconds),
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
    ...over,
  };
}

/** Status of the third chain's steps, those that are in order left out. */
function found(entries: readonly LogEntry[], values: Partial<Record<keyof typeof METRIC, number>> = {}) {
  const metrics = new Float64Array(METRICS.length);
  const fills = entries.filter(entry => entry.type === 'fill').length;
  metrics[METRIC.fills] = fills;
  metrics[METRIC.fillsRecorded] = fills;
  metrics[METRIC.fillOutcomes] = fills;
  for (const [key, value] of Object.entries(values)) metrics[METRIC[key as keyof typeof METRIC]] = value;
  const sorted = [...entries].sort((a, b) => a.atNs - b.atNs);
  return diagnose({ entries: sorted, metrics, endNs: at(120) })
    .filter(({ step, status }) => step.startsWith('3.') && status !== 'ok')
    .map(({ step, status }) => `${step} ${status}`);
}

it.each([
  ['stream', 'the stream'],
  ['snapshot', 'a snapshot of fills'],
  ['query', 'the answer to a query'],
] as const)('a duplicate is said to come by what told of it: %s', (via, words) => {
  const entries: LogEntry[] = [fill(50), { type: 'duplicate-fill', atNs: at(51), tid: 50_000, via }];
  const metrics = new Float64Array(METRICS.length);
  const dedup = diagnose({ entries, metrics, endNs: at(120) }).find(({ step }) => step === '3.3');
  expect(dedup?.evidence).toEqual([`duplicate of fill 50000 caught at 51.0 s, told by ${words}`]);
  expect(dedup?.resolution).toContain('Nothing to do');
});

describe('the third chain', () => {
  const raced = fill(50, { order: 'CancelPending' });

  it.each<[string, readonly LogEntry[], readonly string[]]>([
    ['finds nothing in ordinary fills', [fill(50), fill(51, { side: ASK })], []],
    ['nor in fills of one size that the stream tells of after their order', [fill(50, { order: 'Filled' })], []],
    ['takes a race that was booked at once as handled', [raced, race(50, raced)], ['3.2 handled']],
    ['and one second of delay still is', [fill(50, { order: 'CancelConfirmed', ageNs: at(1) })], ['3.2 handled']],
    ['more than that is not', [fill(50, { order: 'CancelConfirmed', ageNs: at(1) + 1 })], ['3.2 cause']],
    [
      'unless all else was held up: the loop',
      [fill(50, { ageNs: at(2) }), { type: 'handler-slow', atNs: at(49), handler: 'timer', us: 900_000 }],
      ['3.2 handled'],
    ],
    [
      'or the link',
      [fill(50, { ageNs: at(2) }), { type: 'request-timeout', atNs: at(49), id: 1, ageNs: at(0.5) }],
      ['3.2 handled'],
    ],
    ['a raced fill that is booked twice', [raced, race(50, raced), discrepancy(55, -10)], ['3.2 cause', '3.4 handled']],
    [
      'an orphan fill that was dropped',
      [{ type: 'orphan-fill', atNs: at(50), tid: 5, oid: 9, sizeLots: 10 }, discrepancy(55, 10)],
      ['3.2 cause', '3.4 handled'],
    ],
    [
      'a duplicate that was caught',
      [fill(50), { type: 'duplicate-fill', atNs: at(51), tid: 50_000, via: 'stream' }],
      ['3.3 handled'],
    ],
    ['one that was booked', [fill(50), fill(51, { tid: 50_000 }), discrepancy(55, -10)], ['3.3 cause', '3.4 handled']],
    [
      'a fill that only a query told of',
      [fill(50, { via: 'query', ageNs: at(7) }), discrepancy(49.9, 10)],
      ['3.4 cause'],
    ],
    [
      'and one that the stream told of after all',
      [
        fill(50, { via: 'query', ageNs: at(3), order: 'Cancelled' }),
        { type: 'duplicate-fill', atNs: at(51), tid: 50_000, via: 'stream' },
      ],
      ['3.2 cause', '3.3 handled'],
    ],
    ['a difference that nothing explains', [discrepancy(55, 3)], ['3.4 cause']],
    [
      'a position set back over a fill',
      [fill(50), { type: 'position-adjusted', atNs: at(52), fromLots: 10, toLots: 0 }],
      ['3.4 cause'],
    ],
    [
      'set to where the older of two fills had ended, during a cancel',
      [
        raced,
        { type: 'position-adjusted', atNs: at(50), fromLots: 10, toLots: 20 },
        { ...raced, tid: 4 },
        { type: 'fill-out-of-order', atNs: at(50), tid: 4, startPositionLots: 0, expectedLots: 20 },
        { type: 'position-adjusted', atNs: at(50), fromLots: 30, toLots: 10 },
        race(50, raced),
        race(50, { ...raced, tid: 4 }),
        discrepancy(58, 10),
      ],
      ['3.4 cause', '3.2 cause'],
    ],
    [
      'an old picture of the position',
      [{ type: 'snapshot-lag', atNs: at(50), request: 'clearinghouseState', isLagging: true, lagNs: at(5) }],
      ['3.4 handled'],
    ],
    [
      'one of the orders',
      [{ type: 'snapshot-lag', atNs: at(50), request: 'openOrders', isLagging: true, lagNs: at(5) }],
      ['3.1 handled'],
    ],
    ['a stale local order that was removed', [audit(50, { staleLocalRemoved: 1 })], ['3.1 handled']],
    ['one that stays', [audit(50, { staleLocalKept: 1 })], ['3.1 cause']],
    ['a cancelled order that still stands', [orphan(50, 'Cancelled')], ['3.1 cause']],
    ['but not one that was given up', [orphan(50, 'Expired')], []],
    ['nor one that is foreign', [orphan(50, null)], []],
    [
      'the rest of an order that was filled during its cancel, and still stands',
      [fill(48, { order: 'Cancelled' }), orphan(50, 'Cancelled')],
      ['3.1 cause', '3.2 cause'],
    ],
    ['but not of one that was given up', [fill(48, { order: 'Expired' }), orphan(50, 'Expired')], ['3.2 handled']],
  ])('%s', (_name, entries, expected) => {
    expect(found(entries)).toEqual(expected);
  });

  it('misses the calls of the fill tracker once enough fills are old enough', () => {
    const fills = (count: number, from: number): Fill[] =>
      Array.from({ length: count }, (_, index) => fill(from + index));
    const none = { fillsRecorded: 0, fillOutcomes: 0 };
    expect(found(fills(5, 50), none)).toEqual(['3.5 cause']);
    expect(found(fills(5, 50), { fillOutcomes: 0 })).toEqual(['3.5 cause']);
    expect(found(fills(4, 50), none)).toEqual(['3.5 suspect']);
    expect(found(fills(4, 117), none)).toEqual([]);
    expect(found(fills(5, 50))).toEqual([]);
  });

  it('sees that kappa learnt from more fills than there were', () => {
    expect(found([fill(50)], { kappaOwnFills: 1 })).toEqual([]);
    expect(found([fill(50)], { kappaOwnFills: 2 })).toEqual(['3.3 cause']);
  });
});
