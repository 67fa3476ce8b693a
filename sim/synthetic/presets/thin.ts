import type { SyntheticParameters } from '../parameters.ts';
import { CALM } from './calm.ts';

/** What a core meets in a small coin or at night: it takes long to warm up, and its own orders are a good part of the book. */
export const THIN: SyntheticParameters = {
  ...CALM,
  description: 'a thin market: wide spread, little depth, slow makers, a trade every ten seconds',
  price: { ...CALM.price, volatilityBpsPerSqrtS: 0.6, impactBpsPerMUsd: 40 },
  takers: { ...CALM.takers, perS: 0.08, sizeMedianUsd: 400, sizeMaxUsd: 20_000, snipeMs: 2_000, snipeEdgeBps: 1.5 },
  makers: CALM.makers.map(group => ({
    ...group,
    makers: 2,
    nearestBps: 8 * group.nearestBps,
    sizeMedianUsd: group.sizeMedianUsd / 20,
    sizeLogDeviation: 0.6,
    reactionMs: 4 * group.reactionMs,
    toleranceBps: 1.5,
    opinionBps: 1,
  })),
  patient: { ...CALM.patient, ordersASide: 5, distanceMedianBps: 30, sizeMedianUsd: 500 },
};
