/**
 * Scans the `data` object of a Hyperliquid `l2Book` or `bbo` frame into level columns. The hot path of every import.
 *
 * Keys may stand in any order, in the object (`levels` before `time` in websocket frames, after it in the archive) as in
 * a level (`n,px,sz` there, `px,sz,n` here), but `coin` must come before `levels`, which need its decimals. What it cannot
 * take it leaves to `hyperliquid-json.ts` by answering false; rows written until then are the caller's to drop.
 */
import { ASK, BID, type LevelColumns } from '../../core/market.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';
import type { InstrumentEntry, InstrumentTable } from '../instruments.ts';
import { MAX_PRICE_TICKS, type TapeBuilder } from '../tape-builder.ts';
import {
  ascii,
  type ByteScanner,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  FAIL,
  OPEN_LIST,
  OPEN_OBJECT,
  POINT,
  QUOTE,
  ZERO,
} from './scanner.ts';

const COIN = ascii('"coin":');
const LEVELS = ascii('"levels":[');
const BBO = ascii('"bbo":[');
const TIME = ascii('"time":');
const FAST = ascii('"fast":');
const TRUE = ascii('true');
const NULL = ascii('null');

const C = 0x63;
const L = 0x6c;
const B = 0x62;
const T = 0x74;
const F = 0x66;
const N = 0x6e;
const P = 0x70;
const S = 0x73;
const X = 0x78;
const Z = 0x7a;
/** The shortest level: `{"px":"1","sz":"1"},`. So many bytes cannot hold more than one. */
const MIN_LEVEL_BYTES = 20;

const HAS_COIN = 1;
const HAS_LEVELS = 2;
const HAS_TIME = 4;
const HAS_FAST = 8;
const HAS_ALL = HAS_COIN | HAS_LEVELS | HAS_TIME;

const HAS_PX = 1;
const HAS_SZ = 2;
const HAS_N = 4;
const HAS_PX_AND_SZ = HAS_PX | HAS_SZ;
/** So many digits always fit an int32; a point counts as one here. */
const INT32_DIGITS = 9;
/** More than any frame has; the bytes end it before. */
const MAX_LEVELS = 0x7fff_ffff;

export class L2BookScanner {
  /** What the last frame that was taken said. */
  entry: InstrumentEntry | null = null;
  timeMs = 0;
  fast = false;
  #wantsBbo = false;
  readonly #scanner: ByteScanner;
  readonly #builder: TapeBuilder;
  readonly #instruments: InstrumentTable;

  constructor(scanner: ByteScanner, builder: TapeBuilder, instruments: InstrumentTable) {
    this.#scanner = scanner;
    this.#builder = builder;
    this.#instruments = instruments;
  }

  /** Scans from `{` on, at most to `end`, for the levels of a book or of a `bbo`; leaves the scanner after `}`. */
  scan(end: number, wantsBbo: boolean): boolean {
    this.#wantsBbo = wantsBbo;
    const scanner = this.#scanner;
    if (!scanner.byte(OPEN_OBJECT)) return false;
    this.entry = null;
    this.fast = false;
    this.#builder.reserveLevels(Math.floor((end - scanner.pos) / MIN_LEVEL_BYTES) + 2);
    let seen = 0;
    do {
      const bit = this.#member(scanner);
      if (bit === FAIL || (seen & bit) !== 0) return false;
      seen |= bit;
    } while (scanner.byte(COMMA));
    return scanner.byte(CLOSE_OBJECT) && (seen & HAS_ALL) === HAS_ALL;
  }

  /** Takes one `"key":value`. Answers the bit of the key, 0 for one of no interest. */
  #member(scanner: ByteScanner): number {
    switch (scanner.bytes[scanner.pos + 1]) {
      case C:
        if (scanner.literal(COIN)) return this.#coin(scanner);
        break;
      case L:
        if (!this.#wantsBbo && scanner.literal(LEVELS)) return this.#levels(scanner);
        break;
      case B:
        if (this.#wantsBbo && scanner.literal(BBO)) return this.#bbo(scanner);
        break;
      case T:
        if (scanner.literal(TIME)) {
          this.timeMs = scanner.integer();
          return this.timeMs === FAIL ? FAIL : HAS_TIME;
        }
        break;
      case F:
        if (scanner.literal(FAST)) {
          this.fast = scanner.literal(TRUE);
          return this.fast ? HAS_FAST : FAIL;
        }
    }
    return scanner.skipMember() ? 0 : FAIL;
  }

  #coin(scanner: ByteScanner): number {
    const start = scanner.pos + 1;
    const end = scanner.string();
    if (end === FAIL) return FAIL;
    this.entry = this.#instruments.find(scanner.bytes, start, end);
    return this.entry === null ? FAIL : HAS_COIN;
  }

  /** `[[bids],[asks]]`, from after the first bracket. */
  #levels(scanner: ByteScanner): number {
    const { entry } = this;
    if (entry === null) return FAIL;
    const taken =
      this.#side(scanner, entry, BID) &&
      scanner.byte(COMMA) &&
      this.#side(scanner, entry, ASK) &&
      scanner.byte(CLOSE_LIST);
    return taken ? HAS_LEVELS : FAIL;
  }

  /** `[bid or null, ask or null]`, from after the bracket. */
  #bbo(scanner: ByteScanner): number {
    const { entry } = this;
    if (entry === null) return FAIL;
    const taken =
      (scanner.literal(NULL) || this.#run(scanner, entry, BID, 1)) &&
      scanner.byte(COMMA) &&
      (scanner.literal(NULL) || this.#run(scanner, entry, ASK, 1)) &&
      scanner.byte(CLOSE_LIST);
    return taken ? HAS_LEVELS : FAIL;
  }

  /** A list of levels. */
  #side(scanner: ByteScanner, entry: InstrumentEntry, side: number): boolean {
    if (!scanner.byte(OPEN_LIST)) return false;
    if (scanner.byte(CLOSE_LIST)) return true;
    return this.#run(scanner, entry, side, MAX_LEVELS) && scanner.byte(CLOSE_LIST);
  }

  /**
   * Levels with commas between them, best first, at most `limit`. Nine tenths of all bytes pass through here, so the digits
   * are scanned in place, on local variables, and not by the scanner's methods: that halves the time of a frame.
   */
  #run(scanner: ByteScanner, entry: InstrumentEntry, side: number, limit: number): boolean {
    const { bytes } = scanner;
    const { priceDecimals, sizeDecimals } = entry;
    const levels: LevelColumns = this.#builder.levels;
    const { priceTicks, sizeLots } = levels;
    const first = this.#builder.levelRows;
    const last = first + limit - 1;
    let row = first;
    let i = scanner.pos;
    for (;;) {
      if (bytes[i] !== OPEN_OBJECT) return false;
      let ticks = 0;
      let lots = 0;
      let orders = 0;
      let seen = 0;
      do {
        i++;
        const letter = bytes[i + 1];
        const second = bytes[i + 2];
        let bit = 0;
        if ((letter === P && second === X) || (letter === S && second === Z)) {
          if (bytes[i] !== QUOTE || bytes[i + 3] !== QUOTE || bytes[i + 4] !== COLON) return false;
          if (bytes[i + 5] !== QUOTE) return false;
          const start = (i + 6) | 0;
          i = start;
          let digit = bytes[i] ^ ZERO;
          if (digit > 9) return false;
          let value = 0;
          do {
            value = (Math.imul(value, 10) + digit) | 0;
            i = (i + 1) | 0;
            digit = bytes[i] ^ ZERO;
          } while (digit <= 9);
          let missing = letter === P ? priceDecimals : sizeDecimals;
          if (bytes[i] === POINT) {
            const point = i;
            i = (i + 1) | 0;
            digit = bytes[i] ^ ZERO;
            if (digit > 9) return false;
            do {
              value = (Math.imul(value, 10) + digit) | 0;
              i = (i + 1) | 0;
              digit = bytes[i] ^ ZERO;
            } while (digit <= 9);
            missing = (missing - (i - point - 1)) | 0;
          }
          if (bytes[i] !== QUOTE) return false;
          const length = i - start;
          i = (i + 1) | 0;
          if (missing < 0 || length > INT32_DIGITS) {
            // Rare: more digits than the unit has, or than an int32 holds.
            scanner.pos = start - 1;
            value = scanner.decimal(letter === P ? priceDecimals : sizeDecimals);
          } else if (missing > 0) {
            value *= POWERS_OF_TEN[missing];
            if (value > Number.MAX_SAFE_INTEGER) return false;
          }
          if (letter === P) {
            ticks = value;
            bit = HAS_PX;
          } else {
            lots = value;
            bit = HAS_SZ;
          }
        } else if (letter === N && second === QUOTE) {
          if (bytes[i] !== QUOTE || bytes[i + 3] !== COLON) return false;
          const start = (i + 4) | 0;
          i = start;
          let digit = bytes[i] ^ ZERO;
          if (digit > 9) return false;
          do {
            orders = (Math.imul(orders, 10) + digit) | 0;
            i = (i + 1) | 0;
            digit = bytes[i] ^ ZERO;
          } while (digit <= 9);
          if (i - start > INT32_DIGITS || (i - start > 1 && bytes[start] === ZERO)) return false;
          bit = HAS_N;
        } else {
          scanner.pos = i;
          if (!scanner.skipMember()) return false;
          i = scanner.pos;
        }
        if ((seen & bit) !== 0) return false;
        seen |= bit;
      } while (bytes[i] === COMMA);
      if (bytes[i] !== CLOSE_OBJECT || (seen & HAS_PX_AND_SZ) !== HAS_PX_AND_SZ) return false;
      if (ticks < 1 || ticks > MAX_PRICE_TICKS || lots < 1) return false;
      if (row > first && (side === BID ? ticks >= priceTicks[row - 1] : ticks <= priceTicks[row - 1])) return false;
      priceTicks[row] = ticks;
      sizeLots[row] = lots;
      levels.side[row] = side;
      levels.orders[row] = orders;
      row++;
      i++;
      if (bytes[i] !== COMMA || row > last) break;
      i++;
    }
    scanner.pos = i;
    this.#builder.levelRows = row;
    return true;
  }
}
