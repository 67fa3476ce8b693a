import { describe, expect, it } from 'vitest';
import { CircuitBreaker, DEFAULT_CIRCUIT_BREAKER } from '../../../../core/risk/circuit-breaker.ts';
import { CascadeMonitor, DEFAULT_CASCADE } from '../../../../core/risk/monitors/cascade.ts';
import { OpenInterestWindow } from '../../../../core/risk/open-interest.ts';
import { NS_PER_S } from '../../../../core/scale.ts';
import { riskInput } from './inputs.ts';

describe('open interest of the trailing minute', () => {
  it('is compared with its highest, until a minute after that was last true', () => {
    const window = new OpenInterestWindow();
    expect(window.drop(0)).toBe(0);
    window.observe(1_000, 0);
    window.observe(990, 3 * NS_PER_S);
    window.observe(975, 6 * NS_PER_S);
    expect(window.drop(6 * NS_PER_S)).toBe(0.025);
    // 1,000 ended at 3 s, 990 at 6 s.
    expect(window.drop(63 * NS_PER_S)).toBe(0.025);
    expect(window.drop(63 * NS_PER_S + 1)).toBeCloseTo(15 / 990, 12);
    expect(window.drop(66 * NS_PER_S + 1)).toBe(0);
    window.observe(980, 67 * NS_PER_S);
    expect(window.drop(67 * NS_PER_S)).toBe(0);
  });

  it('takes no figure that is none, and goes on after a restore', () => {
    const one = new OpenInterestWindow();
    one.observe(1_000, 0);
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) one.observe(bad, 1);
    one.observe(980, 2);
    const two = new OpenInterestWindow();
    two.restore(structuredClone(one.snapshot()));
    expect(two.drop(3)).toBe(0.02);
  });
});

describe('the cascade monitor', () => {
  it.each([
    [0.01, 'None', 1],
    [0.0101, 'WidenSpreads', 1.005],
    [0.015, 'WidenSpreads', 1.25],
    [0.02, 'WidenSpreads', 1.5],
    [0.0201, 'PullQuotes', 1],
    [0.025, 'PullQuotes', 1],
    [0.3, 'PullQuotes', 1],
  ])('a drop by %d: %s', (openInterestDrop, action, spreadFactor) => {
    const answer = new CascadeMonitor(DEFAULT_CASCADE).evaluate(riskInput({ openInterestDrop }));
    expect(answer.action).toBe(action);
    expect(answer.spreadFactor).toBeCloseTo(spreadFactor, 12);
  });

  it('pulls until the drop is under 1 %, after a restore too', () => {
    const one = new CascadeMonitor(DEFAULT_CASCADE);
    one.evaluate(riskInput({ openInterestDrop: 0.025 }));
    const two = new CascadeMonitor(DEFAULT_CASCADE);
    two.restore(structuredClone(one.snapshot()));
    expect(two.evaluate(riskInput({ openInterestDrop: 0.01 })).action).toBe('PullQuotes');
    expect(two.evaluate(riskInput({ openInterestDrop: 0.0099 })).action).toBe('None');
    expect(two.evaluate(riskInput({ openInterestDrop: 0.01 })).action).toBe('None');
  });

  it('kills only where it was told to', () => {
    const monitor = new CascadeMonitor({ ...DEFAULT_CASCADE, kills: true });
    expect(monitor.evaluate(riskInput({ openInterestDrop: 0.02375 })).action).toBe('PullQuotes');
    expect(monitor.evaluate(riskInput({ openInterestDrop: 0.0238 })).killReason).toBe('CascadeDetected');
  });
});

describe('the circuit breaker', () => {
  const fresh = () => new CircuitBreaker(DEFAULT_CIRCUIT_BREAKER);

  it('pulls all quotes from a drop of 2 % on, until it is under 1 %', () => {
    const one = fresh();
    expect(one.evaluate(riskInput({ openInterestDrop: 0.0199 })).action).toBe('None');
    expect(one.evaluate(riskInput({ openInterestDrop: 0.02 })).action).toBe('PullQuotes');
    const two = fresh();
    two.restore(structuredClone(one.snapshot()));
    expect(two.evaluate(riskInput({ openInterestDrop: 0.01 })).action).toBe('PullQuotes');
    expect(two.evaluate(riskInput({ openInterestDrop: 0.0099 })).action).toBe('None');
  });

  it.each([
    [0.000125, 0, 'None', 1],
    [0.000126, 0, 'WidenSpreads', 2],
    [-0.000126, 0, 'WidenSpreads', 2],
    [0, 50, 'None', 1],
    [0, 50.1, 'WidenSpreads', 5],
    [0.01, 60, 'WidenSpreads', 5],
  ])('funding of %d an hour and a spread of %d bps: %s × %d', (fundingPerHour, marketSpreadBps, action, factor) => {
    const answer = fresh().evaluate(riskInput({ fundingPerHour, marketSpreadBps }));
    expect(answer).toMatchObject({ action, spreadFactor: factor });
  });
});
