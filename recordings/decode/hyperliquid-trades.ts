/**
 * Scans the `data` list of a Hyperliquid `trades` frame into trade columns. As in `l2-book.ts`, what is unusual is left to
 * `hyperliquid-json.ts` by answering false.
 */
import { ASK, BID } from '../../core/market.ts';
import type { InstrumentEntry, InstrumentTable } from '../instruments.ts';
import { MAX_PRICE_TICKS, type TapeBuilder } from '../tape-builder.ts';
import { ascii, type ByteScanner, CLOSE_LIST, CLOSE_OBJECT, COMMA, FAIL, OPEN_LIST, OPEN_OBJECT } from './scanner.ts';

const COIN = ascii('"coin":');
const SIDE_BUY = ascii('"side":"B"');
const SIDE_SELL = ascii('"side":"A"');
const PX = ascii('"px":');
const SZ = ascii('"sz":');
const TIME = ascii('"time":');
const TID = ascii('"tid":');
const SIDE = ascii('"side":');

const HAS_COIN = 1;
const HAS_SIDE = 2;
const HAS_PX = 4;
const HAS_SZ = 8;
const HAS_TIME = 16;
const HAS_TID = 32;
const HAS_ALL = 63;

export class TradesScanner {
  /** What the last frame that was taken said. */
  entry: InstrumentEntry | null = null;
  newestNs = 0;
  readonly #scanner: ByteScanner;
  readonly #builder: TapeBuilder;
  readonly #instruments: InstrumentTable;
  #aggressor = 0;
  #ticks = 0;
  #lots = 0;
  #timeMs = 0;
  #tid = 0;

  constructor(scanner: ByteScanner, builder: TapeBuilder, instruments: InstrumentTable) {
    this.#scanner = scanner;
    this.#builder = builder;
    this.#instruments = instruments;
  }

  /** Scans from `[` on and leaves the scanner after `]`. Times outside a tape's range throw, as in the plain reader. */
  scan(): boolean {
    const scanner = this.#scanner;
    if (!scanner.byte(OPEN_LIST)) return false;
    this.entry = null;
    this.newestNs = Number.NEGATIVE_INFINITY;
    do {
      if (!this.#trade(scanner)) return false;
      const exchNs = this.#builder.exchange(this.#timeMs);
      this.#builder.addTrade(this.#aggressor, this.#ticks, this.#lots, this.#tid, exchNs);
      this.newestNs = Math.max(this.newestNs, exchNs);
    } while (scanner.byte(COMMA));
    return scanner.byte(CLOSE_LIST);
  }

  #trade(scanner: ByteScanner): boolean {
    if (!scanner.byte(OPEN_OBJECT)) return false;
    let seen = 0;
    do {
      const bit = this.#member(scanner);
      if (bit === FAIL || (seen & bit) !== 0) return false;
      seen |= bit;
    } while (scanner.byte(COMMA));
    return scanner.byte(CLOSE_OBJECT) && seen === HAS_ALL;
  }

  #member(scanner: ByteScanner): number {
    const { entry } = this;
    if (scanner.literal(COIN)) return this.#coin(scanner);
    if (scanner.literal(PX)) {
      this.#ticks = entry === null ? FAIL : scanner.decimal(entry.priceDecimals);
      return this.#ticks < 1 || this.#ticks > MAX_PRICE_TICKS ? FAIL : HAS_PX;
    }
    if (scanner.literal(SZ)) {
      this.#lots = entry === null ? FAIL : scanner.decimal(entry.sizeDecimals);
      return this.#lots < 1 ? FAIL : HAS_SZ;
    }
    if (scanner.literal(TIME)) {
      this.#timeMs = scanner.integer();
      return this.#timeMs === FAIL ? FAIL : HAS_TIME;
    }
    if (scanner.literal(TID)) {
      this.#tid = scanner.integer();
      return this.#tid === FAIL ? FAIL : HAS_TID;
    }
    if (scanner.literal(SIDE_BUY)) {
      this.#aggressor = BID;
      return HAS_SIDE;
    }
    if (scanner.literal(SIDE_SELL)) {
      this.#aggressor = ASK;
      return HAS_SIDE;
    }
    return !scanner.literal(SIDE) && scanner.skipMember() ? 0 : FAIL;
  }

  /** The same coin in every trade of the frame; the first says which. */
  #coin(scanner: ByteScanner): number {
    const start = scanner.pos + 1;
    const end = scanner.string();
    if (end === FAIL) return FAIL;
    const entry = this.#instruments.find(scanner.bytes, start, end);
    if (entry === null || (this.entry !== null && this.entry !== entry)) return FAIL;
    this.entry = entry;
    return HAS_COIN;
  }
}
