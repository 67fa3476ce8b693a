/** The back-off of one side, wrong in two ways: written down and not kept (list L, L3), and counted by order (incident I-29). */
import { RejectionRateLimiter } from '../../../core/infra/rate-limit/rejection.ts';
import type { Defect } from '../defect.ts';

class NotHonoured extends RejectionRateLimiter {
  override holdsBack(): boolean {
    return false;
  }
}

export const sideBackoffIgnored: Defect = {
  name: 'side-backoff-ignored',
  description: 'Refusals in a row start the back-off of their side, and orders go out on it all the same.',
  source: 'L3',
  primary: '1.1',
  allowed: ['2.5'],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({ ...usual, rejections: ({ infra }, log) => new NotHonoured(infra.rejection, log) }),
};

class CountedByOrder extends RejectionRateLimiter {
  protected override countOf(orders: number): number {
    return orders;
  }
}

export const refusalsCountedByOrder: Defect = {
  name: 'refusals-counted-by-order',
  description: 'Each refused order of a batch counts as one more refusal in a row of its side.',
  source: 'I-29',
  primary: '1.1',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({ ...usual, rejections: ({ infra }, log) => new CountedByOrder(infra.rejection, log) }),
};
