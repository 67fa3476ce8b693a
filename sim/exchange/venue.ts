/**
 * Where accepted orders go. Everything before it (nonces, rules, answers, the table of open orders, positions) is shared by
 * both markets: a recorded one, which own orders are laid over, and a synthetic one, in whose books they rest.
 */
import { BID, type LevelColumns, type Side } from '../../core/market.ts';
import type { PlaceOrder } from '../../core/port.ts';
import type { OwnOrder } from './own-orders.ts';

/** Levels a side of Hyperliquid's full book (hyperliquid, section 1.6). */
export const BOOK_DEPTH = 20;

/** What a new subscriber gets: all the levels of a frame. */
export interface BookFrame {
  levels: LevelColumns;
  count: number;
  /** Of the newest snapshot or delta; 0 where the venue has none. */
  updateId: number;
  /** When the exchange last said something about the book. */
  exchNs: number;
}

/** The levels of one instrument. Read it, do not change it, and do not keep it over a `restore`. */
export interface BookView {
  /** NO_PRICE for an empty side. */
  readonly bestBidTicks: number;
  readonly bestAskTicks: number;
  bestTicks(side: Side): number;
  /** The next worse price that has a level, or NO_PRICE. */
  worseThan(side: Side, ticks: number): number;
  /** Number of levels of a side. */
  levels(side: Side): number;
}

export interface Venue {
  /** The best price with our own orders, NO_PRICE for an empty side: what a post-only order is held against. */
  bestTicks(instrument: number, side: Side): number;

  /** True where others have something that the order could take. */
  finds(order: PlaceOrder): boolean;

  /**
   * Matches an order that is not in the table, at `limitTicks` or better. Fills go to the account; our own orders in its
   * way expire (hyperliquid, section 3.1, self-trade prevention). Returns the average price in ticks, 0 where nothing
   * matched.
   */
  take(nowNs: number, order: OwnOrder, limitTicks: number): number;

  /**
   * Puts what remains into the queue, just before it enters the table. `old` is the order that it replaces, which has left
   * the table; where that has the same oid, the order is `old` made smaller and keeps its place in the queue.
   */
  rest(nowNs: number, order: OwnOrder, old: OwnOrder | null): void;

  /**
   * Somebody's order trades with a resting one of ours before its turn, at our price and with nobody else: a fault's marked
   * aggressor. Returns what was filled, 0 where the margin for it is missing.
   */
  fillOutOfTurn(nowNs: number, order: OwnOrder, lots: number): number;

  /** An order has left the table: cancelled, filled or ended otherwise. */
  withdrawn(order: OwnOrder): void;

  /** An order in the table was made smaller, where it stands. */
  resized(order: OwnOrder, byLots: number): void;

  book(instrument: number): BookView;

  /** What a new subscriber of the book is sent; null before there is one. */
  bookFrame(instrument: number): BookFrame | null;

  snapshot(): unknown;

  /** Called after the account, whose orders it may need, has been restored. */
  restore(state: unknown): void;
}

/** True where a price is at an order's limit or better for it. */
export function reaches(side: Side, limitTicks: number, ticks: number): boolean {
  return side === BID ? ticks <= limitTicks : ticks >= limitTicks;
}
