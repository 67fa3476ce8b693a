import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { ASK, BID } from '../../../core/market.ts';
import type { AssetContext } from '../../../core/port.ts';
import { DEFAULT_SIGNALS, SignalIntegration, type SignalSettings } from '../../../core/strategy/signal-integration.ts';
import { Basis } from '../../../core/strategy/signals/basis.ts';
import { Flow } from '../../../core/strategy/signals/flow.ts';
import { LeadLag } from '../../../core/strategy/signals/lead-lag.ts';
import { SignalSource } from '../../../core/strategy/signals/signal-source.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import { draws } from '../../support/draws.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';
import { normals } from '../stochastic/normals.ts';

const MID = 500_000;

function context(change: Partial<AssetContext> = {}): AssetContext {
  return {
    fundingPerHour: 0,
    openInterestLots: 1_000_000,
    oracleTicks: MID,
    markTicks: MID,
    midTicks: MID,
    ...change,
  };
}

function made(change: Partial<SignalSettings> = {}): { hub: SignalIntegration; logs: LogEntry[] } {
  const logs: LogEntry[] = [];
  return { hub: new SignalIntegration({ ...DEFAULT_SIGNALS, ...change }, entry => logs.push(entry)), logs };
}

/** A leader that speaks ten times by `untilNs` and stands `shareAbove` over its mean at the end. */
function lead(hub: SignalIntegration, shareAbove: number, untilNs: number): void {
  hub.onMid(MID, untilNs - seconds(1));
  for (let update = 9; update >= 1; update--) hub.onLeader(100, untilNs - milliseconds(100 * update));
  hub.onLeader(100 * (1 + shareAbove), untilNs);
}

describe('flow', () => {
  it('is 1 after buyers only, and fades while nobody trades (I-67)', () => {
    const flow = new Flow(seconds(5));
    for (let trade = 0; trade < 10; trade++) flow.onTrade(BID, 3, seconds(trade));
    expect(flow.imbalance(seconds(9))).toBe(1);
    expect(flow.imbalance(seconds(14))).toBe(0.5);
    for (let trade = 0; trade < 100; trade++) flow.onTrade(ASK, 3, seconds(10 + trade));
    expect(flow.imbalance(seconds(109))).toBeLessThan(-0.99);
    expect(new Flow(seconds(5)).imbalance(0)).toBe(0);
  });
});

describe('lead-lag', () => {
  it('expects what the leader has moved and we have not', () => {
    const pair = new LeadLag(seconds(2));
    for (let at = 0; at < 10; at++) {
      pair.onLeader(100, seconds(at));
      pair.onMid(MID, seconds(at));
    }
    expect(pair.expectedMoveBps).toBe(0);
    pair.onLeader(100.1, seconds(10));
    expect(pair.expectedMoveBps).toBeCloseTo(10, 9);
    pair.onMid(MID * 1.001, seconds(10));
    expect(pair.expectedMoveBps).toBeCloseTo(0, 9);
  });
});

describe('basis', () => {
  it('expects what is richer than usual to come down', () => {
    const basis = new Basis(seconds(60));
    for (let at = 0; at < 100; at++) basis.onOracle(MID, MID * 1.001, seconds(3 * at));
    expect(basis.expectedMoveBps).toBeCloseTo(0, 6);
    basis.onOracle(MID, MID * 1.002, seconds(301));
    expect(basis.expectedMoveBps).toBeLessThan(-0.9);
    basis.onOracle(MID, 0, seconds(302));
    expect(basis.expectedMoveBps).toBeLessThan(-0.9);
  });

  it('expects nothing of a basis that is as usual', () => {
    const basis = new Basis(seconds(60));
    basis.onOracle(MID, MID, 0);
    expect(basis.expectedMoveBps, 'not -0').toBe(0);
  });
});

describe('a source', () => {
  it.each([
    [0, -3],
    [5, -0],
  ])('bounded by %d bps that expects %d bps comes back from a snapshot as it was', (capBps, expectedMoveBps) => {
    const source = new SignalSource('basis', capBps, DEFAULT_SIGNALS, () => {});
    source.update(expectedMoveBps, 0, seconds(1));
    expect(decodeState(encodeState(source.snapshot()))).toEqual(source.snapshot());
  });
});

describe('the hub', () => {
  it('costs nothing for feeds that are not there (I-3), however long', () => {
    const { hub, logs } = made();
    for (let at = 1; at < 1_000; at++) {
      hub.onMid(MID, seconds(at));
      hub.integrate(5, seconds(at));
      expect(hub.wideningBps).toBe(0);
      expect(hub.expectedMoveBps).toBe(0);
    }
    expect(logs.filter(entry => entry.type === 'signal' && entry.source !== 'flow')).toEqual([]);
  });

  it('counts a source from its tenth update on, and charges nothing before (I-9)', () => {
    const { hub } = made();
    for (let update = 0; update < 9; update++) hub.onContext(context({ fundingPerHour: 0.0001 }), MID, seconds(update));
    hub.integrate(5, seconds(9));
    expect(hub.expectedMoveBps).toBe(0);
    hub.integrate(5, seconds(200));
    expect(hub.wideningBps).toBe(0);
    hub.onContext(context({ fundingPerHour: 0.0001 }), MID, seconds(200));
    hub.integrate(5, seconds(200));
    expect(hub.expectedMoveBps).toBeCloseTo(-1, 12);
  });

  it('widens by half, then by as much again, for a feed that was there; then forgets it', () => {
    const { hub, logs } = made();
    lead(hub, 0.001, seconds(10));
    const widening = (afterNs: number): number => {
      hub.integrate(6, seconds(10) + afterNs);
      return hub.wideningBps;
    };
    expect(widening(0)).toBe(0);
    expect(hub.expectedMoveBps).toBeGreaterThan(0);
    expect(widening(seconds(5))).toBe(0);
    expect(widening(seconds(5) + 1)).toBe(3);
    expect(hub.expectedMoveBps).toBe(0);
    expect(widening(seconds(10))).toBe(3);
    expect(widening(seconds(10) + 1)).toBe(6);
    expect(widening(seconds(120))).toBe(6);
    expect(widening(seconds(120) + 1)).toBe(0);
    const states = logs.flatMap(entry => (entry.type === 'signal' && entry.source === 'lead-lag' ? entry.state : []));
    expect(states).toEqual(['fresh', 'stale', 'absent']);
    hub.onLeader(100, seconds(140));
    expect(widening(seconds(130))).toBe(0);
  });

  it('bounds each source, weighs it, and lets it say nothing once it is known to tell nothing', () => {
    const { hub } = made();
    lead(hub, 0.1, seconds(10));
    hub.integrate(5, seconds(10));
    expect(hub.weight('lead-lag')).toBe(0.5);
    expect(hub.expectedMoveBps).toBeCloseTo(0.5 * 15, 9);
    const noise = normals(1, 400);
    let nowNs = seconds(10);
    for (const z of noise) {
      nowNs += milliseconds(500);
      hub.onLeader(100 + z, nowNs);
      hub.onMid(MID, nowNs);
      hub.integrate(5, nowNs);
    }
    expect(hub.recalibrationDue).toBe(true);
    hub.recalibrate(nowNs);
    expect(hub.recalibrationDue).toBe(false);
    expect(hub.weight('lead-lag')).toBe(0);
    expect(hub.weight('cascade')).toBe(1);
  });

  it('widens in a cascade, and comes back', () => {
    const { hub } = made();
    hub.onCascade(0.5, 0);
    hub.integrate(5, 1);
    expect(hub.wideningBps).toBe(10);
    hub.onCascade(0, 2);
    hub.integrate(5, 3);
    expect(hub.wideningBps).toBe(0);
  });

  it('widens where sources contradict each other by more than 4 bps', () => {
    const { hub } = made({ fundingCapBps: 20 });
    lead(hub, 0.1, seconds(10));
    for (let update = 0; update < 10; update++)
      hub.onContext(context({ fundingPerHour: 0.0004 }), MID, seconds(10) + update);
    hub.integrate(5, seconds(10) + 9);
    expect(hub.conflictBps).toBeCloseTo(4, 9);
    expect(hub.wideningBps).toBeCloseTo(0, 9);
    hub.onContext(context({ fundingPerHour: 0.00055 }), MID, seconds(10) + 10);
    hub.integrate(5, seconds(10) + 10);
    expect(hub.conflictBps).toBeCloseTo(5.5, 9);
    expect(hub.wideningBps).toBeCloseTo(3, 9);
  });

  it('never widens by more than 20 bps in all, nor narrows, whatever comes', () => {
    const event = fc.record({
      what: fc.constantFrom('trade', 'leader', 'context', 'cascade', 'mid', 'recalibrate'),
      value: fc.double({ min: -1, max: 2, noNaN: true }),
      waitMs: fc.constantFrom(0, 1, 500, 6_000, 40_000, 130_000),
      half: fc.double({ min: 2, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), events => {
        const { hub } = made({ minUpdates: 2 });
        let nowNs = 0;
        for (const { what, value, waitMs, half } of events) {
          nowNs += milliseconds(waitMs);
          if (what === 'trade') hub.onTrade(value > 0 ? BID : ASK, Math.abs(value), nowNs);
          else if (what === 'leader') hub.onLeader(100 + value, nowNs);
          else if (what === 'context')
            hub.onContext(context({ fundingPerHour: value }), MID * (1 + value / 100), nowNs);
          else if (what === 'cascade') hub.onCascade(value, nowNs);
          else if (what === 'mid') hub.onMid(MID * (1 + value / 100), nowNs);
          else hub.recalibrate(nowNs);
          expect(hub.integrate(half, nowNs)).toBe(1);
          expect(hub.wideningBps).toBeGreaterThanOrEqual(0);
          expect(hub.wideningBps).toBeLessThanOrEqual(20);
          expect(Math.abs(hub.expectedMoveBps)).toBeLessThanOrEqual(31);
        }
      }),
      draws(1, 200),
    );
  });

  it('goes on from a snapshot as it would have', () => {
    const { hub } = made();
    lead(hub, 0.001, seconds(10));
    hub.onTrade(BID, 5, seconds(10));
    hub.onMid(MID, seconds(11));
    hub.integrate(5, seconds(11));
    const copy = made().hub;
    copy.restore(decodeState(encodeState(hub.snapshot())));
    for (const each of [hub, copy]) {
      each.onMid(MID + 50, seconds(12));
      each.onContext(context(), MID, seconds(12));
      each.integrate(5, seconds(16));
    }
    expect(copy.snapshot()).toEqual(hub.snapshot());
  });
});
