/**
 * Takes Hyperliquid websocket frames onto a tape: `l2Book` (and its fast variant), `bbo` and `trades`. Other channels are
 * counted by name.
 *
 *     frame bytes ─→ scanner, for compact JSON ──────→ columns
 *                └─→ JSON.parse reader, for all else ─┘
 */
import { FEED_INDEX } from '../../core/market.ts';
import type { Tally } from '../importers/report.ts';
import { type InstrumentEntry, type InstrumentTable, MAX_INSTRUMENTS } from '../instruments.ts';
import { BBO, FLAG_BACKLOG, FLAG_NONE, SNAPSHOT, TRADES } from '../tape.ts';
import type { TapeBuilder } from '../tape-builder.ts';
import { BookFrames } from './book-frame.ts';
import { readBook, readTrades } from './hyperliquid-json.ts';
import { TradesScanner } from './hyperliquid-trades.ts';
import { objectAt, parseJson, stringAt } from './json.ts';
import { L2BookScanner } from './l2-book.ts';
import { ascii, ByteScanner, CLOSE_OBJECT } from './scanner.ts';

const L2_BOOK_FRAME = ascii('{"channel":"l2Book","data":');
const BBO_FRAME = ascii('{"channel":"bbo","data":');
const TRADES_FRAME = ascii('{"channel":"trades","data":');
/** The server's first frame, which is no JSON (hyperliquid, section 1.1). */
const GREETING = ascii('Websocket connection established.');

export class HyperliquidDecoder {
  readonly #builder: TapeBuilder;
  readonly #instruments: InstrumentTable;
  readonly #tally: Tally;
  readonly #scanner = new ByteScanner(false);
  readonly #bookScanner: L2BookScanner;
  readonly #tradesScanner: TradesScanner;
  readonly #bookFrames: BookFrames;
  /** Connections and instruments of which trades have come: the first frame of each is the backlog. */
  readonly #tradesSeen = new Set<number>();

  constructor(builder: TapeBuilder, instruments: InstrumentTable, tally: Tally) {
    this.#builder = builder;
    this.#instruments = instruments;
    this.#tally = tally;
    this.#bookScanner = new L2BookScanner(this.#scanner, builder, instruments);
    this.#tradesScanner = new TradesScanner(this.#scanner, builder, instruments);
    this.#bookFrames = new BookFrames(builder, tally);
  }

  /**
   * Takes the frame at [start, end), received at `recvNs`. Throws `format` for a bad one; rows that it has written until
   * then are the caller's to drop.
   */
  take(bytes: Uint8Array, start: number, end: number, recvNs: number, connection: number): void {
    if (this.scan(bytes, start, end, recvNs, connection)) return;
    this.#scanner.pos = start;
    if (this.#scanner.literal(GREETING) && this.#scanner.pos === end) {
      this.#tally.ignore('greeting');
      return;
    }
    this.read(parseJson(bytes, start, end), recvNs, connection);
  }

  /** The fast way. False, with nothing left behind, where the frame is not plain enough for it. */
  scan(bytes: Uint8Array, start: number, end: number, recvNs: number, connection: number): boolean {
    const scanner = this.#scanner;
    scanner.bytes = bytes;
    scanner.pos = start;
    if (scanner.literal(L2_BOOK_FRAME)) {
      if (this.#scanBook(end, recvNs, false)) return true;
    } else if (scanner.literal(TRADES_FRAME)) {
      if (this.#scanTrades(end, recvNs, connection)) return true;
    } else if (scanner.literal(BBO_FRAME)) {
      if (this.#scanBook(end, recvNs, true)) return true;
    }
    this.#builder.dropFrame();
    return false;
  }

  /** The plain way: the frame as JSON.parse gives it. */
  read(value: unknown, recvNs: number, connection: number): void {
    const frame = objectAt(value, 'frame');
    const channel = stringAt(frame.channel, 'channel');
    if (channel === 'l2Book' || channel === 'bbo') {
      const isBbo = channel === 'bbo';
      const { entry, exchNs, fast } = readBook(frame.data, isBbo, this.#builder, this.#instruments);
      this.#endBook(entry, exchNs, fast, recvNs, isBbo);
    } else if (channel === 'trades') {
      const { entry, newestNs } = readTrades(frame.data, this.#builder, this.#instruments);
      this.#endTrades(entry, newestNs, recvNs, connection);
    } else {
      this.#tally.ignore(channel);
    }
  }

  #scanBook(end: number, recvNs: number, isBbo: boolean): boolean {
    const book = this.#bookScanner;
    if (!book.scan(end, isBbo) || !this.#atEnd(end) || book.entry === null) return false;
    this.#endBook(book.entry, this.#builder.exchange(book.timeMs), book.fast, recvNs, isBbo);
    return true;
  }

  #scanTrades(end: number, recvNs: number, connection: number): boolean {
    const trades = this.#tradesScanner;
    if (!trades.scan() || !this.#atEnd(end) || trades.entry === null) return false;
    this.#endTrades(trades.entry, trades.newestNs, recvNs, connection);
    return true;
  }

  /** Only the frame's closing brace is left. */
  #atEnd(end: number): boolean {
    return this.#scanner.byte(CLOSE_OBJECT) && this.#scanner.pos === end;
  }

  #endBook(entry: InstrumentEntry, exchNs: number, fast: boolean, recvNs: number, isBbo: boolean): void {
    const feed = isBbo ? FEED_INDEX.bbo : fast ? FEED_INDEX.fastBook : FEED_INDEX.l2Book;
    this.#bookFrames.end(isBbo ? BBO : SNAPSHOT, feed, entry.index, recvNs, exchNs, 0, 0);
  }

  #endTrades(entry: InstrumentEntry, exchNs: number, recvNs: number, connection: number): void {
    const builder = this.#builder;
    const stream = connection * MAX_INSTRUMENTS + entry.index;
    let flags = FLAG_NONE;
    if (!this.#tradesSeen.has(stream)) {
      this.#tradesSeen.add(stream);
      flags = FLAG_BACKLOG;
      this.#tally.backlogTrades += builder.tradeRows - builder.openTradeRow;
    }
    builder.endFrame(TRADES, FEED_INDEX.trades, entry.index, flags, recvNs, exchNs, 0, 0);
  }
}
