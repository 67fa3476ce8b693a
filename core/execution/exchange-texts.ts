/**
 * What the exchange's words mean for an order: the status names of `orderUpdates`, and the texts with which it refuses a cancel
 * or a modification (hyperliquid.md 2.5, 3.4, 3.6).
 */

export type StatusEnd = 'open' | 'filled' | 'cancelled' | 'expired' | 'rejected' | 'unknown';

/** What an `orderUpdates` status makes of its order. Names that are not known are told by their ending. */
export function endOfStatus(status: string): StatusEnd {
  if (status === 'open') return 'open';
  if (status === 'filled') return 'filled';
  if (status === 'canceled') return 'cancelled';
  if (status === 'rejected' || status.endsWith('Rejected')) return 'rejected';
  // Cancelled by the exchange on its own account: margin, self-trade, reduce-only, delisting, a schedule.
  if (status.endsWith('Canceled') || status === 'scheduledCancel') return 'expired';
  return 'unknown';
}

/**
 * Whether an order was refused because the market was faster: post-only, and it would have matched, or a modification whose
 * order had ended. The next one may well be taken.
 */
export function isOvertaken(reason: string): boolean {
  const text = reason.toLowerCase();
  return text.includes('post only') || text.includes('badalopx') || text.includes('cannot modify canceled');
}

/** Whether a request was refused because another one with its nonce was carried out before (hyperliquid, section 3.8). */
export function isDuplicateNonce(reason: string): boolean {
  return reason.toLowerCase().includes('duplicate nonce');
}

/** `gone`: off the book, cancelled or filled; `filled`: filled for certain; `none`: the order is as it was. */
export type CancelFailureEnd = 'gone' | 'filled' | 'none';

/**
 * What the refusal of a cancel or modification makes of the order. "canceled" is looked for before "filled", because the usual
 * texts name both and mean either; such an order is off the book and its fills, if any, will come.
 */
export function endOfCancelFailure(reason: string): CancelFailureEnd {
  const text = reason.toLowerCase();
  if (text.includes('cancel') && text.includes('already')) return 'gone';
  if (text.includes('cannot modify canceled')) return 'gone';
  // The cancelling half of a modification was carried out, the placing half was not.
  if (text.startsWith('error placing new order during modify')) return 'gone';
  if (text.includes('filled')) return 'filled';
  return 'none';
}
