/**
 * Queue models: how far a resting order of ours is from the front of its price level, guessed from what a recording
 * shows, which is sizes by price and trades, never single orders.
 *
 * A trade at the price always comes off the volume ahead. What is left to guess is who leaves when the level shrinks
 * without a trade: somebody ahead of us, or somebody behind. That, and nothing else, is a model. Models and functions
 * have the names and the formulas of hftbacktest (Rust crate 0.9.4, `backtest/models/queue.rs`), so that results can be
 * compared; `replay-matching.ts` says where the two programs still differ.
 *
 * Sizes are whole lots, volumes ahead need not be. Powers and logarithms are `core/math.ts`', because they reach the digest.
 */
import { log1p, pow } from '../../../core/math.ts';
import { POWERS_OF_TEN } from '../../../core/scale.ts';

/**
 * `RiskAdverseQueueModel`, or the function by which hftbacktest's `ProbQueueModel` splits a shrinking level into what was
 * ahead of us and what was behind.
 */
export const QUEUE_MODEL_NAMES = [
  'RiskAdverseQueueModel',
  'PowerProbQueueFunc',
  'PowerProbQueueFunc2',
  'PowerProbQueueFunc3',
  'LogProbQueueFunc',
  'LogProbQueueFunc2',
] as const;
export type QueueModelName = (typeof QUEUE_MODEL_NAMES)[number];

export interface QueueModelSettings {
  readonly queueModel: QueueModelName;
  /** `n` of the power functions, above 0: the larger, the more of a shrinking level is taken to be behind us. */
  readonly queuePower: number;
}

/** A pure function of volumes in lots. */
export interface QueueModel {
  /**
   * Volume ahead, now that the level shows `shownLots`. It showed `beforeLots` when the recording last spoke of it, and
   * `tradedLots` were traded there since, which the volume ahead has already been lowered by.
   */
  shown(frontLots: number, beforeLots: number, shownLots: number, tradedLots: number): number;
}

/**
 * The cautious one: who cancels stands behind us, as long as that can be true. So only trades move the order up, and a
 * level that shows less than what was thought to be ahead.
 */
const riskAdverseQueueModel: QueueModel = {
  shown: (frontLots, _beforeLots, shownLots) => (shownLots < frontLots ? shownLots : frontLots),
};

/** Share of what left a level that stood behind us, 0 to 1. `frontLots` is above 0, `backLots` is not negative. */
export type Probability = (frontLots: number, backLots: number) => number;

/** Takes who cancels to have stood behind us by a probability that depends on where we stand in the level. */
export class ProbQueueModel implements QueueModel {
  readonly #probability: Probability;

  constructor(probability: Probability) {
    this.#probability = probability;
  }

  shown(frontLots: number, beforeLots: number, shownLots: number, tradedLots: number): number {
    const leftLots = beforeLots - shownLots - tradedLots;
    // A level that grew has grown behind us.
    if (leftLots < 0 || frontLots === 0) return Math.min(frontLots, shownLots);
    const backLots = Math.max(0, beforeLots - frontLots);
    const leftBehindLots = this.#probability(frontLots, backLots) * leftLots;
    // What is taken to have left behind us and was never there must have left ahead.
    const tooManyLots = Math.max(0, leftBehindLots - backLots);
    const front = frontLots - (leftLots - leftBehindLots) - tooManyLots;
    return Math.max(0, Math.min(front, shownLots));
  }
}

/** f(back) / (f(back) + f(front)) with f(x) = x^n, as one power of a ratio, which cannot overflow. */
export function powerProbQueueFunc(n: number): Probability {
  return (frontLots, backLots) => 1 / (1 + pow(frontLots / backLots, n));
}

/** f(back) / f(back + front) with f(x) = x^n. */
export function powerProbQueueFunc2(n: number): Probability {
  return (frontLots, backLots) => pow(backLots / (backLots + frontLots), n);
}

/** 1 - f(front / (front + back)) with f(x) = x^n. */
export function powerProbQueueFunc3(n: number): Probability {
  return (frontLots, backLots) => 1 - pow(frontLots / (frontLots + backLots), n);
}

/** f(back) / (f(back) + f(front)) with f(x) = ln(1 + x) and x in whole coins, on which this one depends. */
export function logProbQueueFunc(lotsPerCoin: number): Probability {
  return (frontLots, backLots) => {
    const back = log1p(backLots / lotsPerCoin);
    return back / (back + log1p(frontLots / lotsPerCoin));
  };
}

/** f(back) / f(back + front) with f(x) = ln(1 + x) and x in whole coins. */
export function logProbQueueFunc2(lotsPerCoin: number): Probability {
  return (frontLots, backLots) => log1p(backLots / lotsPerCoin) / log1p((backLots + frontLots) / lotsPerCoin);
}

/** The model of an instrument whose lot is 10^-`sizeDecimals` coins. */
export function queueModel({ queueModel, queuePower }: QueueModelSettings, sizeDecimals: number): QueueModel {
  const lotsPerCoin = POWERS_OF_TEN[sizeDecimals];
  switch (queueModel) {
    case 'RiskAdverseQueueModel':
      return riskAdverseQueueModel;
    case 'PowerProbQueueFunc':
      return new ProbQueueModel(powerProbQueueFunc(queuePower));
    case 'PowerProbQueueFunc2':
      return new ProbQueueModel(powerProbQueueFunc2(queuePower));
    case 'PowerProbQueueFunc3':
      return new ProbQueueModel(powerProbQueueFunc3(queuePower));
    case 'LogProbQueueFunc':
      return new ProbQueueModel(logProbQueueFunc(lotsPerCoin));
    case 'LogProbQueueFunc2':
      return new ProbQueueModel(logProbQueueFunc2(lotsPerCoin));
  }
}
