import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID } from '../../../../core/market.ts';
import {
  DEFAULT_POSITION_VELOCITY,
  PositionVelocityMonitor,
} from '../../../../core/risk/monitors/position-velocity.ts';
import { NS_PER_S } from '../../../../core/scale.ts';
import { draws } from '../../../support/draws.ts';
import { riskInput } from './inputs.ts';

const fresh = () => new PositionVelocityMonitor(DEFAULT_POSITION_VELOCITY);

/** A position of so many lots of $1, of a maximum of $1,000. */
const holding = (positionLots: number, nowNs: number) => riskInput({ nowNs, positionLots, positionUsd: positionLots });

describe('growth within a minute, as a share of the maximum', () => {
  it.each([
    [200, 'None', 1],
    [201, 'WidenSpreads', 1.505],
    [350, 'WidenSpreads', 2.25],
    [500, 'WidenSpreads', 3],
    [501, 'PullSide', 1.5],
    [1_000, 'PullSide', 1.5],
    [1_001, 'PullSide', 1.5],
  ])('%d of 1,000, long or short: %s', (lots, action, spreadFactor) => {
    for (const sign of [1, -1]) {
      const monitor = fresh();
      monitor.evaluate(holding(0, 0));
      const answer = monitor.evaluate(holding(sign * lots, NS_PER_S));
      expect(answer.action).toBe(action);
      expect(answer.spreadFactor).toBeCloseTo(spreadFactor, 12);
      expect(answer.side).toBe(action === 'PullSide' ? (sign > 0 ? BID : ASK) : null);
      expect(answer.severity === 'Critical').toBe(lots > 1_000);
    }
  });

  it('kills over the whole maximum only where it was told to', () => {
    const monitor = new PositionVelocityMonitor({ ...DEFAULT_POSITION_VELOCITY, kills: true });
    monitor.evaluate(holding(0, 0));
    expect(monitor.evaluate(holding(1_000, 1)).action).toBe('PullSide');
    expect(monitor.evaluate(holding(1_001, 2)).killReason).toBe('PositionVelocity');
  });

  it('counts to the end of the minute and not after it', () => {
    const monitor = fresh();
    monitor.evaluate(holding(0, 0));
    monitor.evaluate(holding(600, NS_PER_S));
    expect(monitor.evaluate(holding(600, 61 * NS_PER_S)).spreadFactor).toBe(3);
    expect(monitor.evaluate(holding(600, 61 * NS_PER_S + 1)).action).toBe('None');
  });

  it('pulls the growing side until the position has not grown for 5 s, then widens as far as it may', () => {
    const monitor = fresh();
    monitor.evaluate(holding(0, 0));
    monitor.evaluate(holding(600, NS_PER_S));
    monitor.evaluate(holding(550, 2 * NS_PER_S));
    expect(monitor.evaluate(holding(550, 6 * NS_PER_S - 1)).action).toBe('PullSide');
    expect(monitor.evaluate(holding(550, 6 * NS_PER_S))).toMatchObject({ action: 'WidenSpreads', spreadFactor: 3 });
    expect(monitor.evaluate(holding(551, 7 * NS_PER_S)).action).toBe('PullSide');
  });

  it('is none where the position shrinks, and begins at zero where it changes its sign', () => {
    const monitor = fresh();
    monitor.evaluate(holding(900, 0));
    monitor.evaluate(holding(900, 70 * NS_PER_S));
    expect(monitor.evaluate(holding(100, 71 * NS_PER_S)).action).toBe('None');
    expect(monitor.evaluate(holding(-150, 72 * NS_PER_S)).action).toBe('None');
    expect(monitor.evaluate(holding(-201, 73 * NS_PER_S)).action).toBe('WidenSpreads');
  });
});

it('is what a plain search of the window finds, and goes on after a restore', () => {
  const step = fc.record({ lots: fc.integer({ min: -1_500, max: 1_500 }), waitS: fc.integer({ min: 0, max: 40 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      let monitor = fresh();
      // The position from each time on.
      const history: { ns: number; lots: number }[] = [{ ns: 0, lots: 0 }];
      let nowNs = 0;
      let grownNs = 0;
      for (const { lots, waitS } of steps) {
        nowNs += waitS * NS_PER_S;
        const before = history[history.length - 1].lots;
        if (before * lots < 0 || Math.abs(lots) > Math.abs(before)) grownNs = nowNs;
        if (before * lots < 0) history.push({ ns: nowNs, lots: 0 });
        history.push({ ns: nowNs, lots });
        let smallest = Math.abs(lots);
        for (const [index, { lots: held }] of history.entries()) {
          const endNs = history[index + 1]?.ns ?? nowNs;
          if (endNs >= nowNs - 60 * NS_PER_S) smallest = Math.min(smallest, Math.abs(held));
        }
        const growth = (Math.abs(lots) - smallest) / 1_000;
        const isGrowing = nowNs - grownNs < 5 * NS_PER_S;
        const expected = growth > 0.5 && isGrowing ? 'PullSide' : growth > 0.2 ? 'WidenSpreads' : 'None';
        expect(monitor.evaluate(holding(lots, nowNs)).action).toBe(expected);
        const next = fresh();
        next.restore(structuredClone(monitor.snapshot()));
        monitor = next;
      }
    }),
    draws(1, 200),
  );
});
