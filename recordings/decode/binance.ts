/**
 * Takes Binance USD-M messages onto a tape: `depthUpdate`, `bookTicker`, `trade`, and the REST depth snapshot. As with
 * Hyperliquid, a scanner takes the ordinary ones from their bytes and leaves the rest to the JSON.parse reader.
 */
import { ASK, BID } from '../../core/market.ts';
import type { Tally } from '../importers/report.ts';
import type { InstrumentEntry, InstrumentTable } from '../instruments.ts';
import { MAX_PRICE_TICKS, type TapeBuilder } from '../tape-builder.ts';
import { BinanceEvents } from './binance-events.ts';
import { BinanceJsonReader } from './binance-json.ts';
import { putBestFirst } from './binance-levels.ts';
import { parseJson } from './json.ts';
import { ascii, ByteScanner, CLOSE_LIST, CLOSE_OBJECT, COLON, COMMA, FAIL, OPEN_LIST, QUOTE } from './scanner.ts';

const STREAM = ascii('{"stream":');
const DATA = ascii(',"data":');
const DEPTH_UPDATE = ascii('{"e":"depthUpdate",');
const BOOK_TICKER = ascii('{"e":"bookTicker",');
const TRADE = ascii('{"e":"trade",');
const PREVIOUS_ID = ascii('"pu":');
const TRUE = ascii('true');
const FALSE = ascii('false');
const MARKET = ascii('"MARKET"');

/** Key letters as bytes. */
const s = 0x73;
const T = 0x54;
const u = 0x75;
const b = 0x62;
const B = 0x42;
const a = 0x61;
const A = 0x41;
const t = 0x74;
const p = 0x70;
const q = 0x71;
const m = 0x6d;
const X = 0x58;
const e = 0x65;

/** Bits of the keys, to notice what is missing or there twice. */
const HAS_SYMBOL = 1;
const HAS_TIME = 2;
const HAS_ID = 4;
const HAS_PREVIOUS_ID = 8;
const HAS_BID = 16;
const HAS_BID_SIZE = 32;
const HAS_ASK = 64;
const HAS_ASK_SIZE = 128;
const HAS_PRICE = 256;
const HAS_SIZE = 512;
const HAS_MAKER = 1024;
const HAS_TYPE = 2048;
const DEPTH_KEYS = HAS_SYMBOL | HAS_TIME | HAS_ID | HAS_PREVIOUS_ID | HAS_BID | HAS_ASK;
const TICKER_KEYS = HAS_SYMBOL | HAS_TIME | HAS_ID | HAS_BID | HAS_BID_SIZE | HAS_ASK | HAS_ASK_SIZE;
const TRADE_KEYS = HAS_SYMBOL | HAS_TIME | HAS_ID | HAS_PRICE | HAS_SIZE | HAS_MAKER;

/** The shortest level: `["1","1"],`. */
const MIN_LEVEL_BYTES = 10;

export class BinanceDecoder {
  readonly #builder: TapeBuilder;
  readonly #instruments: InstrumentTable;
  readonly #scanner = new ByteScanner(true);
  readonly #events: BinanceEvents;
  readonly #reader: BinanceJsonReader;
  #entry: InstrumentEntry | null = null;
  #timeMs = 0;
  #id = 0;
  #previousId = 0;
  #bidTicks = 0;
  #bidLots = 0;
  #askTicks = 0;
  #askLots = 0;
  #ticks = 0;
  #lots = 0;
  #aggressor = 0;

  constructor(builder: TapeBuilder, instruments: InstrumentTable, tally: Tally) {
    this.#builder = builder;
    this.#instruments = instruments;
    this.#events = new BinanceEvents(builder, tally);
    this.#reader = new BinanceJsonReader(builder, instruments, this.#events, tally);
  }

  /**
   * Takes the message at [start, end), received at `recvNs`. Throws `format` for a bad one; rows that it has written until
   * then are the caller's to drop.
   */
  take(bytes: Uint8Array, start: number, end: number, recvNs: number): void {
    if (this.scan(bytes, start, end, recvNs)) return;
    this.read(parseJson(bytes, start, end), recvNs);
  }

  /** The plain way: the message as JSON.parse gives it. */
  read(value: unknown, recvNs: number): void {
    this.#reader.read(value, recvNs);
  }

  /** The fast way. False, with nothing left behind, where the message is not plain enough for it. */
  scan(bytes: Uint8Array, start: number, end: number, recvNs: number): boolean {
    const scanner = this.#scanner;
    scanner.bytes = bytes;
    scanner.pos = start;
    this.#entry = null;
    const wrapped = scanner.literal(STREAM);
    if (wrapped && (scanner.string() === FAIL || !scanner.literal(DATA))) return false;
    if (scanner.literal(BOOK_TICKER)) {
      if (this.#scanTicker(end, wrapped, recvNs)) return true;
    } else if (scanner.literal(TRADE)) {
      if (this.#scanTrade(end, wrapped, recvNs)) return true;
    } else if (scanner.literal(DEPTH_UPDATE)) {
      if (this.#scanDepth(end, wrapped, recvNs)) return true;
    }
    this.#builder.dropFrame();
    return false;
  }

  #scanTicker(end: number, wrapped: boolean, recvNs: number): boolean {
    const scanner = this.#scanner;
    let seen = 0;
    do {
      const bit = this.#tickerMember(scanner);
      if (bit === FAIL || (seen & bit) !== 0) return false;
      seen |= bit;
    } while (scanner.byte(COMMA));
    const entry = this.#entry;
    if (entry === null || seen !== TICKER_KEYS || !this.#atEnd(end, wrapped)) return false;
    // An empty side (size 0) is left to the plain reader; FAIL is below 1, too.
    if (this.#bidTicks < 1 || this.#bidTicks > MAX_PRICE_TICKS || this.#bidLots < 1) return false;
    if (this.#askTicks < 1 || this.#askTicks > MAX_PRICE_TICKS || this.#askLots < 1) return false;
    this.#builder.addLevel(BID, this.#bidTicks, this.#bidLots, 0);
    this.#builder.addLevel(ASK, this.#askTicks, this.#askLots, 0);
    this.#events.endTicker(entry, recvNs, this.#builder.exchange(this.#timeMs), this.#id);
    return true;
  }

  #scanTrade(end: number, wrapped: boolean, recvNs: number): boolean {
    const scanner = this.#scanner;
    let seen = 0;
    do {
      const bit = this.#tradeMember(scanner);
      if (bit === FAIL || (seen & bit) !== 0) return false;
      seen |= bit;
    } while (scanner.byte(COMMA));
    const entry = this.#entry;
    if (entry === null || (seen & TRADE_KEYS) !== TRADE_KEYS || !this.#atEnd(end, wrapped)) return false;
    if (this.#ticks < 1 || this.#ticks > MAX_PRICE_TICKS || this.#lots < 1) return false;
    this.#events.endTrade(
      entry,
      recvNs,
      this.#builder.exchange(this.#timeMs),
      this.#aggressor,
      this.#ticks,
      this.#lots,
      this.#id,
    );
    return true;
  }

  #scanDepth(end: number, wrapped: boolean, recvNs: number): boolean {
    const scanner = this.#scanner;
    this.#builder.reserveLevels(Math.floor((end - scanner.pos) / MIN_LEVEL_BYTES) + 2);
    let seen = 0;
    do {
      const bit = this.#depthMember(scanner, seen);
      if (bit === FAIL || (seen & bit) !== 0) return false;
      seen |= bit;
    } while (scanner.byte(COMMA));
    const entry = this.#entry;
    if (entry === null || seen !== DEPTH_KEYS || !this.#atEnd(end, wrapped)) return false;
    this.#events.endDepth(entry, recvNs, this.#builder.exchange(this.#timeMs), this.#id, this.#previousId);
    return true;
  }

  /** The event's closing brace, and the wrapper's, and nothing after. */
  #atEnd(end: number, wrapped: boolean): boolean {
    const scanner = this.#scanner;
    return scanner.byte(CLOSE_OBJECT) && (!wrapped || scanner.byte(CLOSE_OBJECT)) && scanner.pos === end;
  }

  /** Steps over `"k":` and answers the letter k; 0, without a step, where the key is not a single letter. */
  #key(scanner: ByteScanner): number {
    const { bytes, pos } = scanner;
    if (bytes[pos] !== QUOTE || bytes[pos + 2] !== QUOTE || bytes[pos + 3] !== COLON) return 0;
    scanner.pos = pos + 4;
    return bytes[pos + 1];
  }

  #tickerMember(scanner: ByteScanner): number {
    const letter = this.#key(scanner);
    const entry = this.#entry;
    switch (letter) {
      case b:
        this.#bidTicks = entry === null ? FAIL : scanner.decimal(entry.priceDecimals);
        return this.#bidTicks === FAIL ? FAIL : HAS_BID;
      case B:
        this.#bidLots = entry === null ? FAIL : scanner.decimal(entry.sizeDecimals);
        return this.#bidLots === FAIL ? FAIL : HAS_BID_SIZE;
      case a:
        this.#askTicks = entry === null ? FAIL : scanner.decimal(entry.priceDecimals);
        return this.#askTicks === FAIL ? FAIL : HAS_ASK;
      case A:
        this.#askLots = entry === null ? FAIL : scanner.decimal(entry.sizeDecimals);
        return this.#askLots === FAIL ? FAIL : HAS_ASK_SIZE;
      case u:
        return this.#integerId(scanner);
      default:
        return this.#commonMember(scanner, letter);
    }
  }

  #tradeMember(scanner: ByteScanner): number {
    const letter = this.#key(scanner);
    const entry = this.#entry;
    switch (letter) {
      case p:
        this.#ticks = entry === null ? FAIL : scanner.decimal(entry.priceDecimals);
        return this.#ticks === FAIL ? FAIL : HAS_PRICE;
      case q:
        this.#lots = entry === null ? FAIL : scanner.decimal(entry.sizeDecimals);
        return this.#lots === FAIL ? FAIL : HAS_SIZE;
      case t:
        return this.#integerId(scanner);
      case m:
        // The buyer was the maker, so a seller took.
        this.#aggressor = scanner.literal(TRUE) ? ASK : scanner.literal(FALSE) ? BID : FAIL;
        return this.#aggressor === FAIL ? FAIL : HAS_MAKER;
      case X:
        return scanner.literal(MARKET) ? HAS_TYPE : FAIL;
      default:
        return this.#commonMember(scanner, letter);
    }
  }

  #depthMember(scanner: ByteScanner, seen: number): number {
    if (scanner.literal(PREVIOUS_ID)) {
      this.#previousId = scanner.integer();
      return this.#previousId === FAIL ? FAIL : HAS_PREVIOUS_ID;
    }
    const letter = this.#key(scanner);
    switch (letter) {
      case b:
        // Bids come first on a tape; a message that writes them after the asks is left to the plain reader.
        return (seen & HAS_ASK) === 0 && this.#side(scanner, BID) ? HAS_BID : FAIL;
      case a:
        return this.#side(scanner, ASK) ? HAS_ASK : FAIL;
      case u:
        return this.#integerId(scanner);
      default:
        return this.#commonMember(scanner, letter);
    }
  }

  /** Symbol, time, and what is of no interest. */
  #commonMember(scanner: ByteScanner, letter: number): number {
    switch (letter) {
      case s:
        return this.#symbol(scanner);
      case T:
        this.#timeMs = scanner.integer();
        return this.#timeMs === FAIL ? FAIL : HAS_TIME;
      case e:
        return FAIL;
      case 0:
        // `stream` would make a wrapper of an event.
        return scanner.bytes[scanner.pos + 1] !== s && scanner.skipMember() ? 0 : FAIL;
      default:
        return scanner.skipValue(0) ? 0 : FAIL;
    }
  }

  #integerId(scanner: ByteScanner): number {
    this.#id = scanner.integer();
    return this.#id === FAIL ? FAIL : HAS_ID;
  }

  #symbol(scanner: ByteScanner): number {
    const start = scanner.pos + 1;
    const end = scanner.string();
    if (end === FAIL) return FAIL;
    this.#entry = this.#instruments.find(scanner.bytes, start, end);
    return this.#entry === null ? FAIL : HAS_SYMBOL;
  }

  /** `[["price","size"],…]`; a size of 0 removes the level. */
  #side(scanner: ByteScanner, side: number): boolean {
    const entry = this.#entry;
    if (entry === null || !scanner.byte(OPEN_LIST)) return false;
    if (scanner.byte(CLOSE_LIST)) return true;
    const builder = this.#builder;
    const { levels } = builder;
    const first = builder.levelRows;
    do {
      if (!scanner.byte(OPEN_LIST)) return false;
      const ticks = scanner.decimal(entry.priceDecimals);
      if (ticks < 1 || ticks > MAX_PRICE_TICKS || !scanner.byte(COMMA)) return false;
      const lots = scanner.decimal(entry.sizeDecimals);
      if (lots === FAIL || !scanner.byte(CLOSE_LIST)) return false;
      const row = builder.levelRows++;
      levels.side[row] = side;
      levels.priceTicks[row] = ticks;
      levels.sizeLots[row] = lots;
      levels.orders[row] = 0;
    } while (scanner.byte(COMMA));
    return scanner.byte(CLOSE_LIST) && putBestFirst(levels, first, builder.levelRows, side);
  }
}
