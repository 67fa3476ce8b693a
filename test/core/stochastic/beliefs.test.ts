import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { DEFAULT_BELIEFS, MarketBeliefs } from '../../../core/stochastic/beliefs.ts';
import { ChangePoint } from '../../../core/stochastic/change-point.ts';
import { DriftPosterior } from '../../../core/stochastic/drift-posterior.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import { draws } from '../../support/draws.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';
import { normals } from './normals.ts';

const SIGMA = 0.0001;
const SAMPLE_NS = milliseconds(500);

function made(): { beliefs: MarketBeliefs; logs: LogEntry[] } {
  const logs: LogEntry[] = [];
  return { beliefs: new MarketBeliefs(DEFAULT_BELIEFS, entry => logs.push(entry)), logs };
}

/** A mid that goes by these returns, in units of their volatility; returns the time of the last. */
function walk(beliefs: MarketBeliefs, deviations: readonly number[], fromNs = 0, midFrom = 1_000_000): number {
  let mid = midFrom;
  let nowNs = fromNs;
  beliefs.onMid(mid, SIGMA, nowNs);
  for (const z of deviations) {
    nowNs += SAMPLE_NS;
    mid *= 1 + z * SIGMA * Math.sqrt(0.5);
    beliefs.onMid(mid, SIGMA, nowNs);
  }
  return nowNs;
}

describe('drift', () => {
  it('follows the conjugate update', () => {
    const drift = new DriftPosterior();
    drift.observe(0.001, seconds(4));
    const x = 0.0005;
    expect(drift.mean).toBeCloseTo(x / 2, 15);
    const scale = 0.0001 + (0.5 * x * x) / 2;
    expect(drift.variance).toBeCloseTo(scale / 1.5, 15);
    expect(drift.meanVariance).toBeCloseTo(scale / (2 * 1.5), 15);
  });

  it('leaves out returns over 10 ms and less', () => {
    const drift = new DriftPosterior();
    expect(drift.observe(0.001, milliseconds(10))).toBe(false);
    expect(drift.observe(0.001, milliseconds(10) + 1)).toBe(true);
    expect(drift.observations).toBe(1);
  });

  it('grows sure of a steady drift, and has no confidence in none', () => {
    const drift = new DriftPosterior();
    expect(drift.confidence).toBe(0);
    for (let i = 0; i < 200; i++) drift.observe(0.0005, seconds(1));
    expect(drift.mean).toBeGreaterThan(0);
    expect(drift.confidence).toBeGreaterThan(0.8);
    drift.soften(1);
    expect(drift.mean).toBe(0);
    expect(drift.variance).toBeCloseTo(0.0001, 12);
  });
});

describe('change-point', () => {
  it('does not see one in the first ticks (incident I-39), nor in steady noise', () => {
    const change = new ChangePoint(0.7);
    expect(change.probability).toBeLessThan(0.15);
    let confirmed = 0;
    for (const z of normals(1, 3_000)) if (change.observe(z)) confirmed++;
    expect(confirmed).toBeLessThanOrEqual(1);
  });

  it('confirms a new market, and not a single leap', () => {
    const change = new ChangePoint(0.7);
    for (const z of normals(2, 200)) change.observe(z);
    expect(change.observe(8)).toBe(false);
    let leaps = 0;
    for (const z of normals(3, 100)) if (change.observe(z)) leaps++;
    expect(leaps).toBe(0);
    const after: boolean[] = [];
    for (const z of normals(4, 20)) after.push(change.observe(z + 5));
    expect(after.indexOf(true)).toBeGreaterThanOrEqual(2);
  });

  it('is a probability, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 300 }), returns => {
        const change = new ChangePoint(0.7);
        for (const z of returns) {
          change.observe(z);
          expect(change.probability).toBeGreaterThanOrEqual(0);
          expect(change.probability).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      draws(1, 100),
    );
  });
});

describe('market beliefs', () => {
  it('begin with the prior of the four regimes', () => {
    const { beliefs } = made();
    expect([...beliefs.regimeProbabilities]).toEqual([0.2, 0.5, 0.2, 0.1]);
    expect(beliefs.confidence).toBe(0);
    expect(beliefs.isWarmedUp).toBe(false);
  });

  it('are warm after 50 prices and a warm fill posterior, and never gate before', () => {
    const { beliefs } = made();
    let nowNs = walk(beliefs, normals(5, 49));
    beliefs.onQuoting(true, 5, nowNs);
    nowNs += seconds(61);
    for (let fill = 0; fill < 10; fill++) beliefs.onOwnFill(nowNs);
    expect(beliefs.fillIntensity.isWarmedUp).toBe(true);
    expect(beliefs.observations).toBe(49);
    expect(beliefs.isWarmedUp).toBe(false);
    expect(beliefs.sizeFactor(undefined)).toBe(1);
    beliefs.onMid(1_000_000, SIGMA, nowNs);
    expect(beliefs.isWarmedUp).toBe(true);
  });

  it('count time only while quotes stand', () => {
    const { beliefs } = made();
    beliefs.onQuoting(true, 5, seconds(10));
    beliefs.onQuoting(true, 5, seconds(40));
    beliefs.onQuoting(false, 5, seconds(50));
    beliefs.onQuoting(false, 5, seconds(500));
    expect(beliefs.fillIntensity.exposureNs).toBe(seconds(40));
    beliefs.onQuoting(true, 5, seconds(500));
    beliefs.onOwnFill(seconds(520));
    expect(beliefs.fillIntensity.exposureNs).toBe(seconds(60));
    expect(beliefs.fillIntensity.fills).toBe(1);
  });

  it('are surer the more they have seen of one drift', () => {
    const few = made().beliefs;
    walk(few, new Array(9).fill(2));
    const many = made().beliefs;
    walk(many, new Array(100).fill(2));
    expect(many.confidence).toBeGreaterThan(few.confidence);
    expect(many.drift).toBeGreaterThan(0);
    expect(few.driftTrust === 0 || few.driftTrust === few.confidence).toBe(true);
    expect(many.driftTrust).toBe(many.confidence);
  });

  it('do not take one leap for a drift', () => {
    const [leap, none] = [made().beliefs, made().beliefs];
    walk(leap, [...normals(9, 100), 500]);
    walk(none, [...normals(9, 100), 4]);
    expect(leap.drift).toBeCloseTo(none.drift, 12);
  });

  it('do not lean on a drift that they are not sure of', () => {
    const { beliefs } = made();
    walk(beliefs, [1, -1, 1, -1]);
    expect(beliefs.confidence).toBeLessThan(0.3);
    expect(beliefs.driftTrust).toBe(0);
  });

  it('let go in part when the market becomes another one', () => {
    const { beliefs, logs } = made();
    const calmEndNs = walk(beliefs, normals(6, 300));
    expect(logs).toEqual([]);
    walk(beliefs, new Array(10).fill(6), calmEndNs);
    expect(beliefs.changes).toBe(1);
    expect(logs).toMatchObject([{ type: 'change-point', changes: 1 }]);
    // And not again before five minutes have passed (incident I-22).
    const changedNs = logs[0].atNs;
    const swings = Array.from({ length: 1_000 }, (_, i) => (Math.floor(i / 40) % 2 === 0 ? 5 : -5));
    walk(beliefs, swings, calmEndNs + seconds(5));
    expect(logs.length).toBeGreaterThan(1);
    expect(logs[1].atNs - changedNs).toBeGreaterThanOrEqual(seconds(300));
  });

  it('cut sizes only by what this session measured', () => {
    const { beliefs } = made();
    expect(beliefs.sizeFactor(1)).toBe(1);
    beliefs.onQuoting(true, 5, 0);
    for (let fill = 0; fill < 10; fill++) beliefs.onOwnFill(seconds(61));
    expect(beliefs.sizeFactor(undefined)).toBe(1);
    expect(beliefs.sizeFactor(0.5)).toBe(1);
    expect(beliefs.sizeFactor(0.6)).toBeCloseTo(0.8, 12);
    expect(beliefs.sizeFactor(1)).toBe(0.3);
  });

  it('go on from a snapshot as they would have', () => {
    const { beliefs } = made();
    const nowNs = walk(beliefs, normals(7, 700));
    beliefs.onQuoting(true, 4, nowNs);
    const copy = made().beliefs;
    copy.restore(decodeState(encodeState(beliefs.snapshot())));
    for (const each of [beliefs, copy]) {
      walk(each, normals(8, 50), nowNs);
      each.onOwnFill(nowNs + seconds(30));
      each.recalibrate(nowNs);
    }
    expect(copy.snapshot()).toEqual(beliefs.snapshot());
  });
});
