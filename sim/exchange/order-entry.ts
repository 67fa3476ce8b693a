/**
 * What becomes of one item of an action: an order placed, cancelled or modified. An order that passes the rules is matched
 * by the venue, rests there, or both.
 */
import { ASK, BID, type Instrument, type Side } from '../../core/market.ts';
import type { Action, PlaceOrder, PostItem } from '../../core/port.ts';
import type { Account, ExchangeEvents } from './account.ts';
import { NO_SLOT } from './book/order-slots.ts';
import type { Limits } from './limits/limits.ts';
import {
  cannotModify,
  closingLots,
  formError,
  iocCancelled,
  MAX_PRICE_TICKS,
  MODIFY_MUST_REST,
  missingOrder,
  placingFailed,
  type Refusal,
  refusal,
} from './order-rules.ts';
import type { OwnOrder } from './own-orders.ts';
import { UNKNOWN_LOTS } from './replay/recorded-book.ts';
import type { Venue } from './venue.ts';

export class OrderEntry {
  readonly #instruments: readonly Instrument[];
  readonly #venue: Venue;
  readonly #account: Account;
  readonly #limits: Limits;
  readonly #events: ExchangeEvents;
  /** One counter for all instruments. Refused orders count too, except for errors of form. */
  #nextOid = 1;

  constructor(
    instruments: readonly Instrument[],
    venue: Venue,
    account: Account,
    limits: Limits,
    events: ExchangeEvents,
  ) {
    this.#instruments = instruments;
    this.#venue = venue;
    this.#account = account;
    this.#limits = limits;
    this.#events = events;
  }

  // ------------------------------------------------------------------------------------------------- placing

  /**
   * What is wrong with an order before anything of it is carried out: its form, or a price outside the band. Such an error
   * is one of the whole action, and takes no oid. Null: nothing.
   */
  preValidate(order: PlaceOrder): string | null {
    const { instrument } = order;
    const wrongForm = formError(order, this.#instruments);
    if (wrongForm !== null) return wrongForm;
    const venue = this.#venue;
    return this.#limits.market.bandError(order, venue.bestTicks(instrument, BID), venue.bestTicks(instrument, ASK));
  }

  /** Places one order that has been pre-validated. */
  place(nowNs: number, order: PlaceOrder): PostItem {
    return this.#placeNew(nowNs, 'order', order);
  }

  #placeNew(nowNs: number, type: Action['type'], order: PlaceOrder): PostItem {
    const oid = this.#nextOid++;
    const refused = this.#refusal(nowNs, order);
    if (refused !== null) return this.#refuseOrder(nowNs, type, order, oid, refused, refused.error);
    return this.#accept(nowNs, order, oid, null);
  }

  #refuse(type: Action['type'], error: string): PostItem {
    this.#events.rejected(type, error);
    return { status: 'error', error };
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

  /** Why an order is not taken; null: nothing against it. */
  #refusal(nowNs: number, order: PlaceOrder): Refusal | null {
    const { instrument, cloid, side } = order;
    const refused = this.#events.refuses?.(order) ?? null;
    if (refused !== null) return refused;
    const account = this.#account;
    const venue = this.#venue;
    const limits = this.#limits;
    const positionLots = account.positionLots(instrument);
    const forbidden = limits.market.refusal(order, positionLots);
    if (forbidden !== null) return forbidden;
    const broken = refusal(order, {
      instrument: this.#instruments[instrument],
      positionLots,
      openOrders: account.orders.count,
      maxOpenOrders: limits.maxOpenOrders,
      maxForReduceOnly: limits.values.openOrdersReduceOnly,
      cloidIsLive: account.orders.byCloid(cloid) !== undefined,
      bestBidTicks: venue.bestTicks(instrument, BID),
      bestAskTicks: venue.bestTicks(instrument, ASK),
    });
    if (broken !== null) return broken;
    const withoutMargin = account.margin.refusal(order);
    if (withoutMargin !== null) return withoutMargin;
    if (order.tif !== 'Ioc' || venue.finds(order)) return null;
    // Own orders in its way are reached all the same.
    account.expireCrossed(nowNs, instrument, side, order.priceTicks);
    return iocCancelled(instrument);
  }

  /**
   * Takes an order that passed the rules: it matches, rests, or both. `old` is the order that it replaces and that has
   * just left the table.
   */
  #accept(nowNs: number, place: PlaceOrder, oid: number, old: OwnOrder | null): PostItem {
    const order = newOrder(nowNs, place, oid, this.#lotsToPlace(place));
    this.#events.accepted(order, old === null ? 0 : old.oid);
    const averageTicks = place.tif === 'Alo' ? 0 : this.#venue.take(nowNs, order, order.priceTicks);
    const filledLots = order.originalLots - order.remainingLots;
    if (order.remainingLots === 0) this.#finish(nowNs, order, 'filled');
    else if (place.tif === 'Ioc') this.#finish(nowNs, order, 'canceled');
    else this.#rest(nowNs, order, old);
    if (filledLots !== 0 || order.reduceOnly) this.#account.holdToReduceOnly(nowNs, order.instrument);
    return filledLots === 0 ? { status: 'resting', oid } : { status: 'filled', oid, filledLots, averageTicks };
  }

  /** A reduce-only order is cut to the position (hyperliquid, section 3.3). */
  #lotsToPlace({ instrument, side, sizeLots, reduceOnly }: PlaceOrder): number {
    return reduceOnly ? closingLots(this.#account.positionLots(instrument), side, sizeLots) : sizeLots;
  }

  /** Ends an order that never came to rest. */
  #finish(nowNs: number, order: OwnOrder, end: 'filled' | 'canceled'): void {
    this.#events.removed(order, end);
    this.#account.tellStatus(nowNs, order, end);
  }

  #rest(nowNs: number, order: OwnOrder, old: OwnOrder | null): void {
    this.#venue.rest(nowNs, order, old);
    this.#account.orders.add(order);
    this.#account.tellStatus(nowNs, order, 'open');
  }

  // --------------------------------------------------------------------------------------------- liquidation

  /** Closes so much of a position for its owner, at any price that others offer now (hyperliquid, section 6.4). */
  closeAtMarket(nowNs: number, instrument: number, side: Side, sizeLots: number): void {
    const order = closingOrder(instrument, side, side === BID ? MAX_PRICE_TICKS : 1, sizeLots);
    if (this.#venue.finds(order)) this.#accept(nowNs, order, this.#nextOid++, null);
  }

  /** The liquidator takes so much of a position over, outside the book. */
  takeOver(nowNs: number, instrument: number, side: Side, sizeLots: number, priceTicks: number): void {
    const order = newOrder(nowNs, closingOrder(instrument, side, priceTicks, sizeLots), this.#nextOid++, sizeLots);
    this.#events.accepted(order, 0);
    this.#account.takeOver(nowNs, order, priceTicks, sizeLots);
    this.#finish(nowNs, order, 'filled');
  }

  // ---------------------------------------------------------------------------------- cancelling, modifying

  /** Cancels an order that was looked up; undefined where none was found. */
  cancel(nowNs: number, type: Action['type'], instrument: number, order: OwnOrder | undefined): PostItem {
    if (order === undefined || order.instrument !== instrument) return this.#refuse(type, missingOrder(instrument));
    this.#account.end(nowNs, order, 'canceled', 'canceled');
    return { status: 'success' };
  }

  /**
   * A modification is a cancel and a placement in one: the new order has a new oid, and its cloid lives on only if it was
   * sent again. It must rest: GTC becomes post-only. What must not be, or comes too late, leaves everything as it is
   * and takes no oid; an order that is refused after that takes the old one with it. With `alwaysPlace` the order is
   * placed as it is, also where the old one is gone (hyperliquid, sections 2.3 and 3.4).
   *
   * An order that only gets smaller, at its price, keeps its oid and its place in the queue. Whether the exchange does so is
   * not documented; ours does (section 3.4).
   */
  modify(nowNs: number, oldOid: number, order: PlaceOrder, alwaysPlace: boolean): PostItem {
    const type = 'batchModify';
    if (order.tif === 'Ioc' && !alwaysPlace) return this.#refuse(type, MODIFY_MUST_REST);
    const old = this.#account.orders.byOid(oldOid);
    if (old === undefined || old.instrument !== order.instrument) {
      return alwaysPlace ? this.#placeNew(nowNs, type, order) : this.#refuse(type, cannotModify(order.instrument));
    }
    const place: PlaceOrder = alwaysPlace ? order : { ...order, tif: 'Alo' };
    return this.#replace(nowNs, old, place, this.#onlyShrinks(place, old));
  }

  /** True where a modification makes an order smaller, or leaves its size, and nothing else. */
  #onlyShrinks(place: PlaceOrder, old: OwnOrder): boolean {
    return (
      place.tif !== 'Ioc' &&
      place.side === old.side &&
      place.priceTicks === old.priceTicks &&
      this.#lotsToPlace(place) <= old.remainingLots
    );
  }

  #replace(nowNs: number, old: OwnOrder, place: PlaceOrder, inPlace: boolean): PostItem {
    const account = this.#account;
    account.orders.remove(old);
    if (!inPlace) this.#venue.withdrawn(old);
    const refused = this.#refusal(nowNs, place);
    if (inPlace && refused !== null) this.#venue.withdrawn(old);
    this.#events.removed(old, refused === null ? 'modified' : 'canceled');
    if (inPlace && refused === null) {
      return this.#accept(nowNs, { ...place, tif: 'Alo' }, old.oid, old);
    }
    account.tellStatus(nowNs, old, 'canceled');
    const oid = this.#nextOid++;
    if (refused === null) return this.#accept(nowNs, place, oid, old);
    return this.#refuseOrder(nowNs, 'batchModify', place, oid, refused, placingFailed(refused.error));
  }

  snapshot(): unknown {
    return this.#nextOid;
  }

  restore(state: unknown): void {
    this.#nextOid = state as number;
  }
}

/** An order that the owner did not send: it has no cloid. */
function closingOrder(instrument: number, side: Side, priceTicks: number, sizeLots: number): PlaceOrder {
  return { cloid: 0, instrument, side, priceTicks, sizeLots, tif: 'Ioc', reduceOnly: true };
}

function newOrder(nowNs: number, place: PlaceOrder, oid: number, lots: number): OwnOrder {
  const { cloid, instrument, side, priceTicks, sizeLots, reduceOnly } = place;
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
    priority: oid,
    queuedNs: nowNs,
    frontLots: UNKNOWN_LOTS,
    shownLots: 0,
    tradedLots: 0,
    pulledLots: 0,
    shrunkLots: 0,
    pulledNs: 0,
    slot: NO_SLOT,
  };
}
