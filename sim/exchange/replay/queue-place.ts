/**
 * Where a resting order stands in the queue of its price, as far as a recording lets it be known. It is part of the order
 * (`../own-orders.ts`); `replay-matching.ts` moves it on.
 */

/** Volumes in lots; those that a probability model works on are not whole. */
export interface QueuePlace {
  /** Since when it stands there. Trades that happened earlier do not reach it. */
  queuedNs: number;
  /** Recorded volume ahead, never negative; UNKNOWN_LOTS while the recording does not show the price. */
  frontLots: number;
  /** Size of the level when the recording last spoke of it. */
  shownLots: number;
  /** What was traded at the price since then. */
  tradedLots: number;
  /** By how much frames of exchange time `pulledNs` have pulled the front down, and the level. */
  pulledLots: number;
  shrunkLots: number;
  pulledNs: number;
}

/** Hands the place of one order on to another. */
export function keepPlace(order: QueuePlace, old: QueuePlace): void {
  order.queuedNs = old.queuedNs;
  order.frontLots = old.frontLots;
  order.shownLots = old.shownLots;
  order.tradedLots = old.tradedLots;
  order.pulledLots = old.pulledLots;
  order.shrunkLots = old.shrunkLots;
  order.pulledNs = old.pulledNs;
}
