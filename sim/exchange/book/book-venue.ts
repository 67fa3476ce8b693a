/**
 * A synthetic market as a venue: one book of single orders an instrument, in which our orders rest among those of others.
 * They are seen, take part in price-time priority and have impact; what one fill takes is gone for everybody.
 *
 * Who plays the others acts on `engine(instrument)` directly, as BACKGROUND or as an owner of 2 and above, and is told of every
 * match. Before anything happens in a block `beginBlock` gives the time that all of it has.
 */
import { type Instrument, newLevelColumns, type Side } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import type { Account } from '../account.ts';
import type { OwnOrder } from '../own-orders.ts';
import { BOOK_DEPTH, type BookFrame, type Venue } from '../venue.ts';
import { InstrumentBook, type TradeListener } from './instrument-book.ts';
import type { MatchingEngine } from './matching-engine.ts';

interface State {
  nowNs: number;
  books: unknown[];
}

export class BookVenue implements Venue {
  readonly #books: readonly InstrumentBook[];
  #nowNs = 0;

  constructor(instruments: readonly Instrument[], account: Account, trades: TradeListener) {
    this.#books = instruments.map((_, instrument) => new InstrumentBook(instrument, account, trades));
  }

  /** Where the others act. The same object for the whole run, also after `restore`. */
  engine(instrument: number): MatchingEngine {
    return this.#books[instrument].engine;
  }

  /** From now on everything happens at this time. */
  beginBlock(nowNs: number): void {
    if (nowNs === this.#nowNs) return;
    this.#nowNs = nowNs;
    for (const book of this.#books) book.nowNs = nowNs;
  }

  bestTicks(instrument: number, side: Side): number {
    return this.#books[instrument].engine.bestTicks(side);
  }

  finds(order: PlaceOrder): boolean {
    return this.#books[order.instrument].finds(order);
  }

  take(nowNs: number, order: OwnOrder, limitTicks: number): number {
    this.beginBlock(nowNs);
    return this.#books[order.instrument].take(order, limitTicks);
  }

  rest(_nowNs: number, order: OwnOrder, old: OwnOrder | null): void {
    const book = this.#books[order.instrument];
    if (old !== null && old.oid === order.oid) book.takePlace(order, old);
    else book.rest(order);
  }

  fillOutOfTurn(nowNs: number, order: OwnOrder, lots: number): number {
    this.beginBlock(nowNs);
    return this.#books[order.instrument].fillOutOfTurn(order, lots);
  }

  withdrawn(order: OwnOrder): void {
    this.#books[order.instrument].withdrawn(order);
  }

  resized(order: OwnOrder, byLots: number): void {
    this.#books[order.instrument].resized(order, byLots);
  }

  /** With everybody's orders, ours included. */
  book(instrument: number): MatchingEngine {
    return this.#books[instrument].engine;
  }

  bookFrame(instrument: number): BookFrame {
    const levels = newLevelColumns(2 * BOOK_DEPTH);
    const count = this.#books[instrument].engine.writeLevels(levels, BOOK_DEPTH);
    return { levels, count, updateId: 0, exchNs: this.#nowNs };
  }

  snapshot(): unknown {
    const state: State = { nowNs: this.#nowNs, books: this.#books.map(book => book.snapshot()) };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#books.forEach((book, instrument) => {
      book.restore(state.books[instrument]);
    });
    this.beginBlock(state.nowNs);
  }
}
