/**
 * Publishes a synthetic market: after each block it writes the frames that the exchange would send onto the live tape: trades, the
 * best bid and ask where they changed, and full and fast books at their cadence. All frames of a block have the block's time at the
 * exchange and arrive together, one latency later; nothing on the connection overtakes what was sent before.
 */
import { FEED_INDEX, type LevelColumns, newLevelColumns, SIDES, type Side } from '../../core/market.ts';
import { BBO, SNAPSHOT, TRADES } from '../../recordings/tape.ts';
import type { BlockTrades } from './block-trades.ts';
import type { LiveTape } from './live-tape.ts';
import {
  BOOK_CADENCE,
  type BookCadence,
  FAST_BOOK_DEPTH,
  FULL_BOOK_DEPTH,
  type PublishingSettings,
} from './publishing.ts';

/** What is read of a book; prices in ticks, 0 (NO_PRICE) for an empty side. */
export interface PublishedBook {
  bestTicks(side: Side): number;
  levelLots(side: Side, ticks: number): number;
  levelOrders(side: Side, ticks: number): number;
  /** Writes the best `depth` levels a side from row 0 on, and answers their number. */
  writeLevels(into: LevelColumns, depth: number): number;
}

/** Fields of the best of one side, as last published: price, lots, orders. */
const BEST_FIELDS = 3;
const FIELDS_OF_BBO = 2 * BEST_FIELDS;

interface PublisherState {
  fullNs: Float64Array;
  fastNs: Float64Array;
  bbo: Float64Array;
}

export class Publisher {
  readonly #tape: LiveTape;
  readonly #trades: BlockTrades;
  readonly #cadence: BookCadence;
  readonly #scratch = newLevelColumns(2 * FULL_BOOK_DEPTH);
  /** By instrument: when the newest full and fast book was sent. */
  readonly #fullNs: Float64Array;
  readonly #fastNs: Float64Array;
  /** By instrument: the best bid and ask that were published last. */
  readonly #bbo: Float64Array;
  readonly #now = new Float64Array(FIELDS_OF_BBO);
  #blockNs = 0;
  readonly #addTrade = (aggressor: number, priceTicks: number, sizeLots: number, tradeId: number): void =>
    this.#tape.addTrade(aggressor, priceTicks, sizeLots, tradeId, this.#blockNs);

  constructor(tape: LiveTape, trades: BlockTrades, instruments: number, settings: PublishingSettings) {
    this.#tape = tape;
    this.#trades = trades;
    this.#cadence = BOOK_CADENCE[settings.bookCadence];
    this.#fullNs = new Float64Array(instruments).fill(-Infinity);
    this.#fastNs = new Float64Array(instruments).fill(-Infinity);
    this.#bbo = new Float64Array(instruments * FIELDS_OF_BBO);
  }

  /** Writes what the block at `blockNs` made of an instrument. It is received at `recvNs`. */
  publish(instrument: number, book: PublishedBook, blockNs: number, recvNs: number): void {
    if (this.#trades.count(instrument) > 0) {
      this.#blockNs = blockNs;
      this.#trades.drain(instrument, this.#addTrade);
      this.#tape.endFrame(TRADES, FEED_INDEX.trades, instrument, recvNs, blockNs);
    }
    if (this.#bboChanged(instrument, book)) this.#writeBbo(instrument, blockNs, recvNs);
    if (blockNs - this.#fullNs[instrument] >= this.#cadence.fullNs) {
      this.#fullNs[instrument] = blockNs;
      this.#writeBook(FEED_INDEX.l2Book, FULL_BOOK_DEPTH, instrument, book, blockNs, recvNs);
    }
    if (blockNs - this.#fastNs[instrument] >= this.#cadence.fastNs) {
      this.#fastNs[instrument] = blockNs;
      this.#writeBook(FEED_INDEX.fastBook, FAST_BOOK_DEPTH, instrument, book, blockNs, recvNs);
    }
  }

  /** Compares the best bid and ask with those published last, and remembers them. */
  #bboChanged(instrument: number, book: PublishedBook): boolean {
    const now = this.#now;
    for (const side of SIDES) {
      const ticks = book.bestTicks(side);
      now[side * BEST_FIELDS] = ticks;
      now[side * BEST_FIELDS + 1] = ticks === 0 ? 0 : book.levelLots(side, ticks);
      now[side * BEST_FIELDS + 2] = ticks === 0 ? 0 : book.levelOrders(side, ticks);
    }
    const at = instrument * FIELDS_OF_BBO;
    let changed = false;
    for (let field = 0; field < FIELDS_OF_BBO; field++) {
      if (this.#bbo[at + field] === now[field]) continue;
      this.#bbo[at + field] = now[field];
      changed = true;
    }
    return changed;
  }

  #writeBbo(instrument: number, blockNs: number, recvNs: number): void {
    const now = this.#now;
    for (const side of SIDES) {
      const ticks = now[side * BEST_FIELDS];
      if (ticks !== 0) this.#tape.addLevel(side, ticks, now[side * BEST_FIELDS + 1], now[side * BEST_FIELDS + 2]);
    }
    this.#tape.endFrame(BBO, FEED_INDEX.bbo, instrument, recvNs, blockNs);
  }

  #writeBook(
    feed: number,
    depth: number,
    instrument: number,
    book: PublishedBook,
    blockNs: number,
    recvNs: number,
  ): void {
    const levels = this.#scratch;
    const count = book.writeLevels(levels, depth);
    for (let row = 0; row < count; row++) {
      this.#tape.addLevel(levels.side[row], levels.priceTicks[row], levels.sizeLots[row], levels.orders[row]);
    }
    this.#tape.endFrame(SNAPSHOT, feed, instrument, recvNs, blockNs);
  }

  snapshot(): PublisherState {
    return { fullNs: this.#fullNs.slice(), fastNs: this.#fastNs.slice(), bbo: this.#bbo.slice() };
  }

  restore(state: PublisherState): void {
    this.#fullNs.set(state.fullNs);
    this.#fastNs.set(state.fastNs);
    this.#bbo.set(state.bbo);
  }
}
