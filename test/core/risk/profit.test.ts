import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK, BID, type Instrument, type Side } from '../../../core/market.ts';
import type { Fill } from '../../../core/port.ts';
import { KillSwitch } from '../../../core/risk/kill-switch.ts';
import { DEFAULT_LOSS, LossMonitor } from '../../../core/risk/monitors/loss.ts';
import { ProfitTracker } from '../../../core/risk/profit.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from '../infra/frames.ts';
import { riskInput } from './monitors/inputs.ts';

/** A tick is $1 and a lot one piece. */
const INSTRUMENT: Instrument = {
  symbol: 'X',
  priceDecimals: 0,
  sizeDecimals: 0,
  significantFigures: 0,
  minNotionalUsd: 10,
};
const DAY_NS = 86_400 * NS_PER_S;

const fresh = () => new ProfitTracker([INSTRUMENT, INSTRUMENT], 1_000);

function fill(side: Side, priceTicks: number, sizeLots: number, feeUsd = 0, instrument = 0): Fill {
  return {
    tid: 1,
    oid: 1,
    cloid: 1,
    instrument,
    side,
    priceTicks,
    sizeLots,
    exchNs: 0,
    startPositionLots: 0,
    crossed: false,
    feeUsd,
  };
}

describe('profit', () => {
  it('is what was received and paid, fees and funding included, and positions at the mid', () => {
    const profit = fresh();
    profit.onMid(0, 100);
    profit.onFill(fill(BID, 99, 2, 0.5));
    profit.onFill(fill(ASK, 102, 1, 0.25));
    profit.onFunding(-0.25);
    profit.onFill(fill(ASK, 50, 3, 0, 1));
    profit.onMid(1, 48);
    profit.update(0);
    // -198 - 0.5 + 102 - 0.25 - 0.25 + 100 for the lot that is left, and 3 × 2 on the other instrument.
    expect(profit.profitUsd).toBe(9);
    expect(profit.dayProfitUsd).toBe(9);
    profit.onMid(1, 52);
    profit.update(1);
    expect(profit.profitUsd).toBe(-3);
    expect(profit.peakProfitUsd).toBe(9);
  });

  it('is not moved by a position that was found, before or after the first mid', () => {
    const profit = fresh();
    profit.onPositionAdjusted(0, 5);
    profit.update(0);
    expect(profit.profitUsd).toBe(0);
    profit.onMid(0, 100);
    profit.onPositionAdjusted(0, -2);
    profit.update(1);
    expect(profit.profitUsd).toBe(0);
    profit.onMid(0, 0);
    profit.onMid(0, 101);
    profit.update(2);
    expect(profit.profitUsd).toBe(3);
  });

  it('begins anew each 24 hours, with the account’s value of then', () => {
    const profit = fresh();
    expect(profit.accountValueUsd).toBe(1_000);
    profit.onAccountValue(1_100);
    profit.onMid(0, 100);
    profit.onFill(fill(BID, 110, 1));
    profit.update(5);
    expect(profit.dayProfitUsd).toBe(-10);
    // Money that was taken out is no loss, and no other limit for the day.
    profit.onAccountValue(200);
    profit.update(4 + DAY_NS);
    expect([profit.dayProfitUsd, profit.accountValueUsd]).toEqual([-10, 1_100]);
    profit.update(5 + DAY_NS);
    expect([profit.dayProfitUsd, profit.accountValueUsd]).toEqual([0, 200]);
    expect(profit.profitUsd).toBe(-10);
  });

  it('is the same after a restore', () => {
    const side = fc.constantFrom<Side>(BID, ASK);
    const step = fc.record({ side, price: fc.integer({ min: 90, max: 110 }), lots: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const one = fresh();
        const two = fresh();
        let lots = 0;
        let cash = 0;
        for (const [index, { side, price, lots: size }] of steps.entries()) {
          one.onFill(fill(side, price, size));
          one.onMid(0, price + 1);
          one.update(index);
          lots += side === BID ? size : -size;
          cash -= side === BID ? size * price : -size * price;
          expect(one.profitUsd).toBe(cash + lots * (price + 1));
        }
        two.restore(structuredClone(one.snapshot()));
        expect(two.snapshot()).toEqual(one.snapshot());
        expect(two.peakProfitUsd).toBeGreaterThanOrEqual(Math.max(0, two.profitUsd));
      }),
      draws(1, 100),
    );
  });
});

describe('the kill switch', () => {
  it('stays thrown whatever becomes of the reason, and says each thing once', () => {
    const log = new KeptLog();
    const one = new KillSwitch(log.write);
    expect(one.trigger([], 0)).toBe(false);
    expect(one.trigger(['MaxLoss'], 1)).toBe(true);
    expect(one.trigger(['MaxLoss'], 2)).toBe(false);
    expect(one.trigger(['MaxLoss', 'MaxDrawdown'], 3)).toBe(false);
    const two = new KillSwitch(log.write);
    two.restore(structuredClone(one.snapshot()));
    expect(two.isKilled).toBe(true);
    expect(two.reasons).toEqual(['MaxLoss', 'MaxDrawdown']);
    expect(two.reset(4)).toBe(true);
    expect(two.reset(5)).toBe(false);
    expect(two.isKilled).toBe(false);
    expect(log.of('kill-switch').map(({ isKilled, reasons }) => [isKilled, reasons])).toEqual([
      [true, ['MaxLoss']],
      [true, ['MaxLoss', 'MaxDrawdown']],
      [false, ['MaxLoss', 'MaxDrawdown']],
    ]);
  });

  it('is not thrown again by the loss that an operator has accepted, but by the next', () => {
    const profit = fresh();
    const monitor = new LossMonitor(DEFAULT_LOSS);
    const action = () => {
      const { accountValueUsd, dayProfitUsd } = profit;
      return monitor.evaluate(riskInput({ accountValueUsd, dayProfitUsd })).action;
    };
    profit.onMid(0, 100);
    profit.onFill(fill(BID, 151, 1));
    profit.update(0);
    expect(action()).toBe('Kill');
    profit.rebase(1);
    expect(action()).toBe('None');
    expect([profit.profitUsd, profit.peakProfitUsd]).toEqual([0, 0]);
    profit.onMid(0, 49);
    profit.update(2);
    expect(action()).toBe('Kill');
  });
});
