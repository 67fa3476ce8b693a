import { describe, expect, it } from 'vitest';
import {
  DEFAULT_POSITION_CONTROL,
  growthLots,
  isCleared,
  mustCancelGrowing,
  PositionControl,
  usedShare,
} from '../../../core/risk/position-control.ts';
import { KeptLog } from '../infra/frames.ts';
import { riskInput } from './monitors/inputs.ts';

const config = DEFAULT_POSITION_CONTROL;
const MAX_LOTS = 10_000;

describe('room to grow, of a maximum of 10,000 lots', () => {
  it.each([
    [0, 10_000],
    [4_999, 5_001],
    [5_000, 2_500],
    [6_999, 1_500],
    [7_000, 1_500],
    [7_001, 1_498],
    [8_001, 499],
    [8_999, 0],
    [9_000, 0],
    [10_000, 0],
    [30_000, 0],
  ])('of %d lots, long or short: %d', (lots, room) => {
    expect(growthLots(config, lots, MAX_LOTS)).toBe(room);
    expect(growthLots(config, -lots, MAX_LOTS)).toBe(room);
  });

  it('is none from 90 % on, and from 95 % on what rests is cancelled at once', () => {
    expect(isCleared(config, 8_999, MAX_LOTS)).toBe(false);
    expect(isCleared(config, -9_000, MAX_LOTS)).toBe(true);
    expect(mustCancelGrowing(config, 9_499, MAX_LOTS)).toBe(false);
    expect(mustCancelGrowing(config, -9_500, MAX_LOTS)).toBe(true);
  });

  it('is none where nothing is allowed', () => {
    expect(usedShare(0, 0)).toBe(0);
    expect(usedShare(1, 0)).toBe(Infinity);
    expect(growthLots(config, 0, 0)).toBe(0);
    expect(isCleared(config, 1, 0)).toBe(true);
  });
});

describe('zones', () => {
  it.each([
    [499.9, 'green', 0],
    [500, 'yellow', 0],
    [650, 'yellow', 5],
    [799.9, 'yellow', 10],
    [800, 'red', 15],
    [999.9, 'red', 15],
    [1_000, 'kill', 25],
    [5_000, 'kill', 25],
  ])('a position of $%d of $1,000: %s, quotes lean away by %d bps', (usd, zone, skewBps) => {
    for (const sign of [1, -1]) {
      const control = new PositionControl(config, new KeptLog().write);
      const answer = control.evaluate(riskInput({ positionUsd: sign * usd, positionLots: sign * 10 }));
      expect(control.zone).toBe(zone);
      expect(answer.skewBps).toBe(skewBps === 0 ? 0 : sign * skewBps);
      expect(answer.action).toBe(skewBps === 0 ? 'None' : 'SkewAway');
    }
  });

  it('are told when they change, not again after a restore', () => {
    const log = new KeptLog();
    const one = new PositionControl(config, log.write);
    one.evaluate(riskInput({ positionUsd: 850, positionLots: 10, nowNs: 1 }));
    const two = new PositionControl(config, log.write);
    two.restore(structuredClone(one.snapshot()));
    two.evaluate(riskInput({ positionUsd: 860, positionLots: 10, nowNs: 2 }));
    two.evaluate(riskInput({ nowNs: 3 }));
    expect(log.of('position-zone')).toEqual([
      { type: 'position-zone', atNs: 1, zone: 'red', usedShare: 0.85 },
      { type: 'position-zone', atNs: 3, zone: 'green', usedShare: 0 },
    ]);
  });
});
