/**
 * Takes rows of Tardis' CSV files onto a tape (docs.tardis.dev, "CSV format details"): `incremental_book_L2`, one row a level,
 * and `trades`. Rows of one message stand together and have the same times; they make one frame.
 *
 * A row is checked when it comes and kept until its message is over. So a bad row is skipped alone.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { ASK, BID, FEED_INDEX, type Side } from '../../core/market.ts';
import type { Tally } from '../importers/report.ts';
import { type Decimals, type InstrumentEntry, type InstrumentTable, refined } from '../instruments.ts';
import { DELTA, FLAG_NONE, SNAPSHOT, TRADES } from '../tape.ts';
import { MAX_PRICE_TICKS, type TapeBuilder } from '../tape-builder.ts';
import { BookFrames } from './book-frame.ts';
import { type Decimal, parseDecimal, toUnits } from './number.ts';

/** First lines of the files, which say what the rows are. */
export const TARDIS_BOOK_HEADER = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount';
export const TARDIS_TRADES_HEADER = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount';

const COLUMNS = 8;
const US_PER_S = 1_000_000;
const NS_PER_US = 1_000;

interface Row {
  readonly side: Side;
  readonly price: Decimal;
  readonly size: Decimal;
  /** 0 for levels, and where the venue's is no number. */
  readonly tradeId: number;
}

/** The message at hand. */
interface Message {
  readonly key: string;
  readonly kind: number;
  readonly entry: InstrumentEntry;
  readonly recvNs: number;
  readonly exchNs: number;
  readonly rows: Row[];
}

export class TardisDecoder {
  readonly #builder: TapeBuilder;
  readonly #instruments: InstrumentTable;
  readonly #tally: Tally;
  readonly #bookFrames: BookFrames;
  #header: string | null = null;
  #exchange: string | null = null;
  #message: Message | null = null;

  constructor(builder: TapeBuilder, instruments: InstrumentTable, tally: Tally) {
    this.#builder = builder;
    this.#instruments = instruments;
    this.#tally = tally;
    this.#bookFrames = new BookFrames(builder, tally);
  }

  /** Takes one line. Throws `format` for a bad one; the rows before it stay. */
  take(line: string): void {
    if (line === TARDIS_BOOK_HEADER || line === TARDIS_TRADES_HEADER) {
      this.#header = line;
      return;
    }
    if (this.#header === null) throw bad('a row before the line that names the columns');
    const fields = line.split(',');
    if (fields.length !== COLUMNS) throw bad(`${fields.length} columns, not ${COLUMNS}`);
    if (this.#header === TARDIS_BOOK_HEADER) this.#level(fields);
    else this.#trade(fields);
  }

  /** Ends the last message. No more lines come. */
  end(): void {
    const message = this.#message;
    if (message === null) return;
    this.#message = null;
    const builder = this.#builder;
    const { kind, entry, recvNs, exchNs, rows } = message;
    if (kind === TRADES) {
      for (const { side, price, size, tradeId } of rows) {
        builder.addTrade(side, ticksOf(price, entry.priceDecimals), lotsOf(size, entry.sizeDecimals), tradeId, exchNs);
      }
      builder.endFrame(TRADES, FEED_INDEX.trades, entry.index, FLAG_NONE, recvNs, exchNs, 0, 0);
      return;
    }
    this.#addLevels(message);
    if (kind === SNAPSHOT) this.#bookFrames.end(SNAPSHOT, FEED_INDEX.l2Book, entry.index, recvNs, exchNs, 0, 0);
    else builder.endFrame(DELTA, FEED_INDEX.l2Book, entry.index, FLAG_NONE, recvNs, exchNs, 0, 0);
  }

  #level(fields: string[]): void {
    const [, , , , isSnapshot, side, price, amount] = fields;
    if (isSnapshot !== 'true' && isSnapshot !== 'false') throw bad('is_snapshot is neither true nor false');
    if (side !== 'bid' && side !== 'ask') throw bad('side is neither bid nor ask');
    const row = { side: side === 'bid' ? BID : ASK, price: decimal(price), size: decimal(amount), tradeId: 0 } as const;
    this.#add(fields, isSnapshot === 'true' ? SNAPSHOT : DELTA, row);
  }

  #trade(fields: string[]): void {
    const [, , , , id, side, price, amount] = fields;
    if (side === 'unknown') {
      this.#tally.ignore('trade.unknown');
      return;
    }
    if (side !== 'buy' && side !== 'sell') throw bad('side is neither buy nor sell');
    const size = decimal(amount);
    if (size.digits === 0n) throw bad('amount is not positive');
    const number = /^[0-9]{1,16}$/.test(id) ? Number(id) : 0;
    const tradeId = Number.isSafeInteger(number) ? number : 0;
    this.#add(fields, TRADES, { side: side === 'buy' ? BID : ASK, price: decimal(price), size, tradeId });
  }

  #add([exchange, symbol, timestamp, localTimestamp]: string[], kind: number, row: Row): void {
    if (this.#exchange !== null && exchange !== this.#exchange) throw bad('rows of several exchanges');
    const exchUs = microseconds(timestamp, 'timestamp');
    const recvUs = microseconds(localTimestamp, 'local_timestamp');
    const entry = this.#instruments.getOrAdd(symbol, exchange === 'hyperliquid' ? 'hyperliquid' : 'other');
    const key = `${kind} ${entry.index} ${exchUs} ${recvUs}`;
    const open = this.#message?.key === key ? this.#message : null;
    const decimals = decimalsFor(entry, row, open?.rows ?? []);
    const message = open ?? this.#begin(key, kind, entry, recvUs, exchUs);
    this.#instruments.refine(entry, decimals);
    message.rows.push(row);
    this.#message = message;
    this.#exchange = exchange;
  }

  /** Ends the message at hand and begins the next. */
  #begin(key: string, kind: number, entry: InstrumentEntry, recvUs: number, exchUs: number): Message {
    this.end();
    const builder = this.#builder;
    const recvNs = builder.receive(Math.floor(recvUs / US_PER_S), (recvUs % US_PER_S) * NS_PER_US);
    const exchNs = builder.exchangeAt(Math.floor(exchUs / US_PER_S), (exchUs % US_PER_S) * NS_PER_US);
    return { key, kind, entry, recvNs, exchNs, rows: [] };
  }

  /** Levels best first. Of two rows for one price the later counts; a removed level is no part of a snapshot. */
  #addLevels({ kind, entry, rows }: Message): void {
    for (const side of [BID, ASK]) {
      const lots = new Map<number, number>();
      for (const row of rows) {
        if (row.side !== side) continue;
        lots.set(ticksOf(row.price, entry.priceDecimals), lotsOf(row.size, entry.sizeDecimals));
      }
      const prices = Int32Array.from(lots.keys()).sort((a, b) => (side === BID ? b - a : a - b));
      for (const ticks of prices) {
        const size = lots.get(ticks) ?? 0;
        if (kind === DELTA || size > 0) this.#builder.addLevel(side, ticks, size, 0);
      }
    }
  }
}

/** Decimals with room for the digits of a row. Throws where it, or the others of its message, do not fit then. */
function decimalsFor(entry: InstrumentEntry, row: Row, others: readonly Row[]): Decimals {
  const decimals = refined(entry, row.price.significant, row.size.significant);
  const isFiner = decimals.priceDecimals > entry.priceDecimals || decimals.sizeDecimals > entry.sizeDecimals;
  for (const { price, size } of isFiner ? [row, ...others] : [row]) {
    if (ticksOf(price, decimals.priceDecimals) < 1) throw bad('price is not positive');
    lotsOf(size, decimals.sizeDecimals);
  }
  return decimals;
}

function decimal(text: string): Decimal {
  return parseDecimal(text, 'price or amount');
}

function ticksOf(price: Decimal, decimals: number): number {
  return toUnits(price, decimals, MAX_PRICE_TICKS, 'price');
}

function lotsOf(size: Decimal, decimals: number): number {
  return toUnits(size, decimals, Number.MAX_SAFE_INTEGER, 'amount');
}

/** Microseconds since 1970, 16 digits: 2001 to 2255, so that they are exact in a number. */
function microseconds(text: string, what: string): number {
  const value = /^[0-9]{16}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (!Number.isSafeInteger(value)) throw bad(`${what} is no time in microseconds`);
  return value;
}

function bad(what: string): ReplaybookError {
  return new ReplaybookError('format', what);
}
