/**
 * Queue models: how far a resting order of ours is from the front of its price level, guessed from what a recording
 * shows, which is sizes by price and trades, never single orders. The names are hftbacktest's, so that results can be
 * compared.
 *
 * A model is three pure functions over the volume ahead; the state they work on lies in the order (`own-orders.ts`).
 */

export type QueueModelName = 'RiskAdverseQueueModel';

/** All volumes in lots. */
export interface QueueModel {
  /** Volume ahead of an order that arrives at a price which shows `shownLots`. */
  arrived(shownLots: number): number;
  /** Volume ahead, now that the book shows `shownLots` at the price. */
  shown(frontLots: number, shownLots: number): number;
  /**
   * Volume ahead after `tradedLots` were traded at the price. Below zero, the absolute value is what the trade had left
   * when it came to us.
   */
  traded(frontLots: number, tradedLots: number): number;
}

/**
 * The cautious one: who cancels stands behind us, as long as that can be true. So only trades move the order up, and a
 * level that shows less than what was thought to be ahead.
 */
const riskAdverseQueueModel: QueueModel = {
  arrived: shownLots => shownLots,
  shown: (frontLots, shownLots) => (shownLots < frontLots ? shownLots : frontLots),
  traded: (frontLots, tradedLots) => frontLots - tradedLots,
};

export const QUEUE_MODELS: Readonly<Record<QueueModelName, QueueModel>> = {
  RiskAdverseQueueModel: riskAdverseQueueModel,
};
