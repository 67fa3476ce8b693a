import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FillRecord } from '../../../core/execution/fill-records.ts';
import { DEFAULT_FILL_TRACKER, FillTracker } from '../../../core/execution/fill-tracker.ts';
import { MARKOUT_HORIZONS_NS } from '../../../core/execution/markouts.ts';
import { PENDING_CAPACITY } from '../../../core/execution/pending-outcomes.ts';
import { ASK, BID } from '../../../core/market.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import { draws } from '../../support/draws.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

function fill(timestampNs: number, change: Partial<FillRecord> = {}): FillRecord {
  return {
    timestampNs,
    side: BID,
    priceTicks: 10_000,
    sizeLots: 5,
    queuePositionLots: 100,
    latencyMs: 20,
    midAtPlacementTicks: 10_005,
    priceAfter1s: undefined,
    ...change,
  };
}

function made(change: Partial<typeof DEFAULT_FILL_TRACKER> = {}): FillTracker {
  return new FillTracker({ ...DEFAULT_FILL_TRACKER, ...change });
}

describe('adverse selection', () => {
  it('is not known, and never zero, before a fill has its price after it', () => {
    const tracker = made();
    expect(tracker.adverseSelectionRate).toBeUndefined();
    tracker.recordFill(fill(0));
    tracker.updatePriceAfter(10_005, milliseconds(500));
    tracker.updatePriceAfter(9_990, seconds(1));
    expect(tracker.adverseSelectionRate).toBeUndefined();
    expect(tracker.pendingOutcomes).toBe(1);
    tracker.updatePriceAfter(10_020, seconds(1) + 1);
    expect(tracker.adverseSelectionRate).toBe(1);
    expect(tracker.records()[0].priceAfter1s).toBe(9_990);
    expect(tracker.pendingOutcomes).toBe(0);
    expect(tracker.resolvedOutcomes).toBe(1);
  });

  it('stays unknown where the price after fills is never told', () => {
    const tracker = made();
    for (let at = 0; at < 100; at++) tracker.recordFill(fill(seconds(at)));
    expect(tracker.adverseSelectionRate).toBeUndefined();
    expect(tracker.pendingOutcomes).toBe(PENDING_CAPACITY);
    expect(tracker.lostOutcomes).toBe(100 - PENDING_CAPACITY);
    expect(tracker.fills).toBe(100);
  });

  it.each([
    ['bid', BID, 9_999, 1],
    ['bid', BID, 10_000, 0],
    ['bid', BID, 10_001, 0],
    ['ask', ASK, 10_001, 1],
    ['ask', ASK, 10_000, 0],
    ['ask', ASK, 9_999, 0],
  ] as const)('a %s at 10,000 with %s … the price at %d after it: %d', (_name, side, after, rate) => {
    const tracker = made();
    tracker.recordFill(fill(0, { side }));
    tracker.updatePriceAfter(after, 1);
    tracker.updatePriceAfter(0.5, seconds(2));
    expect(tracker.adverseSelectionRate).toBe(rate);
  });

  it('takes the mid that held at the horizon, not the first that came after it', () => {
    const tracker = made();
    tracker.updatePriceAfter(10_010, 0);
    tracker.recordFill(fill(milliseconds(10)));
    tracker.updatePriceAfter(9_000, seconds(20));
    expect(tracker.records()[0].priceAfter1s).toBe(10_010);
  });

  it('leaves a fill without a price where the last mid was over 30 s old then', () => {
    const tracker = made();
    tracker.updatePriceAfter(10_010, 0);
    tracker.recordFill(fill(seconds(29)));
    tracker.recordFill(fill(seconds(29) + 1));
    tracker.updatePriceAfter(9_000, seconds(60));
    expect(tracker.resolvedOutcomes).toBe(1);
    expect(tracker.lostOutcomes).toBe(1);
    expect(tracker.records().map(record => record.priceAfter1s)).toEqual([10_010, undefined]);
  });

  it('is of the newest 1,000 fills', () => {
    const tracker = made();
    for (let at = 0; at < 1_500; at++) {
      tracker.updatePriceAfter(at < 1_000 ? 9_000 : 11_000, seconds(at));
      tracker.recordFill(fill(seconds(at)));
    }
    tracker.updatePriceAfter(11_000, seconds(1_502));
    expect(tracker.records()).toHaveLength(1_000);
    expect(tracker.fills).toBe(1_500);
    // Of fills 500 to 1,499 those up to 998 saw 9,000 a second later; fill 999 saw 11,000.
    expect(tracker.adverseSelectionRate).toBeCloseTo(499 / 1_000, 12);
  });
});

describe('figures', () => {
  it('have a fill rate from the first quote, and an opinion from the tenth', () => {
    const tracker = made();
    expect(tracker.fillRate).toBeUndefined();
    tracker.recordQuotes(9);
    tracker.recordFill(fill(0));
    expect(tracker.fillRate).toBeCloseTo(1 / 9, 12);
    expect(tracker.isFillRateNormal).toBeUndefined();
    tracker.recordQuotes(1);
    expect(tracker.isFillRateNormal).toBe(true);
    tracker.recordQuotes(1);
    expect(tracker.isFillRateNormal).toBe(false);
  });

  it('interpolate latencies between the two nearest', () => {
    const tracker = made();
    expect(tracker.latencyMs([0.5])).toBeUndefined();
    for (const latencyMs of [40, 10, 30, 20]) tracker.recordFill(fill(0, { latencyMs }));
    expect(tracker.latencyMs([0, 0.5, 1])).toEqual([10, 25, 40]);
    expect(tracker.latencyMs([0.99])?.[0]).toBeCloseTo(39.7, 9);
  });

  it('know the queue and the edge of fills whose placement is known', () => {
    const tracker = made();
    tracker.recordFill(fill(0, { queuePositionLots: undefined, midAtPlacementTicks: undefined }));
    expect(tracker.queuePosition).toBeUndefined();
    expect(tracker.quotedEdgeBps).toBeUndefined();
    tracker.recordFill(fill(0, { queuePositionLots: 0, midAtPlacementTicks: 10_000, priceTicks: 9_990 }));
    tracker.recordFill(fill(0, { queuePositionLots: 50, midAtPlacementTicks: 10_000, priceTicks: 10_030, side: ASK }));
    expect(tracker.queuePosition).toBe(25);
    expect(tracker.quotedEdgeBps).toBeCloseTo(20, 9);
    expect(tracker.records()[0].queuePositionLots).toBeUndefined();
  });

  it('follow fills for 500 ms, 2 s and 10 s', () => {
    expect(MARKOUT_HORIZONS_NS).toEqual([0.5, 2, 10].map(s => s * NS_PER_S));
    const tracker = made();
    tracker.recordFill(fill(0));
    tracker.recordFill(fill(0, { side: ASK, priceTicks: 10_020 }));
    tracker.updatePriceAfter(10_010, 1);
    tracker.updatePriceAfter(10_030, seconds(1));
    expect(tracker.markoutBps(0)).toBeCloseTo((10 + (10 * 10_000) / 10_020) / 2, 9);
    expect(tracker.markoutBps(1)).toBeUndefined();
    tracker.updatePriceAfter(10_030, seconds(11));
    expect(tracker.markoutBps(1)).toBeCloseTo((30 - (10 * 10_000) / 10_020) / 2, 9);
    expect(tracker.markoutBps(2)).toBe(tracker.markoutBps(1));
  });
});

describe('whatever comes', () => {
  const step = fc.record({
    what: fc.constantFrom('fill', 'mid'),
    waitMs: fc.constantFrom(0, 1, 300, 1_000, 31_000),
    ticks: fc.integer({ min: 9_990, max: 10_010 }),
    isBid: fc.boolean(),
  });

  it('agrees with looking everything up afterwards, and with itself after a snapshot', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 60 }), (steps, cut) => {
        let tracker = made();
        const fills: { atNs: number; isBid: boolean; ticks: number }[] = [];
        const mids: { atNs: number; ticks: number }[] = [];
        let nowNs = 0;
        steps.forEach(({ what, waitMs, ticks, isBid }, index) => {
          nowNs += milliseconds(waitMs);
          if (what === 'fill') {
            fills.push({ atNs: nowNs, isBid, ticks });
            tracker.recordFill(fill(nowNs, { side: isBid ? BID : ASK, priceTicks: ticks }));
          } else {
            mids.push({ atNs: nowNs, ticks });
            tracker.updatePriceAfter(ticks, nowNs);
          }
          if (index === cut) {
            const copy = made();
            copy.restore(decodeState(encodeState(tracker.snapshot())));
            tracker = copy;
          }
        });
        let known = 0;
        let adverse = 0;
        const lastNs = mids.at(-1)?.atNs ?? -1;
        for (const { atNs, isBid, ticks } of fills) {
          const dueNs = atNs + seconds(1);
          const held = mids.filter(mid => mid.atNs <= dueNs).at(-1);
          if (dueNs >= lastNs || held === undefined || dueNs - held.atNs > seconds(30)) continue;
          known++;
          if (isBid ? held.ticks < ticks : held.ticks > ticks) adverse++;
        }
        expect(tracker.adverseSelectionRate).toEqual(known === 0 ? undefined : adverse / known);
        expect(tracker.pendingOutcomes + tracker.resolvedOutcomes + tracker.lostOutcomes).toBe(fills.length);
      }),
      draws(1, 200),
    );
  });
});
