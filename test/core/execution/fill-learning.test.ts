import { describe, expect, it } from 'vitest';
import { DEFAULT_KAPPA, Kappa } from '../../../core/estimator/kappa.ts';
import { FillLearning } from '../../../core/execution/fill-learning.ts';
import { DEFAULT_FILL_TRACKER, FillTracker } from '../../../core/execution/fill-tracker.ts';
import { PlacementLog } from '../../../core/execution/placement-log.ts';
import { DEFAULT_BELIEFS, MarketBeliefs } from '../../../core/stochastic/beliefs.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';
import { fillOf } from './orders.ts';

function made() {
  const placements = new PlacementLog();
  const kappa = new Kappa(DEFAULT_KAPPA);
  const beliefs = new MarketBeliefs(DEFAULT_BELIEFS, () => {});
  const tracker = new FillTracker(DEFAULT_FILL_TRACKER);
  return { placements, kappa, beliefs, tracker, learning: new FillLearning(placements, kappa, beliefs, tracker) };
}

describe('an own fill', () => {
  it('reaches kappa, the beliefs and the tracker once each (L20)', () => {
    const { placements, kappa, beliefs, tracker, learning } = made();
    placements.placed(7, 10_008, 30, 0);
    for (let tid = 1; tid <= 5; tid++) {
      const fill = fillOf({ tid, cloid: 7, priceTicks: 10_000, exchNs: seconds(1) });
      learning.onFill(fill, seconds(1) + milliseconds(12));
      expect(beliefs.fillIntensity.fills).toBe(tid);
      expect(tracker.fills).toBe(tid);
      expect(kappa.isWarmingUp).toBe(tid < 5);
    }
    expect(tracker.records()[0]).toMatchObject({
      queuePositionLots: 30,
      midAtPlacementTicks: 10_008,
      latencyMs: 12,
      priceAfter1s: undefined,
    });
  });

  it('of an order that was not placed here teaches kappa nothing', () => {
    const { kappa, tracker, learning } = made();
    for (let tid = 1; tid <= 20; tid++) learning.onFill(fillOf({ tid, cloid: 0 }), seconds(1));
    expect(kappa.isWarmingUp).toBe(true);
    expect(tracker.fills).toBe(20);
    expect(tracker.records()[0].midAtPlacementTicks).toBeUndefined();
  });
});

describe('placements', () => {
  it('are known for the newest 4,096 orders', () => {
    const placements = new PlacementLog();
    for (let cloid = 1; cloid <= 4_097; cloid++) placements.placed(cloid, 100 + cloid, cloid, cloid);
    expect(placements.find(1)).toBeNull();
    expect(placements.find(2)).toEqual({ midTicks: 102, queueAheadLots: 2, placedNs: 2 });
    expect(placements.find(4_097)?.midTicks).toBe(4_197);
    expect(placements.find(0)).toBeNull();
    const copy = new PlacementLog();
    copy.restore(placements.snapshot());
    expect(copy.find(4_097)).toEqual(placements.find(4_097));
    expect(new PlacementLog().find(5)).toBeNull();
  });
});
