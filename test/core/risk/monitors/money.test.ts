import { describe, expect, it } from 'vitest';
import { DEFAULT_DRAWDOWN, DrawdownMonitor } from '../../../../core/risk/monitors/drawdown.ts';
import { DEFAULT_LOSS, LossMonitor } from '../../../../core/risk/monitors/loss.ts';
import { riskInput } from './inputs.ts';

describe('the loss of a day, of an account of $1,000', () => {
  const monitor = new LossMonitor(DEFAULT_LOSS);

  it.each([
    [10, 'None', null],
    [-40, 'None', null],
    [-40.01, 'Warn', null],
    // 99 % of the limit, and all of it.
    [-49.5, 'Warn', null],
    [-50, 'Warn', null],
    [-50.01, 'Kill', 'MaxLoss'],
  ])('$%d: %s', (dayProfitUsd, action, killReason) => {
    expect(monitor.evaluate(riskInput({ dayProfitUsd }))).toMatchObject({ action, killReason });
  });

  it('says nothing while the account is unknown', () => {
    expect(monitor.evaluate(riskInput({ dayProfitUsd: -500, accountValueUsd: 0 })).action).toBe('None');
  });
});

describe('drawdown', () => {
  const monitor = new DrawdownMonitor(DEFAULT_DRAWDOWN);

  it.each([
    [2, 2, 'None'],
    [2, -33, 'None'],
    [2, -33.01, 'Warn'],
    [2, -48, 'Warn'],
    [2, -48.01, 'Kill'],
    // A peak that is a dollar counts, one of a few cents does not (incident I-1).
    [1, -49.01, 'Kill'],
    [0.99, -60, 'None'],
    [0.02, -0.02, 'None'],
  ])('from $%d to $%d of an account of $1,000: %s', (peakProfitUsd, profitUsd, action) => {
    expect(monitor.evaluate(riskInput({ peakProfitUsd, profitUsd })).action).toBe(action);
  });
});
