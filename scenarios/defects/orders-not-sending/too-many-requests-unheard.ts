/** Nobody tells the rate limiter of an answer 429: its back-off never begins, and orders go out as if nothing were wrong (list L, L2). */
import { ProactiveRateLimiter } from '../../../core/infra/rate-limit/proactive.ts';
import type { Defect } from '../defect.ts';

class Unheard extends ProactiveRateLimiter {
  override refused(): void {}
}

export const tooManyRequestsUnheard: Defect = {
  name: 'too-many-requests-unheard',
  description: 'An answer 429 starts no back-off.',
  source: 'L2',
  primary: '1.1',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    rateLimiter: ({ infra }, instruments, draw, log) => new Unheard(infra.proactive, instruments, draw, log),
  }),
};
