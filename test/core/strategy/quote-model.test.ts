import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_REGIME } from '../../../core/estimator/regime.ts';
import { ASK, BID } from '../../../core/market.ts';
import { DEFAULT_HJB, HjbSolver } from '../../../core/stochastic/hjb-solver.ts';
import { DEFAULT_GLFT } from '../../../core/strategy/glft.ts';
import { DEFAULT_LADDER, Ladder, lotUsd } from '../../../core/strategy/ladder.ts';
import { QuoteModel, type QuoteModelInput } from '../../../core/strategy/quote-model.ts';
import { DEFAULT_SIGNALS, SignalIntegration } from '../../../core/strategy/signal-integration.ts';
import { draws } from '../../support/draws.ts';
import { BTC, seconds } from '../../support/script-host.ts';

const MID = 500_005;
const NORMAL = Float64Array.of(0, 1, 0, 0);

function made(levels = DEFAULT_LADDER.levels): { model: QuoteModel; signals: SignalIntegration } {
  const ladder = { ...DEFAULT_LADDER, levels };
  const signals = new SignalIntegration(DEFAULT_SIGNALS, () => {});
  const hjb = new HjbSolver(DEFAULT_HJB, DEFAULT_GLFT, levels);
  const model = new QuoteModel(BTC, { glft: DEFAULT_GLFT, ladder }, DEFAULT_REGIME, hjb, signals);
  return { model, signals };
}

function input(change: Partial<QuoteModelInput> = {}): QuoteModelInput {
  return {
    nowNs: 0,
    midTicks: MID,
    kappa: 2_500,
    sigma: 0.0001,
    gammaFactor: 1,
    regimeProbabilities: NORMAL,
    inventory: 0,
    drift: 0,
    driftTrust: 0,
    maxLots: 2_000,
    capacityLots: [2_000, 2_000],
    sizeFactor: 1,
    closing: false,
    wideningShare: 0,
    wideningBps: 0,
    ...change,
  };
}

function computed(change: Partial<QuoteModelInput> = {}): QuoteModel {
  const { model } = made();
  model.compute(input(change));
  return model;
}

const sum = (lots: Float64Array): number => lots.reduce((total, each) => total + each, 0);

describe('quotes of the three models', () => {
  it('are GLFT’s half-spread, even on both sides, where nothing else speaks', () => {
    const model = computed();
    expect(model.halfSpreadBps).toBe(model.baseHalfSpreadBps);
    expect(model.halfSpreadBps).toBeCloseTo(5.5, 1);
    expect(model.skewBps).toBeCloseTo(0, 12);
    expect([...model.bidLots]).toEqual([...model.askLots]);
  });

  it('add up all widening, and cap it once', () => {
    expect(computed({ wideningShare: 0.5 }).halfSpreadBps).toBeCloseTo(5.5 * 1.5, 1);
    expect(computed({ wideningBps: 19 }).halfSpreadBps).toBeCloseTo(24.5, 1);
    const all = computed({
      wideningShare: 2,
      wideningBps: 19,
      regimeProbabilities: Float64Array.of(0, 0, 0, 1),
    });
    expect(all.halfSpreadBps - all.baseHalfSpreadBps).toBeCloseTo(20, 12);
  });

  it('lean against the position, and against a bearish drift', () => {
    expect(computed({ inventory: 0.3 }).skewBps).toBeGreaterThan(0);
    expect(computed({ inventory: -0.3 }).skewBps).toBeLessThan(0);
    expect(computed({ drift: -0.0002, driftTrust: 0.5 }).skewBps).toBeCloseTo(0.5, 9);
  });

  it('follow the signals by half of the move that they expect', () => {
    const { model, signals } = made();
    signals.onMid(MID, 0);
    for (let update = 0; update < 10; update++) signals.onLeader(100, seconds(update));
    signals.onLeader(100.02, seconds(10));
    model.compute(input({ nowNs: seconds(10) }));
    expect(signals.expectedMoveBps).toBeCloseTo(1, 1);
    expect(model.skewBps).toBeCloseTo(-signals.expectedMoveBps / 2, 9);
  });

  it('have five levels of $200, none over a quarter of the largest position', () => {
    const model = computed();
    for (const lots of model.bidLots) expect(lots * lotUsd(BTC, MID)).toBeCloseTo(200, 0);
    expect(model.maxOrderLots).toBe(500);
    expect([...computed({ maxLots: 1_000 }).bidLots]).toEqual([200, 200, 200, 200, 200]);
    const { model: two } = made(2);
    two.compute(input({ maxLots: 1_000 }));
    expect([...two.bidLots]).toEqual([250, 250]);
  });

  it('leave the reducing side whole and shrink the growing one', () => {
    const model = computed({ inventory: 0.5, capacityLots: [1_000, 3_000] });
    expect([...model.bidLots]).toEqual([399, 400, 201, 0, 0]);
    expect(sum(model.askLots)).toBe(1_999);
  });

  it('quote what there is room for, and levels of the minimum where that is what they come down to (I-63)', () => {
    const model = computed({ capacityLots: [63, 19] });
    expect([...model.bidLots]).toEqual([63, 0, 0, 0, 0]);
    expect(sum(model.askLots)).toBe(0);
    expect([...computed({ sizeFactor: 0.01, capacityLots: [63, 0] }).bidLots]).toEqual([20, 20, 20, 0, 0]);
    expect(sum(computed({ capacityLots: [3, 0], closing: true }).bidLots)).toBe(3);
  });

  it('quote nothing with a size of zero', () => {
    expect(sum(computed({ sizeFactor: 0 }).bidLots)).toBe(0);
  });

  it('make 40 and 1,000 levels, and say what that took', () => {
    for (const levels of [1, 5, 40, 1_000]) {
      const { model } = made(levels);
      expect(model.compute(input())).toBe(1 + 2 * levels);
      expect(sum(model.bidLots)).toBeLessThanOrEqual(2_000);
      expect(model.bidLots[0]).toBeGreaterThanOrEqual(20);
    }
  });

  it('keep every bound for any input, and the ladder takes them as they are', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          kappa: fc.double({ min: 50, max: 10_000, noNaN: true }),
          sigma: fc.double({ min: 1e-6, max: 0.0025, noNaN: true }),
          inventory: fc.double({ min: -3, max: 3, noNaN: true }),
          drift: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
          driftTrust: share,
          wideningShare: fc.double({ min: 0, max: 5, noNaN: true }),
          wideningBps: fc.double({ min: 0, max: 100, noNaN: true }),
          sizeFactor: share,
          closing: fc.boolean(),
          maxLots: fc.integer({ min: 0, max: 4_000 }),
        }),
        fc.tuple(fc.integer({ min: 0, max: 6_000 }), fc.integer({ min: 0, max: 6_000 })),
        share,
        (values, [bidRoom, askRoom], cascade) => {
          const { model, signals } = made();
          signals.onCascade(cascade, 0);
          const given = input({
            ...values,
            capacityLots: [bidRoom, askRoom],
            regimeProbabilities: Float64Array.of(0, 1 - cascade, 0, cascade),
          });
          model.compute(given);
          const widening = model.halfSpreadBps - model.baseHalfSpreadBps;
          expect(widening).toBeGreaterThanOrEqual(0);
          expect(widening).toBeLessThanOrEqual(20 + 1e-9);
          expect(Math.abs(model.skewBps)).toBeLessThanOrEqual(0.8 * model.halfSpreadBps);
          expect(sum(model.bidLots)).toBeLessThanOrEqual(bidRoom);
          expect(sum(model.askLots)).toBeLessThanOrEqual(askRoom);
          const ladder = new Ladder(BTC, DEFAULT_LADDER);
          ladder.generate(
            {
              ...given,
              bestBidTicks: MID - 5,
              bestAskTicks: MID + 5,
              halfSpreadBps: model.halfSpreadBps,
              skewBps: model.skewBps,
            },
            model,
          );
          for (const side of [BID, ASK] as const) {
            const { sizeLots, count } = ladder.side(side);
            const lots = sizeLots.subarray(0, count);
            expect(sum(lots)).toBeLessThanOrEqual(given.capacityLots[side]);
            for (const each of lots) expect(each).toBeLessThanOrEqual(Math.max(0.25 * values.maxLots, 22));
          }
        },
      ),
      draws(1, 300),
    );
  });
});
