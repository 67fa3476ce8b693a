import { expect, it } from 'vitest';
import { HIGH_PRIORITY, midMovePriority, signalPriority, triggerPriority } from '../../../core/events/quote-trigger.ts';

it('ranks fills before a vanished order, and that before trades and the timer', () => {
  const order = [
    'FullFill',
    'FeedRestored',
    'PartialFill',
    'VolatilityChange',
    'RegimeChange',
    'OrderGone',
    'QuoteDrift',
    'QueueDepletion',
    'Trade',
    'FallbackTimer',
  ] as const;
  const ranked = order.map(triggerPriority);
  expect(ranked).toEqual(ranked.slice().sort((a, b) => b - a));
  expect(triggerPriority('OrderGone')).toBeGreaterThanOrEqual(HIGH_PRIORITY);
  expect(triggerPriority('Trade')).toBeLessThan(HIGH_PRIORITY);
});

it.each([
  [0, 50],
  [5, 52.5],
  [79, 89.5],
  [80, 90],
  [500, 90],
])('a move of %d bps has priority %d', (bps, priority) => {
  expect(midMovePriority(bps)).toBe(priority);
});

it.each([
  [0.2, 34],
  [1.5, 60],
  [9, 60],
])('a signal that changes by %d of itself has priority %d', (change, priority) => {
  expect(signalPriority(change)).toBe(priority);
});
