import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Severity } from '../../../core/evidence.ts';
import { ASK, BID } from '../../../core/market.ts';
import { RiskAggregator } from '../../../core/risk/aggregator.ts';
import {
  assessment,
  kill,
  NO_RISK,
  pullSide,
  RISK_ACTIONS,
  type RiskActionType,
  type RiskAssessment,
  type RiskMonitor,
  skewAway,
} from '../../../core/risk/monitor.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from '../infra/frames.ts';
import { riskInput } from './monitors/inputs.ts';

/** An answer of an action; what belongs to it besides is drawn from `draw`. */
function answerOf(action: RiskActionType, severity: Severity, draw: number): RiskAssessment {
  if (action === 'None') return NO_RISK;
  if (action === 'Kill') return kill(draw % 2 === 0 ? 'MaxLoss' : 'MaxDrawdown');
  if (action === 'PullSide') return pullSide(severity, draw % 2 === 0 ? BID : ASK);
  if (action === 'SkewAway') return skewAway(severity, draw - 5);
  return assessment(severity, action);
}

/** A monitor that says what it is told to. */
class Told implements RiskMonitor {
  answer: RiskAssessment = NO_RISK;
  readonly name: string;
  readonly priority: number;

  constructor(name: string, priority: number) {
    this.name = name;
    this.priority = priority;
  }

  evaluate(): RiskAssessment {
    return this.answer;
  }

  snapshot(): unknown {
    return this.name;
  }

  restore(state: unknown): void {
    expect(state).toBe(this.name);
  }
}

function fresh() {
  const late = new Told('late', 30);
  const first = new Told('first', 10);
  const second = new Told('second', 10);
  const log = new KeptLog();
  return { late, first, second, log, aggregator: new RiskAggregator([late, first, second], log.write) };
}

describe('what the monitors say together', () => {
  it('is calm while all are', () => {
    const { aggregator, log } = fresh();
    expect(aggregator.aggregate(riskInput())).toEqual({
      pullQuotes: false,
      reduceOnly: false,
      pulledSides: [false, false],
      spreadFactor: 1,
      skewBps: 0,
      sizeFactor: 1,
      kill: false,
      killReasons: [],
      maxSeverity: 'None',
      primaryAction: 'None',
      triggered: [],
      pulledBy: [],
    });
    expect(log.entries).toEqual([]);
  });

  it('is the worst severity, the widest spread, the smallest size and every flag', () => {
    const { aggregator, late, first, second } = fresh();
    late.answer = assessment('Critical', 'ReduceOnly');
    first.answer = assessment('Medium', 'WidenSpreads', 3);
    second.answer = assessment('Low', 'Warn');
    expect(aggregator.aggregate(riskInput())).toMatchObject({
      pullQuotes: false,
      reduceOnly: true,
      primaryAction: 'ReduceOnly',
      spreadFactor: 3,
      sizeFactor: 0.5,
      maxSeverity: 'Critical',
      triggered: ['first', 'second', 'late'],
    });
    second.answer = assessment('High', 'PullQuotes');
    expect(aggregator.aggregate(riskInput())).toMatchObject({
      pullQuotes: true,
      reduceOnly: true,
      sizeFactor: 0,
    });
  });

  it('sums the shifts, pulls each side that any pulls, and kills for every reason once', () => {
    const { aggregator, late, first, second } = fresh();
    late.answer = skewAway('Low', 4);
    first.answer = skewAway('Medium', -1.5);
    second.answer = pullSide('High', ASK);
    expect(aggregator.aggregate(riskInput())).toMatchObject({
      skewBps: 2.5,
      pulledSides: [false, true],
      pullQuotes: false,
      kill: false,
      primaryAction: 'SkewAway',
    });
    first.answer = kill('MaxLoss');
    second.answer = kill('MaxLoss');
    late.answer = kill('MaxDrawdown');
    expect(aggregator.aggregate(riskInput())).toMatchObject({
      kill: true,
      killReasons: ['MaxLoss', 'MaxDrawdown'],
      pullQuotes: true,
      sizeFactor: 0,
      maxSeverity: 'Critical',
      primaryAction: 'Kill',
    });
  });

  it('does not depend on the order in which they are given', () => {
    const answer = fc.record({
      action: fc.constantFrom(...RISK_ACTIONS),
      severity: fc.constantFrom<Severity>('Low', 'Medium', 'High', 'Critical'),
      draw: fc.nat(10),
    });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 6 }), answers => {
        const monitors = answers.map(({ action, severity, draw }, index) => {
          const monitor = new Told(`m${index}`, index);
          monitor.answer = answerOf(action, severity, draw);
          return monitor;
        });
        const log = new KeptLog();
        const risk = new RiskAggregator(monitors, log.write).aggregate(riskInput());
        expect(new RiskAggregator(monitors.slice().reverse(), log.write).aggregate(riskInput())).toEqual(risk);
        expect(risk.pullQuotes).toBe(answers.some(({ action }) => action === 'PullQuotes' || action === 'Kill'));
        expect(risk.kill).toBe(answers.some(({ action }) => action === 'Kill'));
        expect(risk.pulledSides.includes(true)).toBe(answers.some(({ action }) => action === 'PullSide'));
        expect(risk.reduceOnly).toBe(answers.some(({ action }) => action === 'ReduceOnly'));
        expect(risk.spreadFactor).toBeGreaterThanOrEqual(1);
        expect(risk.sizeFactor).toBeLessThanOrEqual(1);
      }),
      draws(1, 200),
    );
  });
});

it('logs what changed, once, and hands out one object while nothing does', () => {
  const { aggregator, first, log } = fresh();
  first.answer = assessment('High', 'PullQuotes');
  const risk = aggregator.aggregate(riskInput({ nowNs: 1 }));
  first.answer = assessment('High', 'PullQuotes');
  expect(aggregator.aggregate(riskInput({ nowNs: 2 }))).toBe(risk);
  first.answer = NO_RISK;
  aggregator.aggregate(riskInput({ nowNs: 3 }));
  expect(log.of('risk')).toEqual([
    {
      type: 'risk',
      atNs: 1,
      pullQuotes: true,
      spreadFactor: 1,
      reduceOnly: false,
      maxSeverity: 'High',
      monitors: ['first'],
      pulledBy: ['first'],
    },
    {
      type: 'risk',
      atNs: 3,
      pullQuotes: false,
      spreadFactor: 1,
      reduceOnly: false,
      maxSeverity: 'None',
      monitors: [],
      pulledBy: [],
    },
  ]);
});

it('comes back from a snapshot without saying anything twice', () => {
  const one = fresh();
  one.first.answer = assessment('Medium', 'WidenSpreads', 1.5);
  const risk = one.aggregator.aggregate(riskInput());
  const two = fresh();
  two.first.answer = one.first.answer;
  two.aggregator.restore(structuredClone(one.aggregator.snapshot()));
  expect(two.aggregator.aggregate(riskInput())).toEqual(risk);
  expect(two.log.entries).toEqual([]);
});
