import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RISK_LIMITS, RiskChecker } from '../../../core/risk/limits.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from '../infra/frames.ts';

function fresh(openInterestUsd = 0) {
  const log = new KeptLog();
  const checker = new RiskChecker(DEFAULT_RISK_LIMITS, log.write);
  checker.update(1_000, openInterestUsd, 3_000, 10);
  return { log, checker };
}

describe('limits of an account of $1,000 at a leverage of 3', () => {
  it.each([
    [700, null],
    [700.01, 'Soft'],
    [1_000, 'Soft'],
    [1_000.01, 'Hard'],
    [-1_000.01, 'Hard'],
  ])('a position of $%d: %s', (usd, violation) => {
    expect(fresh().checker.checkPosition(usd, 0)).toBe(violation);
  });

  it.each([
    [200, null],
    [200.01, 'Soft'],
    [250, 'Soft'],
    [250.01, 'Hard'],
  ])('an order of $%d: %s', (usd, violation) => {
    expect(fresh().checker.checkOrder(usd, 0)).toBe(violation);
  });

  it.each([
    [2_100, null],
    [2_100.01, 'Soft'],
    [3_000, 'Soft'],
    [3_000.01, 'Hard'],
  ])('$%d in all: %s', (usd, violation) => {
    expect(fresh().checker.checkNotional(usd, 0)).toBe(violation);
  });

  it('never forbid the smallest order that the exchange takes', () => {
    const { checker } = fresh();
    checker.update(30, 0, 90, 10);
    expect(checker.limits.hardOrderUsd).toBe(10);
    expect(checker.checkOrder(10, 0)).toBe('Soft');
  });

  it('bound a position by a hundredth of the open interest', () => {
    expect(fresh(50_000).checker.limits.hardPositionUsd).toBe(500);
    expect(fresh(200_000).checker.limits.hardPositionUsd).toBe(1_000);
  });

  it('leave room that shrinks from the soft limit on and ends at the hard one', () => {
    const { checker } = fresh();
    expect(checker.growthUsd(0, 0)).toBe(1_000);
    expect(checker.growthUsd(700, 700)).toBe(300);
    expect(checker.growthUsd(-850, 850)).toBeCloseTo(75, 9);
    expect(checker.growthUsd(1_000, 1_000) + 0).toBe(0);
    expect(checker.growthUsd(0, 2_550)).toBeCloseTo(225, 9);
    expect(checker.growthUsd(0, 3_000) + 0).toBe(0);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2_000, noNaN: true }),
        fc.double({ min: 0, max: 4_000, noNaN: true }),
        (p, n) => {
          const room = checker.growthUsd(p, n) + 0;
          expect(room).toBeGreaterThanOrEqual(0);
          expect(room).toBeLessThanOrEqual(Math.max(0, 1_000 - p));
        },
      ),
      draws(1, 300),
    );
  });

  it('are told of when a violation begins, changes and ends', () => {
    const { checker, log } = fresh();
    for (const [nowNs, usd] of [600, 800, 900, 1_100, 100].entries()) checker.checkPosition(usd, nowNs);
    expect(log.of('risk-limit')).toEqual([
      { type: 'risk-limit', atNs: 1, limit: 'Position', violation: 'Soft', valueUsd: 800, limitUsd: 700 },
      { type: 'risk-limit', atNs: 3, limit: 'Position', violation: 'Hard', valueUsd: 1_100, limitUsd: 1_000 },
      { type: 'risk-limit', atNs: 4, limit: 'Position', violation: null, valueUsd: 100, limitUsd: 700 },
    ]);
    const other = fresh();
    other.checker.restore(structuredClone(checker.snapshot()));
    expect(other.checker.limits).toEqual(checker.limits);
  });
});
