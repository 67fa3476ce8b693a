import { describe, expect, it } from 'vitest';
import { DataStalenessMonitor, DEFAULT_DATA_STALENESS } from '../../../../core/risk/monitors/data-staleness.ts';
import { DEFAULT_POSITION, PositionMonitor } from '../../../../core/risk/monitors/position.ts';
import { DEFAULT_PRICE_VELOCITY, PriceVelocityMonitor } from '../../../../core/risk/monitors/price-velocity.ts';
import { DEFAULT_RATE_LIMIT_MONITOR, RateLimitMonitor } from '../../../../core/risk/monitors/rate-limit.ts';
import { NS_PER_S } from '../../../../core/scale.ts';
import { riskInput } from './inputs.ts';

describe('errors of a back-off that is running', () => {
  it.each([
    [0, false, 'None', 'None'],
    [1, false, 'Medium', 'Warn'],
    [2, false, 'High', 'PullQuotes'],
    [3, false, 'High', 'PullQuotes'],
    [4, false, 'Critical', 'PullQuotes'],
    [0, true, 'High', 'ReduceOnly'],
    [1, true, 'High', 'ReduceOnly'],
    [2, true, 'High', 'PullQuotes'],
  ])('%d, the quota exhausted: %s → %s, %s', (rateLimitErrors, isQuotaExhausted, severity, action) => {
    const monitor = new RateLimitMonitor(DEFAULT_RATE_LIMIT_MONITOR);
    expect(monitor.evaluate(riskInput({ rateLimitErrors, isQuotaExhausted }))).toMatchObject({ severity, action });
  });
});

describe('a monitor that was told to kill', () => {
  it('kills for errors over the most', () => {
    const monitor = new RateLimitMonitor({ ...DEFAULT_RATE_LIMIT_MONITOR, kills: true });
    expect(monitor.evaluate(riskInput({ rateLimitErrors: 3 })).action).toBe('PullQuotes');
    expect(monitor.evaluate(riskInput({ rateLimitErrors: 4 })).killReason).toBe('RateLimit');
  });

  it('kills for a position over twice the maximum', () => {
    const monitor = new PositionMonitor({ ...DEFAULT_POSITION, kills: true });
    expect(monitor.evaluate(riskInput({ positionUsd: 2_000 })).action).toBe('ReduceOnly');
    expect(monitor.evaluate(riskInput({ positionUsd: -2_000.01 })).killReason).toBe('MaxPosition');
  });

  it('kills for a book over 30 s old', () => {
    const monitor = new DataStalenessMonitor({ ...DEFAULT_DATA_STALENESS, kills: true });
    expect(monitor.evaluate(riskInput({ bookAgeNs: 30 * NS_PER_S })).action).toBe('PullQuotes');
    expect(monitor.evaluate(riskInput({ bookAgeNs: 30 * NS_PER_S + 1 })).killReason).toBe('StaleData');
  });

  it('kills for a mid that jumps by more than 15 %; by default that is critical and passes', () => {
    const monitor = new PriceVelocityMonitor({ ...DEFAULT_PRICE_VELOCITY, kills: true });
    monitor.evaluate(riskInput({ midTicks: 10_000, nowNs: 0 }));
    expect(monitor.evaluate(riskInput({ midTicks: 11_500, nowNs: 1 })).action).toBe('PullQuotes');
    expect(monitor.evaluate(riskInput({ midTicks: 11_501, nowNs: 2 })).killReason).toBe('PriceVelocity');
    const usual = new PriceVelocityMonitor(DEFAULT_PRICE_VELOCITY);
    usual.evaluate(riskInput({ midTicks: 10_000, nowNs: 0 }));
    expect(usual.evaluate(riskInput({ midTicks: 12_000, nowNs: 1 }))).toMatchObject({
      severity: 'Critical',
      action: 'PullQuotes',
    });
    expect(usual.evaluate(riskInput({ midTicks: 12_000, nowNs: 2 * NS_PER_S })).action).toBe('None');
  });
});
