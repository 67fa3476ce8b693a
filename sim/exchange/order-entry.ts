/**
 * What becomes of one item of an action: an order placed, cancelled or modified. An order that passes the rules matches
 * what the recorded book shows, rests behind it, or both.
 */
import { NO_PRICE } from '../../core/book.ts';
import { ASK, BID, type Instrument, opposite, type Side } from '../../core/market.ts';
import type { Action, PlaceOrder, PostItem } from '../../core/port.ts';
import type { Account, ExchangeEvents } from './account.ts';
import {
  cannotModify,
  closingLots,
  formError,
  iocCancelled,
  MODIFY_MUST_REST,
  missingOrder,
  placingFailed,
  type Refusal,
  refusal,
} from './order-rules.ts';
import type { OwnOrder } from './own-orders.ts';
import type { QueueModel } from './queue-models.ts';
import { type RecordedBook, UNKNOWN_LOTS } from './recorded-book.ts';

export class OrderEntry {
  readonly #instruments: readonly Instrument[];
  readonly #recorded: readonly RecordedBook[];
  readonly #account: Account;
  readonly #model: QueueModel;
  readonly #maxOpenOrders: number;
  readonly #events: ExchangeEvents;
  /** One counter for all instruments. Refused orders count too, except for errors of form. */
  #nextOid = 1;

  constructor(
    instruments: readonly Instrument[],
    recorded: readonly RecordedBook[],
    account: Account,
    model: QueueModel,
    maxOpenOrders: number,
    events: ExchangeEvents,
  ) {
    this.#instruments = instruments;
    this.#recorded = recorded;
    this.#account = account;
    this.#model = model;
    this.#maxOpenOrders = maxOpenOrders;
    this.#events = events;
  }

  #refuse(type: Action['type'], error: string): PostItem {
    this.#events.rejected(type, error);
    return { status: 'error', error };
  }

  /** Places one order. */
  place(nowNs: number, order: PlaceOrder): PostItem {
    const wrongForm = formError(order, this.#instruments);
    if (wrongForm !== null) return this.#refuse('order', wrongForm);
    const oid = this.#nextOid++;
    const refused = this.#refusal(order);
    if (refused !== null) return this.#refuseOrder(nowNs, 'order', order, oid, refused, refused.error);
    if (order.tif === 'Ioc' && !this.#finds(order)) {
      // Own orders in its way would have been reached all the same.
      this.#expireCrossed(nowNs, order, order.priceTicks);
      const nothing = iocCancelled(order.instrument);
      return this.#refuseOrder(nowNs, 'order', order, oid, nothing, nothing.error);
    }
    return this.#accept(nowNs, order, oid, null);
  }

  #refuseOrder(
    nowNs: number,
    type: Action['type'],
    order: PlaceOrder,
    oid: number,
    refused: Refusal,
    error: string,
  ): PostItem {
    const item = this.#refuse(type, error);
    this.#account.tellRefused(nowNs, order, oid, refused.status);
    return item;
  }

  #refusal(order: PlaceOrder): Refusal | null {
    const { instrument, cloid } = order;
    const { orders } = this.#account;
    return refusal(order, {
      instrument: this.#instruments[instrument],
      positionLots: this.#account.positionLots(instrument),
      openOrders: orders.count,
      maxOpenOrders: this.#maxOpenOrders,
      cloidIsLive: orders.byCloid(cloid) !== undefined,
      bestBidTicks: this.#bestTicks(instrument, BID),
      bestAskTicks: this.#bestTicks(instrument, ASK),
    });
  }

  /** The best price with our own orders laid over the recorded book: what a post-only order is held against. */
  #bestTicks(instrument: number, side: Side): number {
    const recorded = this.#recorded[instrument].book.bestTicks(side);
    const own = this.#account.orders.side(instrument, side);
    if (own.length === 0) return recorded;
    if (recorded === NO_PRICE) return own[0].priceTicks;
    return side === BID ? Math.max(recorded, own[0].priceTicks) : Math.min(recorded, own[0].priceTicks);
  }

  /** True where the recorded book shows something that the order could take. */
  #finds(order: PlaceOrder): boolean {
    const best = this.#recorded[order.instrument].book.bestTicks(opposite(order.side));
    return best !== NO_PRICE && reaches(order, best);
  }

  /**
   * Takes an order that passed the rules: it matches, rests, or both. `old` is the order that it replaces and that has
   * just left the table.
   */
  #accept(nowNs: number, place: PlaceOrder, oid: number, old: OwnOrder | null): PostItem {
    const order = this.#newOrder(nowNs, place, oid);
    this.#events.accepted(order, old === null ? 0 : old.oid);
    const averageTicks = place.tif === 'Alo' ? 0 : this.#take(nowNs, place, order);
    const filledLots = order.originalLots - order.remainingLots;
    if (order.remainingLots === 0) this.#finish(nowNs, order, 'filled');
    else if (place.tif === 'Ioc') this.#finish(nowNs, order, 'canceled');
    else this.#rest(nowNs, order, old);
    if (filledLots === 0) return { status: 'resting', oid };
    this.#account.holdToReduceOnly(nowNs, order.instrument);
    return { status: 'filled', oid, filledLots, averageTicks };
  }

  #newOrder(nowNs: number, place: PlaceOrder, oid: number): OwnOrder {
    const { cloid, instrument, side, priceTicks, sizeLots, reduceOnly } = place;
    const position = this.#account.positionLots(instrument);
    // A reduce-only order is cut to the position (hyperliquid, section 3.3).
    const lots = reduceOnly ? closingLots(position, side, sizeLots) : sizeLots;
    return {
      oid,
      cloid,
      instrument,
      side,
      priceTicks,
      reduceOnly,
      placedLots: sizeLots,
      originalLots: lots,
      remainingLots: lots,
      queuedNs: nowNs,
      priority: oid,
      frontLots: UNKNOWN_LOTS,
      pulledLots: 0,
      pulledNs: 0,
    };
  }

  /**
   * Matches an order against the recorded levels at its limit or better, best first, one fill a level, and returns the
   * average price in ticks (0: nothing matched). Own orders that it meets on its way are cancelled, not matched
   * (hyperliquid, section 3.1, self-trade prevention).
   */
  #take(nowNs: number, place: PlaceOrder, order: OwnOrder): number {
    const side = opposite(order.side);
    const { book } = this.#recorded[order.instrument];
    let ticksTimesLots = 0;
    let ticks = book.bestTicks(side);
    while (order.remainingLots > 0 && ticks !== NO_PRICE && reaches(place, ticks)) {
      this.#expireCrossed(nowNs, place, ticks);
      const lots = Math.min(book.sizeLots(side, ticks), order.remainingLots);
      this.#account.fillTaker(nowNs, order, ticks, lots);
      ticksTimesLots += ticks * lots;
      ticks = book.worseThan(side, ticks);
    }
    if (order.remainingLots > 0) this.#expireCrossed(nowNs, place, order.priceTicks);
    return ticksTimesLots === 0 ? 0 : ticksTimesLots / (order.originalLots - order.remainingLots);
  }

  /** Ends own orders opposite to a taker, up to the price that it has come to. */
  #expireCrossed(nowNs: number, taker: PlaceOrder, ticks: number): void {
    const orders = this.#account.orders.side(taker.instrument, opposite(taker.side));
    while (orders.length !== 0) {
      const own = orders[0].priceTicks;
      if (taker.side === BID ? own > ticks : own < ticks) return;
      this.#account.end(nowNs, orders[0], 'expired', 'selfTradeCanceled');
    }
  }

  /** Ends an order that never came to rest. */
  #finish(nowNs: number, order: OwnOrder, end: 'filled' | 'canceled'): void {
    this.#events.removed(order, end);
    this.#account.tellStatus(nowNs, order, end);
  }

  /** Puts what remains into the queue: behind all that is shown, or in the old order's place where that may be kept. */
  #rest(nowNs: number, order: OwnOrder, old: OwnOrder | null): void {
    if (old !== null && keepsQueue(order, old)) {
      order.priority = old.priority;
      order.queuedNs = old.queuedNs;
      order.frontLots = old.frontLots;
      order.pulledLots = old.pulledLots;
      order.pulledNs = old.pulledNs;
    } else {
      const shownLots = this.#recorded[order.instrument].shownLots(order.side, order.priceTicks);
      if (shownLots !== UNKNOWN_LOTS) order.frontLots = this.#model.arrived(shownLots);
    }
    this.#account.orders.add(order);
    this.#account.tellStatus(nowNs, order, 'open');
  }

  /** Cancels an order that was looked up; undefined where none was found. */
  cancel(nowNs: number, type: Action['type'], instrument: number, order: OwnOrder | undefined): PostItem {
    if (order === undefined || order.instrument !== instrument) return this.#refuse(type, missingOrder(instrument));
    this.#account.end(nowNs, order, 'canceled', 'canceled');
    return { status: 'success' };
  }

  /**
   * A modification is a cancel and a placement in one: the new order has a new oid, and its cloid lives on only if it
   * was sent again. It must rest: GTC becomes post-only (hyperliquid, section 2.3). What is wrong in form, or comes too
   * late, leaves everything as it is and takes no oid; an order that is refused after that takes the old one with it.
   */
  modify(nowNs: number, oldOid: number, order: PlaceOrder): PostItem {
    const type = 'batchModify';
    const wrongForm = formError(order, this.#instruments);
    if (wrongForm !== null) return this.#refuse(type, wrongForm);
    if (order.tif === 'Ioc') return this.#refuse(type, MODIFY_MUST_REST);
    const old = this.#account.orders.byOid(oldOid);
    if (old === undefined || old.instrument !== order.instrument) {
      return this.#refuse(type, cannotModify(order.instrument));
    }
    const place: PlaceOrder = { ...order, tif: 'Alo' };
    const oid = this.#nextOid++;
    this.#account.orders.remove(old);
    const refused = this.#refusal(place);
    this.#events.removed(old, refused === null ? 'modified' : 'canceled');
    this.#account.tellStatus(nowNs, old, 'canceled');
    if (refused !== null) return this.#refuseOrder(nowNs, type, place, oid, refused, placingFailed(refused.error));
    return this.#accept(nowNs, place, oid, old);
  }

  snapshot(): unknown {
    return this.#nextOid;
  }

  restore(state: unknown): void {
    this.#nextOid = state as number;
  }
}

/** True where a price is at the order's limit or better for it. */
function reaches(order: PlaceOrder, ticks: number): boolean {
  return order.side === BID ? ticks <= order.priceTicks : ticks >= order.priceTicks;
}

/** A modification that only makes the order smaller keeps its place; everything else goes to the back. */
function keepsQueue(order: OwnOrder, old: OwnOrder): boolean {
  return order.side === old.side && order.priceTicks === old.priceTicks && order.originalLots <= old.remainingLots;
}
