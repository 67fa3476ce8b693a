/** Nothing ever tells the rate limiter of a success: each 429 of a session waits longer than the one before it (list L, L2). */
import { ProactiveRateLimiter } from '../../../core/infra/rate-limit/proactive.ts';
import type { Defect } from '../defect.ts';

class NeverReset extends ProactiveRateLimiter {
  override answered(): void {}
  override tookOrders(): void {}
}

export const rateLimitNeverReset: Defect = {
  name: 'rate-limit-never-reset',
  description: 'A success resets neither the back-off after 429 nor that of an address without requests.',
  source: 'L2',
  primary: '1.1',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    rateLimiter: ({ infra }, instruments, draw, log) => new NeverReset(infra.proactive, instruments, draw, log),
  }),
};
