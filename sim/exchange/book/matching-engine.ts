/**
 * The matching engine of one instrument: price-time priority over single orders (hyperliquid, section 3.1).
 *
 * Orders lie in slots (`order-slots.ts`), the queue of a price is a chain of them from the oldest to the newest, and the
 * prices are paged (`level-pages.ts`). Nothing is allocated for an action, except where the columns grow or a page is
 * touched for the first time. An order belongs to an owner; what rests and what is taken are told to the listener only as
 * slots and owners, so that the engine knows nothing of accounts, oids or money.
 *
 * The engine checks nothing: prices and sizes are positive integers, a slot that is passed has an order, and what is put to
 * rest does not cross.
 */
import { NO_PRICE } from '../../../core/book.ts';
import { ASK, BID, type LevelColumns, type Side } from '../../../core/market.ts';
import { LevelPages } from './level-pages.ts';
import { NO_SLOT, OrderSlots } from './order-slots.ts';

export { NO_SLOT } from './order-slots.ts';

/** Owner of what many unnamed participants do: they trade with each other, self-trade prevention does not apply. */
export const BACKGROUND = 0;

/**
 * Told what a taker does to makers. While it is told, it may cancel and reduce resting orders of the same engine (not the
 * one that it is told of, unless something is left of it), and must neither take nor rest.
 */
export interface MatchListener {
  /** `makerSlot` has been reduced by `lots`; where nothing is left of it, the slot is given back right after the call. */
  matched(
    makerSlot: number,
    makerOwner: number,
    takerOwner: number,
    takerSide: Side,
    ticks: number,
    lots: number,
  ): void;
  /** Self-trade prevention: the taker met its own order. That has left the queue, and its slot is given back right after. */
  expired(slot: number, owner: number): void;
  /**
   * Whether a maker may be matched with `lots`: asked for owners other than BACKGROUND, before each match. It may reduce
   * this maker, to no less than one lot. False: the maker leaves without a trade, and its slot is given back right after.
   */
  mayMatch(makerSlot: number, makerOwner: number, lots: number): boolean;
}

export class MatchingEngine {
  readonly #listener: MatchListener;
  readonly #slots = new OrderSlots();
  readonly #bids = new LevelPages(BID);
  readonly #asks = new LevelPages(ASK);

  constructor(listener: MatchListener) {
    this.#listener = listener;
  }

  // ------------------------------------------------------------------------------------------------- levels

  get bestBidTicks(): number {
    return this.#bids.bestTicks;
  }

  get bestAskTicks(): number {
    return this.#asks.bestTicks;
  }

  #side(side: Side): LevelPages {
    return side === BID ? this.#bids : this.#asks;
  }

  /** NO_PRICE for an empty side. */
  bestTicks(side: Side): number {
    return this.#side(side).bestTicks;
  }

  /** The next worse price that has a level, or NO_PRICE. */
  worseThan(side: Side, ticks: number): number {
    return this.#side(side).worseThan(ticks);
  }

  /** Number of levels of a side. */
  levels(side: Side): number {
    return this.#side(side).levels;
  }

  /** Size at a price, 0 where there is no level. */
  levelLots(side: Side, ticks: number): number {
    return this.#side(side).lots(ticks);
  }

  /** Number of orders at a price. */
  levelOrders(side: Side, ticks: number): number {
    return this.#side(side).orders(ticks);
  }

  // ------------------------------------------------------------------------------------------------ actions

  /**
   * Matches at the limit or better: best price first, at one price the oldest first. Returns the lots that found nothing.
   * The taker's own orders that it meets are expired, not matched.
   */
  take(owner: number, side: Side, limitTicks: number, lots: number): number {
    const isBid = side === BID;
    const levels = isBid ? this.#asks : this.#bids;
    const slots = this.#slots;
    let left = lots;
    while (left > 0) {
      const ticks = levels.bestTicks;
      if (ticks === NO_PRICE || (isBid ? ticks > limitTicks : ticks < limitTicks)) break;
      const maker = levels.first(ticks);
      const makerOwner = slots.owner[maker];
      if (makerOwner !== BACKGROUND && !this.#standsUp(maker, makerOwner, owner, left)) continue;
      const makerLots = slots.lots[maker];
      if (makerLots > left) {
        const traded = left;
        left = 0;
        slots.lots[maker] = makerLots - traded;
        levels.takeLots(ticks, traded);
        this.#listener.matched(maker, makerOwner, owner, side, ticks, traded);
      } else {
        left -= makerLots;
        this.#unlink(levels, ticks, maker, makerLots);
        slots.lots[maker] = 0;
        this.#listener.matched(maker, makerOwner, owner, side, ticks, makerLots);
        slots.free(maker);
      }
    }
    return left;
  }

  /** False: a maker of a named owner could not be matched, and has left. */
  #standsUp(maker: number, makerOwner: number, takerOwner: number, takerLots: number): boolean {
    const slots = this.#slots;
    const listener = this.#listener;
    const isOwn = makerOwner === takerOwner;
    if (!isOwn && listener.mayMatch(maker, makerOwner, Math.min(takerLots, slots.lots[maker]))) return true;
    this.#unlink(this.#side(slots.sideOf(maker)), slots.ticks[maker], maker, slots.lots[maker]);
    if (isOwn) listener.expired(maker, makerOwner);
    slots.free(maker);
    return false;
  }

  /** Puts an order at the back of its price's queue and returns its slot. It must not cross the other side. */
  rest(owner: number, side: Side, priceTicks: number, lots: number): number {
    const slots = this.#slots;
    const slot = slots.add(owner, side, priceTicks, lots);
    const before = this.#side(side).append(priceTicks, slot, lots, NO_SLOT);
    slots.previous[slot] = before;
    slots.next[slot] = NO_SLOT;
    if (before !== NO_SLOT) slots.next[before] = slot;
    return slot;
  }

  /** Takes an order out. */
  cancel(slot: number): void {
    const slots = this.#slots;
    this.#unlink(this.#side(slots.sideOf(slot)), slots.ticks[slot], slot, slots.lots[slot]);
    slots.free(slot);
  }

  /** Makes an order smaller by `byLots`, less than it has. It keeps its place in the queue. */
  reduce(slot: number, byLots: number): void {
    const slots = this.#slots;
    slots.lots[slot] -= byLots;
    this.#side(slots.sideOf(slot)).takeLots(slots.ticks[slot], byLots);
  }

  #unlink(levels: LevelPages, ticks: number, slot: number, lots: number): void {
    const { next, previous } = this.#slots;
    const newer = next[slot];
    const older = previous[slot];
    if (older !== NO_SLOT) next[older] = newer;
    else levels.setFirst(ticks, newer);
    if (newer !== NO_SLOT) previous[newer] = older;
    else levels.setLast(ticks, older);
    levels.remove(ticks, lots);
  }

  // ------------------------------------------------------------------------------------------- single orders

  /** Size left; 0 once a slot was given back. */
  lotsOf(slot: number): number {
    return this.#slots.lots[slot];
  }

  ticksOf(slot: number): number {
    return this.#slots.ticks[slot];
  }

  sideOf(slot: number): Side {
    return this.#slots.sideOf(slot);
  }

  ownerOf(slot: number): number {
    return this.#slots.owner[slot];
  }

  /** Rises each time the slot is given back: an order is told apart from later ones by slot and generation. */
  generationOf(slot: number): number {
    return this.#slots.generation[slot];
  }

  /** The oldest order of a price, or NO_SLOT. */
  firstSlot(side: Side, ticks: number): number {
    const levels = this.#side(side);
    return levels.orders(ticks) === 0 ? NO_SLOT : levels.first(ticks);
  }

  /** The newest order of a price, or NO_SLOT. */
  lastSlot(side: Side, ticks: number): number {
    const levels = this.#side(side);
    return levels.orders(ticks) === 0 ? NO_SLOT : levels.last(ticks);
  }

  /** The order behind this one at its price, or NO_SLOT. */
  nextSlot(slot: number): number {
    return this.#slots.next[slot];
  }

  /** The order before this one at its price, or NO_SLOT. */
  previousSlot(slot: number): number {
    return this.#slots.previous[slot];
  }

  /** Volume before this order at its price. Walks over the orders before it. */
  aheadLots(slot: number): number {
    const { lots, previous } = this.#slots;
    let ahead = 0;
    for (let before = previous[slot]; before !== NO_SLOT; before = previous[before]) ahead += lots[before];
    return ahead;
  }

  // --------------------------------------------------------------------------------------------------- whole

  /**
   * Writes the levels, bids best to worst, then asks best to worst, at most `depth` a side, and returns their number.
   * `into` must have room.
   */
  writeLevels(into: LevelColumns, depth: number): number {
    return this.#writeSide(into, this.#writeSide(into, 0, BID, depth), ASK, depth);
  }

  #writeSide(into: LevelColumns, from: number, side: Side, depth: number): number {
    const levels = this.#side(side);
    let row = from;
    let ticks = levels.bestTicks;
    for (let level = 0; level < depth && ticks !== NO_PRICE; level++) {
      into.side[row] = side;
      into.priceTicks[row] = ticks;
      into.sizeLots[row] = levels.lots(ticks);
      into.orders[row] = levels.orders(ticks);
      row++;
      ticks = levels.worseThan(ticks);
    }
    return row;
  }

  /** Forgets every order. The listener is not told. */
  clear(): void {
    this.#slots.clear();
    this.#bids.clear();
    this.#asks.clear();
  }

  snapshot(): unknown {
    return this.#slots.snapshot();
  }

  /** The levels are made anew from the orders, which know their neighbours. */
  restore(state: unknown): void {
    const slots = this.#slots;
    slots.restore(state);
    this.#bids.clear();
    this.#asks.clear();
    const { used, lots, ticks } = slots;
    for (let slot = 0; slot < used; slot++) {
      if (lots[slot] !== 0) this.#side(slots.sideOf(slot)).append(ticks[slot], slot, lots[slot], NO_SLOT);
    }
    for (let slot = 0; slot < used; slot++) {
      if (lots[slot] === 0) continue;
      const levels = this.#side(slots.sideOf(slot));
      if (slots.previous[slot] === NO_SLOT) levels.setFirst(ticks[slot], slot);
      if (slots.next[slot] === NO_SLOT) levels.setLast(ticks[slot], slot);
    }
  }
}
