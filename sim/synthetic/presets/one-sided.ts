import type { SyntheticParameters } from '../parameters.ts';
import { BUSY } from './busy.ts';

/** Buyers take all the time, and the asks that they find are thin. The price drifts up, as slowly as the impact makes it. */
export const ONE_SIDED: SyntheticParameters = {
  ...BUSY,
  description:
    'a one-sided market: two thirds and more of what is taken is bought, bids are four times as thick as asks',
  takers: { ...BUSY.takers, buyShare: 0.9, crossExcitation: 0, tiltPerBps: 0.1, snipeUsd: 15_000 },
  makers: BUSY.makers.map(group => ({ ...group, bidSizeFactor: 1.6, askSizeFactor: 0.4 })),
};
