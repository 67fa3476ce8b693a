/** Playbook 1.3: a loss of 99 % of the daily limit throws nothing, one cent more than the limit does (playbook matrix, 1.3). */
import { expect, it } from 'vitest';
import { DEFAULT_LOSS, LossMonitor } from '../../core/risk/monitors/loss.ts';
import { DEFAULT_PRICE_VELOCITY, PriceVelocityMonitor } from '../../core/risk/monitors/price-velocity.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { riskInput } from '../core/risk/monitors/inputs.ts';

it.each([
  [0.79, 'None'],
  [0.81, 'Warn'],
  [0.99, 'Warn'],
  [1, 'Warn'],
  [1.0002, 'Kill'],
])('a loss of %d of the limit: %s', (share, action) => {
  const accountValueUsd = 1_000;
  const dayProfitUsd = -share * DEFAULT_LOSS.maxDailyLossShare * accountValueUsd;
  const monitor = new LossMonitor(DEFAULT_LOSS);
  expect(monitor.evaluate(riskInput({ accountValueUsd, dayProfitUsd })).action).toBe(action);
});

it.each([
  [4.9, 'None'],
  [5, 'None'],
  [6, 'PullQuotes'],
])('a mid that moves by %d %% within a second: %s', (percent, action) => {
  const monitor = new PriceVelocityMonitor(DEFAULT_PRICE_VELOCITY);
  monitor.evaluate(riskInput({ midTicks: 1_000_000, nowNs: 10 * NS_PER_S }));
  const moved = riskInput({ midTicks: 1_000_000 + 10_000 * percent, nowNs: 10.5 * NS_PER_S });
  expect(monitor.evaluate(moved).action).toBe(action);
});
