import { describe, expect, it } from 'vitest';
import type { CycleStage, LogEntry } from '../../../core/evidence.ts';
import { latencyMetrics, METRIC, METRICS } from '../../../core/infra/metrics/fields.ts';
import { diagnose } from '../../../reports/diagnosis/diagnose.ts';

const S = 1_000_000_000;
const STAGES: Readonly<Record<CycleStage, number>> = {
  warmup: 4,
  estimator: 3,
  risk: 5,
  strategy: 51,
  ladder: 45,
  reconcile: 65,
  execute: 38,
};

/** A cycle in its usual proportions, so many times as slow. */
const cycle = (factor: number, slowCycles: number, changes: object = {}, at = 50): LogEntry => ({
  type: 'quote-cycle-slow',
  atNs: at * S,
  level: 'warning',
  us: 211 * factor,
  slowCycles,
  cycles: 30,
  stagesUs: scaled(factor),
  modelUs: 26 * factor,
  levels: 10,
  logUs: 0,
  ...changes,
});

function scaled(factor: number): Record<CycleStage, number> {
  return Object.fromEntries(Object.entries(STAGES).map(([stage, us]) => [stage, us * factor])) as Record<
    CycleStage,
    number
  >;
}

const overflow = (overflows: number, cycles: number, takenBytes = 0): LogEntry => ({
  type: 'arena-overflow',
  atNs: 50 * S,
  usedBytes: 8_382,
  takenBytes,
  capacityBytes: 8_192,
  chunks: 1,
  orderSpecs: 22,
  levels: 10,
  overflows,
  cycles,
});

const lag = (late: number, messages: number, changes: object = {}): LogEntry => ({
  type: 'event-loop-lag',
  atNs: 50 * S,
  waitedUs: 20_000,
  late,
  messages,
  workUs: 21_000,
  busiest: 'trades',
  busiestUs: 20_500,
  ...changes,
});

const roundTrip = (medianUs: number, isSlow = true): LogEntry => ({
  type: 'ws-roundtrip',
  atNs: 50 * S,
  isSlow,
  medianUs,
  samples: 12,
});

const fits = (count: number, everyS: number): LogEntry[] =>
  Array.from({ length: count }, (_, at) => ({
    type: 'recalibration',
    atNs: (40 + at * everyS) * S,
    model: 'hmm',
    units: 100,
  }));

function statuses(entries: readonly LogEntry[], set: Readonly<Record<number, number>> = {}): Record<string, string> {
  const metrics = new Float64Array(METRICS.length);
  for (const [index, value] of Object.entries(set)) metrics[Number(index)] = value;
  const findings = diagnose({ entries, metrics, endNs: 120 * S }).filter(({ step }) => step.startsWith('4.'));
  for (const { status, firstEvidenceNs, resolution } of findings) {
    if (status === 'ok') continue;
    expect(resolution).toBeDefined();
    if (entries.length > 0) expect(firstEvidenceNs).toBeGreaterThanOrEqual(40 * S);
  }
  return Object.fromEntries(findings.filter(({ status }) => status !== 'ok').map(({ step, status }) => [step, status]));
}

describe('the chain of high latency', () => {
  it('finds nothing where nothing is', () => {
    expect(statuses([])).toEqual({});
  });

  it.each([
    ['two slow cycles are outliers', [cycle(6, 2)], { '4.1': 'suspect' }],
    ['three are not', [cycle(6, 3)], { '4.1': 'cause' }],
    ['unless they are one in a hundred', [cycle(6, 3, { cycles: 300 })], { '4.1': 'suspect' }],
    ['nor is a machine that is slow as a whole', [cycle(40, 20)], { '4.1': 'cause' }],
    ['cycles that are over', [cycle(1, 0, { level: 'normal' })], {}],
  ])('4.1: %s', (_, entries, found) => {
    expect(statuses(entries)).toEqual(found);
  });

  it('4.1: slow cycles with many levels, whose models are slow in proportion', () => {
    const stagesUs = { ...scaled(1), strategy: 160, ladder: 325, reconcile: 485 };
    expect(statuses([cycle(5, 20, { us: 1_100, levels: 80, modelUs: 131, stagesUs })])).toEqual({ '4.1': 'cause' });
  });

  it.each([
    ['one cycle in twenty', [overflow(1, 20)], 'cause'],
    ['fewer', [overflow(1, 21)], 'handled'],
    ['all of too few to say', [overflow(19, 19)], 'handled'],
  ])('4.2: %s', (_, entries, status) => {
    expect(statuses(entries)).toEqual({ '4.2': status });
  });

  it('4.2: tells what takes the room', () => {
    const metrics = new Float64Array(METRICS.length);
    const [finding] = diagnose({ entries: [overflow(10, 30, 2_460)], metrics, endNs: 120 * S });
    expect(finding.evidence[0]).toContain('beside 2460 that something else had taken');
    expect(finding.resolution).toContain('Something else lives in the arena');
  });

  it.each([
    ['one message in a hundred may be late', [lag(1, 100)], 'handled'],
    ['more may not', [lag(2, 100)], 'cause'],
    ['whoever held the loop', [lag(20, 100, { busiestUs: 200, workUs: 300 })], 'cause'],
    ['but the cycles are another step', [lag(20, 100, { busiest: 'quoteCycle' })], 'handled'],
  ])('4.3: %s', (_, entries, status) => {
    expect(statuses(entries)['4.3']).toBe(status);
  });

  it('4.3: a stage that takes nearly all of a cycle waits, and so does a cycle that writes its log', () => {
    const stagesUs = { ...scaled(1), execute: 25_000 };
    expect(statuses([cycle(1, 5, { us: 25_200, stagesUs })])).toEqual({ '4.3': 'cause', '4.1': 'suspect' });
    const logged = { us: 4_200, stagesUs: { ...scaled(1), strategy: 4_050 }, modelUs: 4_026, logUs: 4_000 };
    expect(statuses([cycle(1, 5, logged)])).toEqual({ '4.3': 'cause', '4.1': 'suspect' });
  });

  it.each([
    ['a median over 200 ms', [roundTrip(290_000)], { '4.4': 'cause' }],
    ['one that is back', [roundTrip(100_000, false)], {}],
  ])('4.4: %s', (_, entries, found) => {
    expect(statuses(entries)).toEqual(found);
  });

  it('4.4: knows that the fast preset is the default', () => {
    const metrics = new Float64Array(METRICS.length);
    const [finding] = diagnose({ entries: [roundTrip(690_000)], metrics, endNs: 120 * S });
    expect(finding.resolution).toContain('WsPostConfig::fast()');
  });

  it('4.5: models that take half of a cycle, or a millisecond for too many levels', () => {
    const half = { us: 2_000, modelUs: 1_000, stagesUs: { ...scaled(1), strategy: 1_100 } };
    expect(statuses([cycle(1, 5, half)])).toEqual({ '4.5': 'cause', '4.1': 'suspect' });
    const many = {
      us: 12_300,
      modelUs: 3_012,
      levels: 2_000,
      stagesUs: { ...scaled(1), strategy: 3_040, ladder: 8_005 },
    };
    expect(statuses([cycle(1, 5, many)])).toEqual({ '4.5': 'cause', '4.1': 'suspect' });
  });

  it('4.5: fits that come again and again are not by their schedule', () => {
    expect(statuses(fits(5, 1))).toEqual({ '4.5': 'handled' });
    expect(statuses(fits(5, 3))).toEqual({});
  });

  it('4.5: quotes that are shifted towards the expected move', () => {
    expect(statuses([], { [METRIC.expectedDriftBps]: 1, [METRIC.predictiveSkewBps]: 0.2 })).toEqual({ '4.5': 'cause' });
    expect(statuses([], { [METRIC.expectedDriftBps]: 1, [METRIC.predictiveSkewBps]: -0.2 })).toEqual({});
  });

  it('4.1: latencies that nobody measures', () => {
    expect(statuses([], { [METRIC.quoteCycles]: 20 })).toEqual({ '4.1': 'cause' });
    expect(statuses([], { [METRIC.quoteCycles]: 19 })).toEqual({});
    const { p50, p99, max } = latencyMetrics('wsRoundtrip');
    const constant = { [METRIC.ordersPlaced]: 20, [p50]: 50_000, [p99]: 50_000, [max]: 50_000 };
    expect(statuses([], constant)).toEqual({ '4.1': 'cause' });
    expect(statuses([], { ...constant, [max]: 50_001 })).toEqual({});
  });
});
