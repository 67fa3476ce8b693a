import type { SyntheticParameters } from '../parameters.ts';
import { BUSY } from './busy.ts';

/**
 * The mid moves by more than 2 bps within nearly every 3 s, so that a core that re-prices at 2 bps changes both sides at
 * least that often. The regimes differ little: quiet spells would break that promise. Most of it are swings that lead
 * nowhere, because a trend as strong would fill a small account's inventory and take one of its sides away.
 */
export const VOLATILE: SyntheticParameters = {
  ...BUSY,
  description: 'a nervous market: the mid moves more than 2 bps within nearly every 3 s',
  price: {
    ...BUSY.price,
    volatilityBpsPerSqrtS: 2,
    activeFactor: 1.2,
    activeMeanS: 15,
    quietMeanS: 30,
    swingBps: 5.5,
    swingMemoryS: 4,
    jumpsPerS: 0.05,
    jumpMeanBps: 3,
  },
  takers: { ...BUSY.takers, perS: 8, tiltPerBps: 0.15, snipeMs: 150, snipeEdgeBps: 0.5 },
  makers: BUSY.makers.map(group => ({
    ...group,
    nearestBps: 2 * group.nearestBps,
    toleranceBps: 0.7,
    reactionMs: 0.5 * group.reactionMs,
  })),
  patient: { ...BUSY.patient, distanceMedianBps: 15, lifetimeMeanS: 10 },
  references: { ...BUSY.references, oracleNoiseBps: 3, venueNoiseBps: 3 },
};
