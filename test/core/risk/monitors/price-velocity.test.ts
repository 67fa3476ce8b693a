import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PRICE_VELOCITY, PriceVelocityMonitor } from '../../../../core/risk/monitors/price-velocity.ts';
import { NS_PER_MS, NS_PER_S } from '../../../../core/scale.ts';
import { draws } from '../../../support/draws.ts';
import { riskInput } from './inputs.ts';

/** The actions after each of a series of (time in ms, mid). */
function actions(series: readonly (readonly [ms: number, mid: number])[]): string[] {
  const monitor = new PriceVelocityMonitor(DEFAULT_PRICE_VELOCITY);
  return series.map(([ms, midTicks]) => monitor.evaluate(riskInput({ nowNs: ms * NS_PER_MS, midTicks })).action);
}

/** A mid that rises or falls evenly, seen every `stepMs`: whether quotes were ever pulled. */
function isPulledBySlope(sharePerS: number, stepMs: number, forMs: number): boolean {
  const series = [];
  for (let ms = 0; ms <= forMs; ms += stepMs) series.push([ms, 1_000_000 * (1 + (sharePerS * ms) / 1_000)] as const);
  return actions(series).includes('PullQuotes');
}

describe('one jump', () => {
  it.each([
    [10_500, 'None'],
    [10_501, 'PullQuotes'],
    [9_500, 'None'],
    [9_499, 'PullQuotes'],
  ])('from 10,000 to %d: %s', (to, action) => {
    expect(
      actions([
        [0, 10_000],
        [500, to],
      ]),
    ).toEqual(['None', action]);
  });

  it('is over when it has left the window, and not before', () => {
    const series = [
      [0, 10_000],
      [500, 10_000],
      [600, 10_600],
      [1_500, 10_600],
      [1_600, 10_600],
      [1_601, 10_600],
    ] as const;
    expect(actions(series)).toEqual(['None', 'None', 'PullQuotes', 'PullQuotes', 'None', 'None']);
  });

  it('counts in full after a long silence', () => {
    expect(
      actions([
        [0, 10_000],
        [2_001, 10_600],
      ]),
    ).toEqual(['None', 'PullQuotes']);
    expect(
      actions([
        [0, 10_000],
        [2_001, 10_500],
      ]),
    ).toEqual(['None', 'None']);
  });
});

describe('a slope', () => {
  it.each([20, 100, 250, 604, 900, 1_300, 2_000])(
    'of 4.9 %%/s is let be and one of 6 %%/s is not, seen every %d ms',
    stepMs => {
      expect(isPulledBySlope(0.049, stepMs, 1_900)).toBe(false);
      expect(isPulledBySlope(0.06, stepMs, 4_000)).toBe(true);
      expect(isPulledBySlope(-0.049, stepMs, 1_000)).toBe(false);
      expect(isPulledBySlope(-0.06, stepMs, 4_000)).toBe(true);
    },
  );
});

it('takes the change between any two moments of the window, as a slow search does', () => {
  const step = fc.record({ ms: fc.integer({ min: 0, max: 400 }), mid: fc.integer({ min: 9_600, max: 10_150 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), steps => {
      const monitor = new PriceVelocityMonitor(DEFAULT_PRICE_VELOCITY);
      const seen: { ns: number; mid: number }[] = [];
      let ns = 0;
      for (const { ms, mid } of steps) {
        ns += ms * NS_PER_MS;
        seen.push({ ns, mid });
        const action = monitor.evaluate(riskInput({ nowNs: ns, midTicks: mid })).action;
        const from = ns - NS_PER_S;
        const path = seen.filter(point => point.ns >= from).map(point => point.mid);
        const before = seen.filter(point => point.ns < from).at(-1);
        const after = seen.find(point => point.ns >= from);
        if (before !== undefined && after !== undefined && after.ns > from)
          path.unshift(before.mid + (after.mid - before.mid) * ((from - before.ns) / (after.ns - before.ns)));
        let change = 0;
        for (let i = 0; i < path.length; i++)
          for (let j = i + 1; j < path.length; j++) change = Math.max(change, Math.abs(path[j] - path[i]) / path[i]);
        if (Math.abs(change - 0.05) > 1e-9) expect(action === 'PullQuotes', `${change}`).toBe(change > 0.05);
      }
    }),
    draws(1, 300),
  );
});

it('does not know a mid of 0', () => {
  expect(
    actions([
      [0, 0],
      [100, 10_000],
      [200, 0],
      [300, 10_000],
    ]),
  ).toEqual(['None', 'None', 'None', 'None']);
});

it('goes on after a restore as it would have, with a long past', () => {
  const one = new PriceVelocityMonitor(DEFAULT_PRICE_VELOCITY);
  for (let i = 0; i < 5_000; i++) one.evaluate(riskInput({ nowNs: i * NS_PER_MS, midTicks: 10_000 + (i % 7) }));
  const two = new PriceVelocityMonitor(DEFAULT_PRICE_VELOCITY);
  two.restore(structuredClone(one.snapshot()));
  for (let i = 5_000; i < 7_000; i += 10) {
    const input = riskInput({ nowNs: i * NS_PER_MS, midTicks: i < 6_000 ? 10_300 : 10_600 });
    expect(two.evaluate(input)).toEqual(one.evaluate(input));
  }
  expect(two.snapshot()).toEqual(one.snapshot());
});
