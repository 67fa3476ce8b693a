import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID, type BySide, SIDES } from '../../../core/market.ts';
import { DEFAULT_LADDER_SWEEP, LadderSweepGuard } from '../../../core/risk/ladder-sweep.ts';
import { DEFAULT_POSITION_CONTROL, growthLots } from '../../../core/risk/position-control.ts';
import { type CapacityBounds, growingSide, sideCapacity } from '../../../core/risk/side-capacity.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from '../infra/frames.ts';

function capacity(change: Partial<CapacityBounds>) {
  const into = { capacityLots: [0, 0] as BySide<number>, closing: false };
  const bounds: CapacityBounds = {
    positionLots: 0,
    maxLots: 1_000,
    reduceOnly: false,
    pulledSides: [false, false],
    sweptSides: [false, false],
    marginLots: [5_000, 5_000],
    limitLots: 1_000,
    ...change,
  };
  sideCapacity(DEFAULT_POSITION_CONTROL, bounds, into);
  return into;
}

describe('room on both sides, of a maximum of 1,000 lots', () => {
  it('is all of it without a position', () => {
    expect(capacity({})).toEqual({ capacityLots: [1_000, 1_000], closing: false });
  });

  it('shrinks on the growing side alone', () => {
    expect(capacity({ positionLots: 600 })).toEqual({ capacityLots: [200, 1_600], closing: false });
    expect(capacity({ positionLots: -600 })).toEqual({ capacityLots: [1_600, 200], closing: false });
  });

  it('is the position and no more where nothing may grow', () => {
    const long = { capacityLots: [0, 950], closing: true };
    expect(capacity({ positionLots: 950 })).toEqual(long);
    const few = { capacityLots: [0, 135], closing: true };
    expect(capacity({ positionLots: 135, reduceOnly: true })).toEqual(few);
    expect(capacity({ positionLots: 135, marginLots: [0, 0] })).toEqual(few);
    expect(capacity({ positionLots: 135, pulledSides: [true, true] })).toEqual(few);
    expect(capacity({ positionLots: 135, sweptSides: [true, true] })).toEqual(few);
    expect(capacity({ positionLots: 5_000 }).capacityLots).toEqual([0, 5_000]);
    expect(capacity({ reduceOnly: true })).toEqual({ capacityLots: [0, 0], closing: true });
  });

  it('is bounded by margin and limits', () => {
    expect(capacity({ marginLots: [300.7, 40] }).capacityLots).toEqual([300, 40]);
    expect(capacity({ limitLots: 77, positionLots: 10 }).capacityLots).toEqual([77, 1_010]);
    expect(capacity({ limitLots: -5 }).capacityLots).toEqual([0, 0]);
  });

  it('no combination blocks the reducing side, or lets any grow beyond what each allows', () => {
    const lots = fc.integer({ min: 0, max: 2_000 });
    const flags = fc.tuple(fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(
        fc.record({
          positionLots: fc.integer({ min: -3_000, max: 3_000 }),
          maxLots: lots,
          reduceOnly: fc.boolean(),
          pulledSides: flags,
          sweptSides: flags,
          marginLots: fc.tuple(lots, lots),
          limitLots: fc.integer({ min: -2_000, max: 2_000 }),
        }),
        bounds => {
          const { positionLots, maxLots } = bounds;
          const { capacityLots, closing } = capacity(bounds);
          const growing = growingSide(positionLots);
          for (const side of SIDES) {
            const reducing = side === BID ? Math.max(0, -positionLots) : Math.max(0, positionLots);
            expect(capacityLots[side]).toBeGreaterThanOrEqual(reducing);
            expect(Number.isInteger(capacityLots[side])).toBe(true);
            const growth = capacityLots[side] - reducing;
            expect(growth).toBeLessThanOrEqual(Math.max(maxLots, 0));
            expect(growth).toBeLessThanOrEqual(bounds.marginLots[side]);
            const isShut = bounds.reduceOnly || bounds.pulledSides[side] || bounds.sweptSides[side];
            if (isShut || closing) expect(growth).toBe(0);
            if (growing === null || side === growing) {
              expect(growth).toBeLessThanOrEqual(growthLots(DEFAULT_POSITION_CONTROL, positionLots, maxLots));
              expect(growth).toBeLessThanOrEqual(Math.max(0, bounds.limitLots));
            }
          }
        },
      ),
      draws(1, 1_000),
    );
  });
});

describe('the ladder-sweep rule', () => {
  const fresh = () => {
    const log = new KeptLog();
    return { log, guard: new LadderSweepGuard(DEFAULT_LADDER_SWEEP, log.write) };
  };

  it('cuts a side with the fourth order filled in less than 2 s, for a second, and leaves the other alone', () => {
    const { log, guard } = fresh();
    for (const atNs of [0, 1, 2]) expect(guard.onFill(BID, 10 + atNs, atNs)).toBe(false);
    expect(guard.onFill(ASK, 20, 3)).toBe(false);
    const atNs = 2 * NS_PER_S - 1;
    expect(guard.onFill(BID, 13, atNs)).toBe(true);
    expect(guard.isCut(BID, atNs + NS_PER_S - 1)).toBe(true);
    expect(guard.isCut(BID, atNs + NS_PER_S)).toBe(false);
    expect(guard.isCut(ASK, atNs)).toBe(false);
    expect(guard.nextEndNs(atNs)).toBe(atNs + NS_PER_S);
    expect(guard.nextEndNs(atNs + NS_PER_S)).toBe(Infinity);
    expect(log.of('ladder-sweep')).toEqual([
      { type: 'ladder-sweep', side: BID, orders: 4, atNs, untilNs: atNs + NS_PER_S },
    ]);
  });

  it('does not mind four orders in exactly 2 s, three at once, or one that is nibbled at', () => {
    const { guard } = fresh();
    for (const [oid, atNs] of [0, 1, 2, 2 * NS_PER_S].entries()) expect(guard.onFill(ASK, oid, atNs)).toBe(false);
    for (let n = 0; n < 20; n++) expect(guard.onFill(BID, 7, n)).toBe(false);
    for (const oid of [7, 8, 9]) expect(guard.onFill(BID, oid, 30)).toBe(false);
    expect(guard.isCut(ASK, 2 * NS_PER_S)).toBe(false);
    expect(guard.isCut(BID, 31)).toBe(false);
  });

  it('is told once while the sweep goes on, and goes on after a restore', () => {
    const one = fresh();
    for (let n = 0; n < 6; n++) one.guard.onFill(BID, n, n);
    expect(one.log.of('ladder-sweep')).toHaveLength(1);
    const two = fresh();
    two.guard.restore(structuredClone(one.guard.snapshot()));
    expect(two.guard.isCut(BID, NS_PER_S + 4)).toBe(true);
    expect(two.guard.onFill(BID, 6, 6)).toBe(false);
    expect(two.guard.isCut(BID, NS_PER_S + 5)).toBe(true);
  });
});
