import type { MakerGroup, SyntheticParameters } from '../parameters.ts';

/** Small quotes at the touch, quick to follow. */
const TOUCH: MakerGroup = {
  makers: 5,
  levels: 1,
  nearestBps: 0.3,
  levelRatio: 1,
  makerRatio: 1.4,
  sizeMedianUsd: 15_000,
  sizeLogDeviation: 1,
  bidSizeFactor: 1,
  askSizeFactor: 1,
  reactionMs: 300,
  toleranceBps: 0.4,
  toleranceShare: 0,
  opinionBps: 0.2,
  opinionMeanS: 10,
};

/** Thick ladders behind them. */
const LADDERS: MakerGroup = {
  makers: 4,
  levels: 5,
  nearestBps: 0.7,
  levelRatio: 2.2,
  makerRatio: 1.4,
  sizeMedianUsd: 120_000,
  sizeLogDeviation: 0.3,
  bidSizeFactor: 1,
  askSizeFactor: 1,
  reactionMs: 500,
  toleranceBps: 0.6,
  toleranceShare: 0.15,
  opinionBps: 0.3,
  opinionMeanS: 20,
};

/** A working day: ten times the trades of a calm hour and three times its volatility. */
export const BUSY: SyntheticParameters = {
  description: 'a working day: several trades a second, in bursts, and a book that follows quickly',
  price: {
    volatilityBpsPerSqrtS: 1,
    activeFactor: 3,
    activeMeanS: 10,
    quietMeanS: 40,
    swingBps: 0,
    swingMemoryS: 4,
    jumpsPerS: 0.03,
    jumpMeanBps: 2,
    commonShare: 0.6,
    impactBpsPerMUsd: 2,
  },
  takers: {
    perS: 5,
    buyShare: 0.5,
    selfExcitation: 0.6,
    crossExcitation: 0.1,
    excitementMemoryS: 1.5,
    sizeMedianUsd: 1_500,
    sizeLogDeviation: 1.8,
    sizeMaxUsd: 500_000,
    slippageBps: 20,
    tiltPerBps: 0.3,
    imbalanceTilt: 0.3,
    snipeMs: 250,
    snipeEdgeBps: 0.4,
    snipeUsd: 50_000,
  },
  makers: [TOUCH, LADDERS],
  patient: {
    ordersASide: 60,
    distanceMedianBps: 8,
    distanceLogDeviation: 1.5,
    lifetimeMeanS: 15,
    sizeMedianUsd: 3_000,
    sizeLogDeviation: 1.4,
  },
  references: { oracleNoiseBps: 1.5, venueNoiseBps: 1.5, openInterestUsd: 400_000_000 },
  accounts: {
    accounts: 100,
    interestShare: 0.06,
    longShare: 0.5,
    liquidationMinBps: 200,
    liquidationMeanBps: 800,
    returnMeanS: 300,
  },
  event: null,
};
