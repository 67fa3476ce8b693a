/**
 * The book of one instrument in a synthetic market: a matching engine in which our orders stand among those of others, and
 * what its matches mean to our account and to the public.
 */
import { NO_PRICE } from '../../../core/book.ts';
import { ASK, BID, opposite, type Side } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import type { Account } from '../account.ts';
import type { OwnOrder } from '../own-orders.ts';
import { reaches } from '../venue.ts';
import { BACKGROUND, MatchingEngine, type MatchListener, NO_SLOT } from './matching-engine.ts';

/** Owner of our account's orders. Other accounts that have a name are 2 and above. */
export const OWN_ACCOUNT = 1;

/**
 * Told of every match, ours or not, just after our fill. It may read the books, and must not act on them.
 * `makerSlot` still knows its order; where nothing is left of it, the slot is given back right after.
 */
export interface TradeListener {
  traded(
    nowNs: number,
    instrument: number,
    takerSide: Side,
    priceTicks: number,
    lots: number,
    tid: number,
    takerOwner: number,
    makerOwner: number,
    makerSlot: number,
  ): void;
}

export class InstrumentBook implements MatchListener {
  readonly engine: MatchingEngine;
  /** The time of all that happens now. */
  nowNs = 0;
  readonly #instrument: number;
  readonly #account: Account;
  readonly #trades: TradeListener;
  /** Our resting orders by slot. */
  readonly #own = new Map<number, OwnOrder>();
  /** Our order that takes, while it does, and what it has paid so far. */
  #taker: OwnOrder | null = null;
  #ticksTimesLots = 0;

  constructor(instrument: number, account: Account, trades: TradeListener) {
    this.engine = new MatchingEngine(this);
    this.#instrument = instrument;
    this.#account = account;
    this.#trades = trades;
  }

  // -------------------------------------------------------------------------------------------- our orders

  /** True where the first order of somebody else that the taker would meet is within its limit. */
  finds(order: PlaceOrder): boolean {
    const { engine } = this;
    const side = opposite(order.side);
    let ticks = engine.bestTicks(side);
    while (ticks !== NO_PRICE && reaches(order.side, order.priceTicks, ticks)) {
      for (let slot = engine.firstSlot(side, ticks); slot !== NO_SLOT; slot = engine.nextSlot(slot)) {
        if (engine.ownerOf(slot) !== OWN_ACCOUNT) return true;
      }
      ticks = engine.worseThan(side, ticks);
    }
    return false;
  }

  /** Returns the average price in ticks, 0 where nothing matched. */
  take(order: OwnOrder, limitTicks: number): number {
    const lots = order.remainingLots;
    this.#taker = order;
    this.#ticksTimesLots = 0;
    this.engine.take(OWN_ACCOUNT, order.side, limitTicks, lots);
    this.#taker = null;
    const filledLots = lots - order.remainingLots;
    return filledLots === 0 ? 0 : this.#ticksTimesLots / filledLots;
  }

  rest(order: OwnOrder): void {
    order.slot = this.engine.rest(OWN_ACCOUNT, order.side, order.priceTicks, order.remainingLots);
    this.#own.set(order.slot, order);
  }

  /** `order` is `old` made smaller: it takes over its place in the queue. */
  takePlace(order: OwnOrder, old: OwnOrder): void {
    order.slot = old.slot;
    order.priority = old.priority;
    order.queuedNs = old.queuedNs;
    old.slot = NO_SLOT;
    this.#own.set(order.slot, order);
    this.resized(order, old.remainingLots - order.remainingLots);
  }

  resized(order: OwnOrder, byLots: number): void {
    if (byLots !== 0) this.engine.reduce(order.slot, byLots);
  }

  /** Nothing to do where a match has taken the order out. */
  withdrawn(order: OwnOrder): void {
    if (order.slot === NO_SLOT) return;
    this.engine.cancel(order.slot);
    this.#forget(order);
  }

  #forget(order: OwnOrder): void {
    this.#own.delete(order.slot);
    order.slot = NO_SLOT;
  }

  #at(slot: number): OwnOrder {
    const order = this.#own.get(slot);
    if (order === undefined) throw new Error(`slot ${slot} is none of our orders`);
    return order;
  }

  /** An order of ours trades with one of the many before its turn. Returns what was filled. */
  fillOutOfTurn(order: OwnOrder, lots: number): number {
    const { slot } = order;
    const filledLots = Math.min(lots, order.remainingLots);
    if (!this.mayMatch(slot, OWN_ACCOUNT, filledLots)) {
      this.engine.cancel(slot);
      return 0;
    }
    const isWhole = filledLots === order.remainingLots;
    if (!isWhole) this.engine.reduce(slot, filledLots);
    this.matched(slot, OWN_ACCOUNT, BACKGROUND, opposite(order.side), order.priceTicks, filledLots);
    if (isWhole) this.engine.cancel(slot);
    return filledLots;
  }

  // ------------------------------------------------------------------------------------------------ matches

  mayMatch(makerSlot: number, makerOwner: number, lots: number): boolean {
    if (makerOwner !== OWN_ACCOUNT) return true;
    const order = this.#at(makerSlot);
    if (this.#account.mayMatch(order, lots)) return true;
    this.#forget(order);
    this.#account.endUnasked(this.nowNs, order, 'marginCanceled');
    return false;
  }

  expired(slot: number, owner: number): void {
    if (owner !== OWN_ACCOUNT) return;
    const order = this.#at(slot);
    this.#forget(order);
    this.#account.endUnasked(this.nowNs, order, 'selfTradeCanceled');
  }

  matched(
    makerSlot: number,
    makerOwner: number,
    takerOwner: number,
    takerSide: Side,
    ticks: number,
    lots: number,
  ): void {
    const { nowNs } = this;
    const account = this.#account;
    const tid = account.nextTradeId();
    if (takerOwner === OWN_ACCOUNT && this.#taker !== null) {
      account.fillTaker(nowNs, this.#taker, ticks, lots, tid);
      this.#ticksTimesLots += ticks * lots;
    } else if (makerOwner === OWN_ACCOUNT) {
      const order = this.#at(makerSlot);
      if (order.remainingLots === lots) this.#forget(order);
      account.fillMatched(nowNs, order, lots, tid);
      account.holdToReduceOnly(nowNs, this.#instrument);
    }
    this.#trades.traded(nowNs, this.#instrument, takerSide, ticks, lots, tid, takerOwner, makerOwner, makerSlot);
  }

  // -------------------------------------------------------------------------------------------------- whole

  snapshot(): unknown {
    return this.engine.snapshot();
  }

  /** The account's orders have been restored, and know their slots. */
  restore(state: unknown): void {
    this.engine.restore(state);
    this.#own.clear();
    for (const side of [BID, ASK] as const) {
      for (const order of this.#account.orders.side(this.#instrument, side)) this.#own.set(order.slot, order);
    }
  }
}
