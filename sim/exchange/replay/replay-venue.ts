/**
 * A recorded market as a venue: it moves as it did, and own orders are laid over it. They wait in its queues by a queue
 * model and fill when it trades (`replay-matching.ts`), but they have NO IMPACT: nobody else sees them, what they are
 * filled with is taken from nobody, and an order that takes does not use up the levels that it took. So the same recorded
 * volume can be taken twice, and results hold for sizes that the market would not have noticed. What remains of a GTC
 * order rests at its limit although the recording may go on showing the level there that it took: then the next frame of
 * the book fills the rest.
 *
 * There are no blocks here: an action is carried out when it arrives.
 */
import { type Book, NO_PRICE } from '../../../core/book.ts';
import { BID, type Instrument, opposite, type Side } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import { FLAG_NONE, type Tape, TRADES } from '../../../recordings/tape.ts';
import type { Account } from '../account.ts';
import type { OwnOrder } from '../own-orders.ts';
import { type BookFrame, reaches, type Venue } from '../venue.ts';
import { keepPlace } from './queue-place.ts';
import { RecordedBook } from './recorded-book.ts';
import { type ReplayFillSettings, ReplayMatching } from './replay-matching.ts';

export class ReplayVenue implements Venue {
  readonly #recorded: readonly RecordedBook[];
  readonly #account: Account;
  readonly #matching: ReplayMatching;

  constructor(instruments: readonly Instrument[], account: Account, settings: ReplayFillSettings) {
    this.#recorded = instruments.map(() => new RecordedBook());
    this.#account = account;
    this.#matching = new ReplayMatching(account, instruments, settings);
  }

  // ------------------------------------------------------------------------------------------------- frames

  /** The next frame in exchange order moves the recorded book, and nothing else. */
  moveMarket(nowNs: number, tape: Tape, frame: number): void {
    const { kind, instrument } = tape.frames;
    if (kind[frame] !== TRADES) this.#recorded[instrument[frame]].applyFrame(nowNs, tape, frame);
  }

  /**
   * What the frame does to own orders, once the book has moved: the queues, then fills. Trades that the exchange only
   * repeated (backlog, sent twice) traded nothing and are ignored.
   */
  fillOwnOrders(nowNs: number, tape: Tape, frame: number): void {
    const { instrument: instruments, kind, flags, firstRow, rowCount } = tape.frames;
    const instrument = instruments[frame];
    if (!this.#account.orders.any(instrument)) return;
    if (kind[frame] !== TRADES) {
      this.#matching.bookMoved(nowNs, tape, frame, this.#recorded[instrument]);
    } else if (flags[frame] === FLAG_NONE) {
      this.#matching.traded(nowNs, instrument, tape.trades, firstRow[frame], rowCount[frame]);
    }
  }

  // ------------------------------------------------------------------------------------------------- orders

  bestTicks(instrument: number, side: Side): number {
    const recorded = this.#recorded[instrument].book.bestTicks(side);
    const own = this.#account.orders.side(instrument, side);
    if (own.length === 0) return recorded;
    if (recorded === NO_PRICE) return own[0].priceTicks;
    return side === BID ? Math.max(recorded, own[0].priceTicks) : Math.min(recorded, own[0].priceTicks);
  }

  finds(order: PlaceOrder): boolean {
    const best = this.#recorded[order.instrument].book.bestTicks(opposite(order.side));
    return best !== NO_PRICE && reaches(order.side, order.priceTicks, best);
  }

  /**
   * One fill a recorded level; all of it at the best one, however small that is, as `NoPartialFillExchange`. Own orders at
   * a level's price or better stand before what is recorded there.
   */
  take(nowNs: number, order: OwnOrder, limitTicks: number): number {
    const { instrument, side } = order;
    const account = this.#account;
    const { book } = this.#recorded[instrument];
    const makers = opposite(side);
    const wantedLots = order.remainingLots;
    let ticksTimesLots = 0;
    let ticks = book.bestTicks(makers);
    while (order.remainingLots > 0 && ticks !== NO_PRICE && reaches(side, limitTicks, ticks)) {
      account.expireCrossed(nowNs, instrument, side, ticks);
      const shownLots = this.#matching.fillsWhole ? order.remainingLots : book.sizeLots(makers, ticks);
      const lots = Math.min(shownLots, order.remainingLots);
      account.fillTaker(nowNs, order, ticks, lots, account.nextTradeId());
      ticksTimesLots += ticks * lots;
      ticks = book.worseThan(makers, ticks);
    }
    if (order.remainingLots > 0) account.expireCrossed(nowNs, instrument, side, limitTicks);
    return ticksTimesLots === 0 ? 0 : ticksTimesLots / (wantedLots - order.remainingLots);
  }

  /** Behind all that is shown, or in the old order's place. */
  rest(_nowNs: number, order: OwnOrder, old: OwnOrder | null): void {
    if (old !== null && old.oid === order.oid) {
      order.priority = old.priority;
      keepPlace(order, old);
    } else {
      this.#matching.arrived(order, this.#recorded[order.instrument]);
    }
  }

  fillOutOfTurn(nowNs: number, order: OwnOrder, lots: number): number {
    const filledLots = this.#account.fillMaker(nowNs, order, lots);
    if (filledLots !== 0) this.#account.holdToReduceOnly(nowNs, order.instrument);
    return filledLots;
  }

  /** Nothing to do: what is known of an order's place lies in the order. */
  withdrawn(): void {}

  resized(): void {}

  // -------------------------------------------------------------------------------------------------- books

  /** As recorded, without our own orders. */
  book(instrument: number): Book {
    return this.#recorded[instrument].book;
  }

  bookFrame(instrument: number): BookFrame | null {
    return this.#recorded[instrument].bookFrame();
  }

  snapshot(): unknown {
    return this.#recorded.map(recorded => recorded.snapshot());
  }

  restore(state: unknown): void {
    const books = state as unknown[];
    for (const [instrument, recorded] of this.#recorded.entries()) recorded.restore(books[instrument]);
  }
}
