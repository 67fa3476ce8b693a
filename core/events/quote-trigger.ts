/**
 * What may ask for new quotes, and how urgently (playbook 2.1). The higher the priority, the more urgent.
 */

export const QUOTE_UPDATE_TRIGGERS = [
  /** An own order was filled to its end. */
  'FullFill',
  /** The feed is back after it was stale. */
  'FeedRestored',
  /** An own order was filled in part. */
  'PartialFill',
  /** An own order left the exchange's book without our asking. */
  'OrderGone',
  /** The mid moved at once, or step by step since the last reconciliation. */
  'MidMove',
  /** The mid has left the one that the resting quotes were made for. */
  'QuoteDrift',
  /** Somebody traded. */
  'Trade',
  /** Nothing else asked for longer than quotes may go unlooked at. */
  'FallbackTimer',
] as const;
export type QuoteUpdateTrigger = (typeof QUOTE_UPDATE_TRIGGERS)[number];

/** From this priority on a trigger needs no other beside it (core-facts 2.1). */
export const HIGH_PRIORITY = 80;

const MID_MOVE_BASE = 50;
const MID_MOVE_EXTRA_MAX = 40;

/** Priorities of core-facts 2.1; those for the feed, a vanished order, drift and trades are ours. A mid move has its own. */
const PRIORITY: Readonly<Record<Exclude<QuoteUpdateTrigger, 'MidMove'>, number>> = {
  FullFill: 100,
  FeedRestored: 95,
  PartialFill: 90,
  OrderGone: 80,
  QuoteDrift: 45,
  Trade: 20,
  FallbackTimer: 10,
};

export function triggerPriority(trigger: Exclude<QuoteUpdateTrigger, 'MidMove'>): number {
  return PRIORITY[trigger];
}

/** 50 and half a point for each basis point, at most 90. */
export function midMovePriority(moveBps: number): number {
  return MID_MOVE_BASE + Math.min(moveBps / 2, MID_MOVE_EXTRA_MAX);
}
