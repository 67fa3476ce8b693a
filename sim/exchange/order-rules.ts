/**
 * What makes the exchange refuse an order, with its own texts (hyperliquid, section 2.5) and status names (3.6).
 *
 * Clients match the texts by prefix; those marked "ours" stand where the exchange's are not known.
 */
import { NO_PRICE } from '../../core/book.ts';
import { BID, type Instrument } from '../../core/market.ts';
import type { PlaceOrder } from '../../core/port.ts';
import { NS_PER_MS, POWERS_OF_TEN } from '../../core/scale.ts';

/** A refusal of an order that was understood: it takes an oid and shows up in `orderUpdates`. */
export interface Refusal {
  readonly error: string;
  /** The order's status on `orderUpdates`. */
  readonly status: string;
}

/** Largest price of the tape's columns. */
export const MAX_PRICE_TICKS = 0x7fff_ffff;

/** Errors of a whole action. */
export const ORDERS_ARE_EMPTY = 'Orders are empty.';
export function duplicateNonce(nonce: number): string {
  return `Invalid nonce: duplicate nonce ${nonce}`;
}
export function overWeightLimit(limit: number): string {
  return `Signed action over weight limit of ${limit}.`;
}
/** Ours: the rule is documented (hyperliquid, section 3.8), its text is not. */
export function nonceOutOfWindow(nonce: number): string {
  return `Invalid nonce: ${nonce} is not within 2 days before and 1 day after the block`;
}
/** The action came after its `expiresAfter`. */
export const ACTION_EXPIRED = 'Action already expired';

/** Errors of a cancel or modification whose order is gone. */
export function missingOrder(instrument: number): string {
  return `Order was never placed, already canceled, or filled. asset=${instrument}`;
}
export function cannotModify(instrument: number): string {
  return `Cannot modify canceled or filled order. asset=${instrument}`;
}
/** The old order of such a modification is gone. */
export function placingFailed(reason: string): string {
  return `Error placing new order during modify: ${reason}`;
}
/** Ours. Without `always_place` a modification may only place what rests (hyperliquid, section 2.3). */
export const MODIFY_MUST_REST = 'Modify must place an order that rests.';

/**
 * The form of an order, before anything else is looked at. Such an error takes no oid and gives no order update
 * (hyperliquid, section 3.1). Null: nothing wrong.
 */
export function formError(order: PlaceOrder, instruments: readonly Instrument[]): string | null {
  const { instrument, priceTicks, sizeLots } = order;
  // Ours.
  if (instruments[instrument] === undefined) return `Order has invalid asset. asset=${instrument}`;
  if (!Number.isInteger(priceTicks) || priceTicks <= 0 || priceTicks > MAX_PRICE_TICKS)
    return 'Order has invalid price.';
  if (sizeLots === 0) return 'Order has zero size.';
  if (!Number.isSafeInteger(sizeLots) || sizeLots < 0) return 'Order has invalid size.';
  return null;
}

/**
 * True where a price obeys the significant figures: whole numbers always do, others may have so many of them. That it has
 * not too many decimals is in the nature of ticks.
 */
export function isPriceOnGrid(instrument: Instrument, priceTicks: number): boolean {
  const { significantFigures, priceDecimals } = instrument;
  if (significantFigures === 0 || priceTicks % POWERS_OF_TEN[priceDecimals] === 0) return true;
  let digits = priceTicks;
  while (digits % 10 === 0) digits /= 10;
  return digits < POWERS_OF_TEN[significantFigures];
}

/** Lots by which an order of this size would close the position, at most the size. */
export function closingLots(positionLots: number, side: number, sizeLots: number): number {
  const closable = side === BID ? -positionLots : positionLots;
  return Math.max(0, Math.min(closable, sizeLots));
}

const DAY_MS = 86_400_000;

/** True where a nonce, in ms, lies between two days before and one day after now. Both ends are outside. */
export function isNonceInWindow(nonce: number, nowNs: number): boolean {
  const nowMs = Math.floor(nowNs / NS_PER_MS);
  return nonce > nowMs - 2 * DAY_MS && nonce < nowMs + DAY_MS;
}

/** What the rules look at beside the order itself. */
export interface Standing {
  readonly instrument: Instrument;
  readonly positionLots: number;
  readonly openOrders: number;
  readonly maxOpenOrders: number;
  /** With so many open orders nothing more that is reduce-only is taken. */
  readonly maxForReduceOnly: number;
  readonly cloidIsLive: boolean;
  /** Best prices, our own orders included; NO_PRICE for an empty side. */
  readonly bestBidTicks: number;
  readonly bestAskTicks: number;
}

/** The first rule that an order breaks, or null. Its form has been checked. */
export function refusal(order: PlaceOrder, standing: Standing): Refusal | null {
  const { instrument, positionLots } = standing;
  if (!isPriceOnGrid(instrument, order.priceTicks)) {
    return { error: 'Price must be divisible by tick size.', status: 'tickRejected' };
  }
  // Ours: what the exchange does with a cloid that is live is not known (hyperliquid, section 10). Two live orders of
  // one cloid could not be told apart, so the second is refused.
  if (standing.cloidIsLive) return { error: 'duplicate cloid', status: 'rejected' };
  const closing = closingLots(positionLots, order.side, order.sizeLots);
  if (order.reduceOnly && closing === 0) {
    return { error: 'Reduce only order would increase position.', status: 'reduceOnlyRejected' };
  }
  const isClosing = order.reduceOnly || closing === order.sizeLots;
  if (!isClosing && isBelowMinimum(instrument, order)) {
    const error = `Order must have minimum value of $${instrument.minNotionalUsd}.`;
    return { error, status: 'minTradeNtlRejected' };
  }
  if (hasTooManyOpen(order, standing)) {
    // Ours: only the status is known.
    return { error: 'Too many open orders.', status: 'tooManyOpenOrdersRejected' };
  }
  if (order.tif === 'Alo' && wouldMatch(order, standing)) {
    const bid = formatTicks(standing.bestBidTicks, instrument.priceDecimals);
    const ask = formatTicks(standing.bestAskTicks, instrument.priceDecimals);
    const error = `Post only order would have immediately matched, bbo was ${bid}@${ask}. asset=${order.instrument}`;
    return { error, status: 'badAloPxRejected' };
  }
  return null;
}

/** An order that rests counts against the cap; a reduce-only one is refused earlier, even if it only takes. */
function hasTooManyOpen(order: PlaceOrder, standing: Standing): boolean {
  const { openOrders, maxOpenOrders, maxForReduceOnly } = standing;
  return (order.reduceOnly && openOrders >= maxForReduceOnly) || (order.tif !== 'Ioc' && openOrders >= maxOpenOrders);
}

/** For an immediate-or-cancel order that found nothing. */
export function iocCancelled(instrument: number): Refusal {
  const error = `Order could not immediately match against any resting orders. asset=${instrument}`;
  return { error, status: 'iocCancelRejected' };
}

function isBelowMinimum(instrument: Instrument, order: PlaceOrder): boolean {
  const ticksTimesLotsOfOneUsd = POWERS_OF_TEN[instrument.priceDecimals] * POWERS_OF_TEN[instrument.sizeDecimals];
  return order.priceTicks * order.sizeLots < instrument.minNotionalUsd * ticksTimesLotsOfOneUsd;
}

function wouldMatch(order: PlaceOrder, standing: Standing): boolean {
  if (order.side === BID) return standing.bestAskTicks !== NO_PRICE && order.priceTicks >= standing.bestAskTicks;
  return order.priceTicks <= standing.bestBidTicks;
}

/** A price as the exchange writes it in texts: decimal, without trailing zeros. */
export function formatTicks(ticks: number, priceDecimals: number): string {
  const digits = String(ticks).padStart(priceDecimals + 1, '0');
  const whole = digits.slice(0, digits.length - priceDecimals);
  const fraction = digits.slice(digits.length - priceDecimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
