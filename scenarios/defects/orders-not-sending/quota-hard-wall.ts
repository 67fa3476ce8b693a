/** Below 10 % of the requests nothing is quoted at all: the wall that cost one live session 94 % of its cycles (incident I-46). */
import { QuotaTracker } from '../../../core/infra/rate-limit/quota.ts';
import type { Defect } from '../defect.ts';

const WALL_BELOW = 0.1;

export const quotaHardWall: Defect = {
  name: 'quota-hard-wall',
  description: 'With less than 10 % of the requests left nothing is sent that does not reduce the position.',
  source: 'I-46',
  primary: '1.1',
  allowed: ['2.5'],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    quota: ({ infra }, log) => new QuotaTracker({ ...infra.quota, conservationBelow: WALL_BELOW }, log),
  }),
};
