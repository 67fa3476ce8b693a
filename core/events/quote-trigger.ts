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
  /** The volatility has grown or fallen by half. */
  'VolatilityChange',
  /** The market is in another regime. */
  'RegimeChange',
  /** An own order left the exchange's book without our asking. */
  'OrderGone',
  /** The mid moved at once, or step by step since the last reconciliation. */
  'MidMove',
  /** The mid has left the one that the resting quotes were made for. */
  'QuoteDrift',
  /** An own order has come to stand so far back that it will hardly be filled. */
  'QueueDepletion',
  /** What the signals expect has changed. */
  'SignalChange',
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
const SIGNAL_BASE = 30;
const SIGNAL_PER_CHANGE = 20;
const SIGNAL_EXTRA_MAX = 30;

/** Those whose priority is fixed. */
type FixedTrigger = Exclude<QuoteUpdateTrigger, 'MidMove' | 'SignalChange'>;

/** Priorities of core-facts 2.1; those for the feed, a vanished order, drift and trades are ours. */
const PRIORITY: Readonly<Record<FixedTrigger, number>> = {
  FullFill: 100,
  FeedRestored: 95,
  PartialFill: 90,
  VolatilityChange: 85,
  RegimeChange: 80,
  OrderGone: 80,
  QuoteDrift: 45,
  QueueDepletion: 40,
  Trade: 20,
  FallbackTimer: 10,
};

export function triggerPriority(trigger: FixedTrigger): number {
  return PRIORITY[trigger];
}

/** 50 and half a point for each basis point, at most 90. */
export function midMovePriority(moveBps: number): number {
  return MID_MOVE_BASE + Math.min(moveBps / 2, MID_MOVE_EXTRA_MAX);
}

/** 30 and 20 for a change by its own size, at most 60. */
export function signalPriority(relativeChange: number): number {
  return SIGNAL_BASE + Math.min(SIGNAL_PER_CHANGE * relativeChange, SIGNAL_EXTRA_MAX);
}
