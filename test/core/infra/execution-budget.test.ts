import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_EXECUTION_BUDGET, ExecutionBudget } from '../../../core/infra/execution-budget.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from './frames.ts';

function fresh(change: Partial<typeof DEFAULT_EXECUTION_BUDGET> = {}) {
  const log = new KeptLog();
  return { log, budget: new ExecutionBudget({ ...DEFAULT_EXECUTION_BUDGET, ...change }, log.write) };
}

describe('the bucket', () => {
  it('holds 2,000 tokens, refills 20 a second and never overflows', () => {
    const { budget } = fresh();
    expect(budget.tokens(0)).toBe(2_000);
    expect(budget.tokens(NS_PER_S)).toBe(2_000);
    expect(budget.trySpend(1_001, NS_PER_S)).toBe(true);
    expect(budget.tokens(NS_PER_S)).toBe(2_000 - 801);
    expect(budget.tokens(2 * NS_PER_S)).toBe(2_000 - 801 + 20);
    expect(budget.tokens(100 * NS_PER_S)).toBe(2_000);
  });

  it('charges 1 for the first of a batch and 0.8 for each further one', () => {
    const { budget } = fresh();
    expect([0, 1, 2, 11].map(items => budget.cost(items))).toEqual([0, 1, 1.8, 9]);
  });

  it('pays with the last token, skips and counts what it cannot pay, and says both once', () => {
    const { budget, log } = fresh({ capacityTokens: 1, refillPerS: 1 });
    expect(budget.trySpend(1, 0)).toBe(true);
    expect(budget.trySpend(1, 999 * NS_PER_MS)).toBe(false);
    expect(budget.trySpend(1, 999 * NS_PER_MS)).toBe(false);
    expect(budget.skipped).toBe(2);
    expect(budget.affordableNs(1, 999 * NS_PER_MS)).toBe(NS_PER_S);
    expect(budget.affordableNs(2, 999 * NS_PER_MS), 'more than it ever holds').toBe(Infinity);
    expect(budget.trySpend(1, NS_PER_S)).toBe(true);
    expect(log.of('execution-budget').map(({ isExhausted, skipped }) => [isExhausted, skipped])).toEqual([
      [true, 1],
      [false, 2],
    ]);
  });

  it('always pays for what must be sent, down to a debt of 20', () => {
    const { budget } = fresh({ capacityTokens: 10 });
    budget.spendEmergency(101, 0);
    expect(budget.tokens(0)).toBe(-20);
    budget.spendEmergency(1, 0);
    expect(budget.tokens(0)).toBe(-20);
    expect(budget.trySpend(1, NS_PER_S)).toBe(false);
    expect(budget.trySpend(1, 2 * NS_PER_S)).toBe(true);
    expect(budget.utilisation(2 * NS_PER_S)).toBeGreaterThan(0.5);
  });
});

it('never pays more than there was, and goes on after a restore', () => {
  const step = fc.record({ items: fc.integer({ min: 0, max: 60 }), waitMs: fc.integer({ min: 0, max: 3_000 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      let { budget } = fresh({ capacityTokens: 50 });
      let nowNs = 0;
      let paid = 0;
      for (const { items, waitMs } of steps) {
        nowNs += waitMs * NS_PER_MS;
        if (budget.trySpend(items, nowNs)) paid += budget.cost(items);
        expect(budget.tokens(nowNs)).toBeGreaterThanOrEqual(0);
        expect(paid).toBeLessThanOrEqual(50 + (nowNs / NS_PER_S) * 20 + 1e-6);
        const next = fresh({ capacityTokens: 50 }).budget;
        next.restore(structuredClone(budget.snapshot()));
        budget = next;
      }
    }),
    draws(1, 200),
  );
});
