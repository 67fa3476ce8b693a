/**
 * The staircase of the playbook matrix: a gap in the market feeds, counted from the last delivered frame, is met by cautious
 * quoting over 5 s, a recommended reconnect at the second reading over 10 s, a shut gate over 15 s and stale data over 30 s,
 * by parts that know nothing of each other and are all driven by one check a second.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConnectionSupervisor, DEFAULT_SUPERVISOR } from '../../../core/infra/connection-supervisor.ts';
import { DataQuality, DEFAULT_DATA_QUALITY } from '../../../core/infra/data-quality.ts';
import { FEEDS } from '../../../core/market.ts';
import { RiskAggregator } from '../../../core/risk/aggregator.ts';
import { DataStalenessMonitor, DEFAULT_DATA_STALENESS } from '../../../core/risk/monitors/data-staleness.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { riskInput } from '../risk/monitors/inputs.ts';
import { bookFrame, KeptLog } from './frames.ts';

const FRAME_NS = 500 * NS_PER_MS;
const STEPS = ['cautious', 'reconnect', 'gate', 'stale'] as const;

/** The steps that a gap raises, in order, with the timer `phaseNs` after the last frame before the gap. */
function stepsOf(gapNs: number, phaseNs: number): string[] {
  const log = new KeptLog();
  const quality = new DataQuality(DEFAULT_DATA_QUALITY, log.write);
  const supervisor = new ConnectionSupervisor(DEFAULT_SUPERVISOR, FEEDS, () => 0.5, log.write);
  const risk = new RiskAggregator([new DataStalenessMonitor(DEFAULT_DATA_STALENESS)], log.write);

  const frame = bookFrame();
  const deliver = (nowNs: number) => {
    frame.nowNs = nowNs;
    frame.exchNs = nowNs;
    frame.sequence++;
    supervisor.onMarketData('l2Book', nowNs);
    if (quality.checkBook(frame, 10_000)) quality.bookApplied('l2Book', nowNs, 9_999, 10_001);
  };
  const check = (nowNs: number) => {
    quality.check(nowNs);
    supervisor.check(nowNs, 0);
    const { bookCadenceNs } = quality;
    risk.aggregate(riskInput({ nowNs, bookAgeNs: quality.bookAgeNs(nowNs), bookCadenceNs }));
  };

  const lastNs = 20 * NS_PER_S;
  const frames: number[] = [];
  for (let nowNs = 0; nowNs <= lastNs; nowNs += FRAME_NS) frames.push(nowNs);
  for (let nowNs = lastNs + gapNs; nowNs <= lastNs + gapNs + 3 * NS_PER_S; nowNs += FRAME_NS) frames.push(nowNs);
  let timerNs = phaseNs;
  for (const nowNs of frames) {
    for (; timerNs < nowNs; timerNs += NS_PER_S) check(timerNs);
    deliver(nowNs);
  }

  const steps: string[] = [];
  for (const entry of log.entries) {
    if (entry.type === 'risk' && entry.maxSeverity === 'Medium') steps.push('cautious');
    else if (entry.type === 'supervisor' && entry.event === 'ReconnectRecommended') steps.push('reconnect');
    else if (entry.type === 'quote-gate' && entry.reason?.type === 'StaleData') steps.push('gate');
    else if (entry.type === 'anomaly' && entry.anomaly === 'StaleData') steps.push('stale');
  }
  return steps;
}

it.each([
  [4.9, 0],
  [7, 1],
  [12.5, 2],
  [20, 3],
  [40, 4],
])('a gap of %d s raises %d of the four steps, in order, at every phase of the timer', (gapS, count) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: NS_PER_S - 1 }), phaseNs => {
      expect(stepsOf(gapS * NS_PER_S, phaseNs)).toEqual(STEPS.slice(0, count));
    }),
    { ...draws(1, 200), examples: [[0], [1], [NS_PER_S / 2], [NS_PER_S - 1]] },
  );
});
