import { expect, it } from 'vitest';
import { DEFAULT_QUOTA, QuotaTracker } from '../../../../core/infra/rate-limit/quota.ts';
import { NS_PER_S } from '../../../../core/scale.ts';
import { KeptLog } from '../frames.ts';

function fresh() {
  const log = new KeptLog();
  return { log, quota: new QuotaTracker(DEFAULT_QUOTA, log.write) };
}

it.each([
  [0, 'conservation', 2],
  [499, 'conservation', 2],
  [500, 'minimal', 2],
  [700, 'minimal', 2],
  [1_999, 'minimal', 2],
  [2_000, 'full', 5],
  [10_000, 'full', 5],
])('%d of 10,000 requests left: %s, %d levels of 5', (left, tier, levels) => {
  const { quota } = fresh();
  quota.answered(10_000 - left, 10_000, 0);
  expect(quota.tier).toBe(tier);
  expect(quota.isConserving).toBe(tier === 'conservation');
  expect(quota.levels(5)).toBe(levels);
  expect(quota.levels(1), 'never fewer than one').toBe(1);
});

it('is unlimited while nothing is known', () => {
  const { quota, log } = fresh();
  quota.sent(50_000, 0);
  quota.traded(1_000, 0);
  expect(quota.headroom).toBe(1);
  expect(quota.tier).toBe('full');
  expect(log.entries).toEqual([]);
});

it('asks every minute, and counts what is sent between', () => {
  const { quota, log } = fresh();
  expect(quota.refreshDue(0)).toBe(true);
  quota.asked(0);
  expect(quota.refreshDue(60 * NS_PER_S - 1)).toBe(false);
  expect(quota.refreshDue(60 * NS_PER_S)).toBe(true);
  // 10 went out after the question: the answer may not hold them.
  quota.sent(10, 1);
  quota.answered(7_990, 10_000, 2);
  expect(quota.headroom).toBe(0.2);
  expect(quota.tier).toBe('full');
  quota.sent(1, 3);
  expect(quota.tier).toBe('minimal');
  quota.sent(10_000, 4);
  expect(quota.headroom).toBe(0);
  quota.traded(90_000, 5);
  expect(quota.tier).toBe('full');
  expect(log.of('quota-tier').map(({ tier }) => tier)).toEqual(['minimal', 'conservation', 'full']);
  const two = fresh().quota;
  two.restore(structuredClone(quota.snapshot()));
  expect(two.headroom).toBe(quota.headroom);
  expect(two.refreshDue(60 * NS_PER_S - 1)).toBe(false);
});
