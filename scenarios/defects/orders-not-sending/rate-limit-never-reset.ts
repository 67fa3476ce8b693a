/**
 * Nothing ever tells the rate limiters of a success: each 429 of a session waits longer than the one before it, and a side that was
 * refused waits to the end of its back-off though an order was taken (list L, L2).
 */
import { ProactiveRateLimiter } from '../../../core/infra/rate-limit/proactive.ts';
import { RejectionRateLimiter } from '../../../core/infra/rate-limit/rejection.ts';
import type { Defect } from '../defect.ts';

class NeverReset extends ProactiveRateLimiter {
  override answered(): void {}
  override tookOrders(): void {}
}

class SideNeverReset extends RejectionRateLimiter {
  override accepted(): void {}
}

export const rateLimitNeverReset: Defect = {
  name: 'rate-limit-never-reset',
  description: 'A success resets no back-off: not that after 429, of an address without requests, or of a side.',
  source: 'L2',
  primary: '1.1',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    rejections: ({ infra }, log) => new SideNeverReset(infra.rejection, log),
    rateLimiter: ({ infra }, instruments, draw, log) => new NeverReset(infra.proactive, instruments, draw, log),
  }),
};
