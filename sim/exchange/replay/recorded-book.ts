/**
 * The recorded market of one instrument as the exchange has it, and how much of it the recording lets us see.
 *
 * A price without a level may be empty, or beyond what the frames reach: Hyperliquid shows 20 levels a side, and a `bbo`
 * frame that jumps says nothing of the prices it jumped over. `shownLots` tells the two apart, because a queue model must
 * not take a price that it cannot see for an empty one.
 */
import { Book, NO_PRICE } from '../../../core/book.ts';
import {
  ASK,
  BID,
  type BySide,
  FEED_INDEX,
  type LevelColumns,
  newLevelColumns,
  SIDES,
  type Side,
} from '../../../core/market.ts';
import { BBO, SNAPSHOT, type Tape } from '../../../recordings/tape.ts';
import { BOOK_DEPTH, type BookFrame } from '../venue.ts';

/** A size that the recording does not show. */
export const UNKNOWN_LOTS = -1;
/** Levels a side of Hyperliquid's fast book (hyperliquid, section 1.6). A side with fewer is shown whole. */
export const FAST_BOOK_DEPTH = 5;
/** The worst price of a side that is shown whole. */
export const WHOLE_SIDE: Readonly<BySide<number>> = [0, 0x7fff_ffff];

interface State {
  levels: LevelColumns;
  seen: boolean;
  madeOfDeltas: boolean;
  updateId: number;
  exchNs: number;
  knownBest: BySide<number>;
  knownWorst: BySide<number>;
}

function isBetter(side: Side, ticks: number, than: number): boolean {
  return side === BID ? ticks > than : ticks < than;
}

export class RecordedBook {
  readonly book = new Book();
  #seen = false;
  #madeOfDeltas = false;
  #updateId = 0;
  #exchNs = 0;
  // From the best to the worst of these prices every level is known, those of size 0 too. Plain fields by side, because
  // they are written on every frame.
  #knownBestBid = NO_PRICE;
  #knownBestAsk = NO_PRICE;
  #knownWorstBid: number = WHOLE_SIDE[ASK];
  #knownWorstAsk: number = WHOLE_SIDE[BID];

  /** Moves the book by a frame that is no `trades` frame. */
  applyFrame(nowNs: number, tape: Tape, frame: number): void {
    const { kind, firstRow, rowCount, updateId, feed } = tape.frames;
    const book = this.book;
    const first = firstRow[frame];
    const count = rowCount[frame];
    this.#seen = true;
    this.#exchNs = nowNs;
    if (kind[frame] === BBO) {
      book.applyBbo(tape.levels, first, count);
      return;
    }
    this.#updateId = updateId[frame];
    if (kind[frame] !== SNAPSHOT) {
      this.#madeOfDeltas = true;
      book.applyDelta(tape.levels, first, count);
    } else if (feed[frame] === FEED_INDEX.fastBook) {
      this.#applyWindow(tape.levels, first, count);
    } else {
      book.applySnapshot(tape.levels, first, count);
      this.#setKnownWorst(BID, worstShown(tape.levels, first, count, BID, BOOK_DEPTH));
      this.#setKnownWorst(ASK, worstShown(tape.levels, first, count, ASK, BOOK_DEPTH));
    }
    this.#knownBestBid = book.bestBidTicks;
    this.#knownBestAsk = book.bestAskTicks;
  }

  /** A fast book replaces the levels that it reaches; what is deeper stays as the last full book had it. */
  #applyWindow(levels: LevelColumns, first: number, count: number): void {
    const book = this.book;
    for (const side of SIDES) {
      const worst = worstShown(levels, first, count, side, FAST_BOOK_DEPTH);
      for (let best = book.bestTicks(side); best !== NO_PRICE; best = book.bestTicks(side)) {
        if (isBetter(side, worst, best)) break;
        book.set(side, best, 0);
      }
      // Where the market has left what was known, the prices in between are not known.
      const knownBest = side === BID ? this.#knownBestBid : this.#knownBestAsk;
      const knownWorst = side === BID ? this.#knownWorstBid : this.#knownWorstAsk;
      const apart = knownBest === NO_PRICE || isBetter(side, worst, knownBest);
      if (apart || isBetter(side, knownWorst, worst)) this.#setKnownWorst(side, worst);
    }
    book.applyDelta(levels, first, count);
  }

  #setKnownWorst(side: Side, ticks: number): void {
    if (side === BID) this.#knownWorstBid = ticks;
    else this.#knownWorstAsk = ticks;
  }

  /** Size that the recorded market shows at a price: 0 for an empty one, UNKNOWN_LOTS for one beyond what is shown. */
  shownLots(side: Side, ticks: number): number {
    const lots = this.book.sizeLots(side, ticks);
    if (lots !== 0) return lots;
    if (!this.#seen) return UNKNOWN_LOTS;
    const best = this.book.bestTicks(side);
    if (best === NO_PRICE || isBetter(side, ticks, best)) return 0;
    const known =
      side === BID
        ? ticks >= this.#knownWorstBid && ticks <= this.#knownBestBid
        : ticks <= this.#knownWorstAsk && ticks >= this.#knownBestAsk && this.#knownBestAsk !== NO_PRICE;
    return known ? 0 : UNKNOWN_LOTS;
  }

  /** True where the two sides of the recording touch or cross: what trades there cannot be told from such a book. */
  get isCrossed(): boolean {
    const ask = this.book.bestAskTicks;
    return ask !== NO_PRICE && this.book.bestBidTicks >= ask;
  }

  /**
   * The book as a subscriber's first frame: 20 levels a side, or all of them where the market is made of deltas, which
   * could not be followed from less. Null before the first frame.
   */
  bookFrame(): BookFrame | null {
    if (!this.#seen) return null;
    const depth = this.#madeOfDeltas ? Number.POSITIVE_INFINITY : BOOK_DEPTH;
    const rows = Math.min(depth, this.book.levels(BID)) + Math.min(depth, this.book.levels(ASK));
    const levels = newLevelColumns(rows);
    const count = this.book.writeLevels(levels, depth);
    return { levels, count, updateId: this.#updateId, exchNs: this.#exchNs };
  }

  snapshot(): unknown {
    const levels = newLevelColumns(this.book.levels(BID) + this.book.levels(ASK));
    this.book.writeLevels(levels, Number.POSITIVE_INFINITY);
    const state: State = {
      levels,
      seen: this.#seen,
      madeOfDeltas: this.#madeOfDeltas,
      updateId: this.#updateId,
      exchNs: this.#exchNs,
      knownBest: [this.#knownBestBid, this.#knownBestAsk],
      knownWorst: [this.#knownWorstBid, this.#knownWorstAsk],
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.book.applySnapshot(state.levels, 0, state.levels.side.length);
    this.#seen = state.seen;
    this.#madeOfDeltas = state.madeOfDeltas;
    this.#updateId = state.updateId;
    this.#exchNs = state.exchNs;
    [this.#knownBestBid, this.#knownBestAsk] = state.knownBest;
    [this.#knownWorstBid, this.#knownWorstAsk] = state.knownWorst;
  }
}

/** The worst price that a snapshot tells of: that of its last level, or any where it has fewer than `depth`. */
export function worstShown(levels: LevelColumns, first: number, count: number, side: Side, depth: number): number {
  let rows = 0;
  let worst = WHOLE_SIDE[side];
  for (let row = first; row < first + count; row++) {
    if (levels.side[row] !== side) continue;
    rows++;
    worst = levels.priceTicks[row];
  }
  return rows < depth ? WHOLE_SIDE[side] : worst;
}
