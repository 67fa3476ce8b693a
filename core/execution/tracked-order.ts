/** What an own order is, as it is kept here, and the states that it goes through (playbook 1.4). */
import type { Side } from '../market.ts';
import type { Tif } from '../port.ts';

export const ORDER_STATES = [
  /** Sent, not acknowledged. */
  'Placed',
  'Resting',
  'PartiallyFilled',
  /** A cancel or modification was sent, and is not answered. */
  'CancelPending',
  /** Gone from the exchange's book; its last fills may still come. */
  'CancelConfirmed',
  /** The exchange says that it was filled before the cancel; not all of those fills have come. */
  'FilledDuringCancel',
  'Filled',
  'Cancelled',
  /** Ended without a cancel of ours: by the exchange, or because nobody ever acknowledged it. */
  'Expired',
  'Rejected',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export function isFinal(state: OrderState): boolean {
  return state === 'Filled' || state === 'Cancelled' || state === 'Expired' || state === 'Rejected';
}

/** May be at the exchange, or be on its way there. */
export function isLive(state: OrderState): boolean {
  return state === 'Placed' || state === 'Resting' || state === 'PartiallyFilled' || state === 'CancelPending';
}

/** One own order. Read it, do not change it: it belongs to the tracker. */
export interface TrackedOrder {
  readonly cloid: number;
  /** 0 until the exchange has told it. */
  oid: number;
  readonly instrument: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly originalLots: number;
  readonly tif: Tif;
  readonly reduceOnly: boolean;
  /** Client order id of the order that this one takes the place of by a modification, 0: none. Only one of the two is live. */
  readonly replacesCloid: number;
  /** What the exchange is known to have filled. Never falls, never exceeds `originalLots`. */
  filledLots: number;
  /** What has come by the fill stream. */
  streamLots: number;
  state: OrderState;
  readonly placedNs: number;
  /** When the state changed last. */
  lastChangeNs: number;
  /** When the cancel under way was sent; 0: none. */
  cancelSentNs: number;
}

/** What of an order may still fill. */
export function remainingLots(order: TrackedOrder): number {
  return order.originalLots - order.filledLots;
}

/** What an open order is, by what was filled of it. One whose oid the exchange has not told is still on its way. */
export function openState(order: TrackedOrder): OrderState {
  if (order.filledLots > 0) return 'PartiallyFilled';
  return order.oid === 0 ? 'Placed' : 'Resting';
}
