/**
 * Binance USD-M messages by JSON.parse: the plain reader, which says what a message means. Times are the transaction time
 * `T`, when the matching engine did it; the event time `E` is when it was sent.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { ASK, BID } from '../../core/market.ts';
import type { Tally } from '../importers/report.ts';
import { type Decimals, type InstrumentEntry, type InstrumentTable, refined } from '../instruments.ts';
import { MAX_PRICE_TICKS, type TapeBuilder } from '../tape-builder.ts';
import type { BinanceEvents } from './binance-events.ts';
import { putBestFirst } from './binance-levels.ts';
import { integerAt, type JsonObject, listAt, objectAt, stringAt } from './json.ts';
import { type Decimal, parseDecimal, toUnits } from './number.ts';

interface PriceAndSize {
  price: Decimal;
  size: Decimal;
}

export class BinanceJsonReader {
  readonly #builder: TapeBuilder;
  readonly #instruments: InstrumentTable;
  readonly #events: BinanceEvents;
  readonly #tally: Tally;

  constructor(builder: TapeBuilder, instruments: InstrumentTable, events: BinanceEvents, tally: Tally) {
    this.#builder = builder;
    this.#instruments = instruments;
    this.#events = events;
    this.#tally = tally;
  }

  /** Takes one message, with or without the wrapper of a combined stream. Throws `format` for a bad one. */
  read(value: unknown, recvNs: number): void {
    const message = objectAt(value, 'message');
    const data = message.stream === undefined ? message : objectAt(message.data, 'data');
    const type = data.e;
    if (type === undefined && data.lastUpdateId !== undefined) this.#snapshot(data, recvNs);
    else if (type === 'depthUpdate') this.#depth(data, recvNs);
    else if (type === 'bookTicker') this.#ticker(data, recvNs);
    else if (type === 'trade') this.#trade(data, recvNs);
    else if (type === undefined && (data.result !== undefined || data.error !== undefined)) {
      this.#tally.ignore('reply');
    } else this.#tally.ignore(stringAt(type, 'event type e'));
  }

  #depth(data: JsonObject, recvNs: number): void {
    const exchNs = this.#time(data);
    const updateId = integerAt(data.u, 'u');
    const previousUpdateId = integerAt(data.pu, 'pu');
    const bids = pairs(data.b, 'b');
    const asks = pairs(data.a, 'a');
    const entry = this.#instrument(data);
    this.#addLevels(entry, bids, asks, 0);
    this.#events.endDepth(entry, recvNs, exchNs, updateId, previousUpdateId);
  }

  /** An empty side is written as price and size 0. */
  #ticker(data: JsonObject, recvNs: number): void {
    const exchNs = this.#time(data);
    const updateId = integerAt(data.u, 'u');
    const bids = [pair(data.b, data.B)].filter(({ size }) => size.digits !== 0n);
    const asks = [pair(data.a, data.A)].filter(({ size }) => size.digits !== 0n);
    const entry = this.#instrument(data);
    this.#addLevels(entry, bids, asks, 1);
    this.#events.endTicker(entry, recvNs, exchNs, updateId);
  }

  /** Trades that the matching engine did not make (insurance fund, auto-deleveraging) are not trades of this market. */
  #trade(data: JsonObject, recvNs: number): void {
    const type = data.X;
    if (type !== undefined && type !== 'MARKET') {
      this.#tally.ignore(`trade.${stringAt(type, 'X')}`);
      return;
    }
    const exchNs = this.#time(data);
    const tradeId = integerAt(data.t, 't');
    const { price, size } = pair(data.p, data.q);
    if (typeof data.m !== 'boolean') throw new ReplaybookError('format', 'm is neither true nor false');
    const entry = this.#instrument(data);
    const decimals = decimalsFor(entry, [{ price, size }]);
    const ticks = units(price, decimals.priceDecimals, 1, MAX_PRICE_TICKS, 'price');
    const lots = units(size, decimals.sizeDecimals, 1, Number.MAX_SAFE_INTEGER, 'size');
    this.#instruments.refine(entry, decimals);
    this.#events.endTrade(entry, recvNs, exchNs, data.m ? ASK : BID, ticks, lots, tradeId);
  }

  /** The REST snapshot does not name its instrument: it must be the only one of the capture. */
  #snapshot(data: JsonObject, recvNs: number): void {
    const lastUpdateId = integerAt(data.lastUpdateId, 'lastUpdateId');
    const exchNs = this.#time(data);
    const bids = pairs(data.bids, 'bids');
    const asks = pairs(data.asks, 'asks');
    const [entry, ...others] = this.#instruments.entries;
    if (entry === undefined || others.length > 0) {
      throw new ReplaybookError(
        'format',
        'a REST snapshot, but not exactly one instrument before it that it can be of',
      );
    }
    this.#addLevels(entry, bids, asks, 1);
    this.#events.endSnapshot(entry, recvNs, exchNs, lastUpdateId);
  }

  #instrument(data: JsonObject): InstrumentEntry {
    return this.#instruments.getOrAdd(stringAt(data.s, 's'), 'binance');
  }

  /** The transaction time, ns since the origin. */
  #time(data: JsonObject): number {
    return this.#builder.exchange(integerAt(data.T, 'T'));
  }

  #addLevels(entry: InstrumentEntry, bids: PriceAndSize[], asks: PriceAndSize[], minLots: number): void {
    const decimals = decimalsFor(entry, bids.concat(asks));
    this.#addSide(decimals, bids, BID, minLots);
    this.#addSide(decimals, asks, ASK, minLots);
    this.#instruments.refine(entry, decimals);
  }

  #addSide(decimals: Decimals, rows: PriceAndSize[], side: number, minLots: number): void {
    const builder = this.#builder;
    const first = builder.levelRows;
    for (const { price, size } of rows) {
      const ticks = units(price, decimals.priceDecimals, 1, MAX_PRICE_TICKS, 'price');
      const lots = units(size, decimals.sizeDecimals, minLots, Number.MAX_SAFE_INTEGER, 'size');
      builder.addLevel(side, ticks, lots, 0);
    }
    if (!putBestFirst(builder.levels, first, builder.levelRows, side)) {
      throw new ReplaybookError('format', 'levels stand in no order of price');
    }
  }
}

/** Binance pads with zeros to its precision, so that the digits written are the instrument's. */
function decimalsFor(entry: InstrumentEntry, rows: PriceAndSize[]): Decimals {
  let price = 0;
  let size = 0;
  for (const row of rows) {
    price = Math.max(price, row.price.written);
    size = Math.max(size, row.size.written);
  }
  return refined(entry, price, size);
}

function pairs(value: unknown, what: string): PriceAndSize[] {
  return listAt(value, what).map(item => {
    const fields = listAt(item, `level of ${what}`);
    if (fields.length !== 2) throw new ReplaybookError('format', `a level of ${what} is not a price and a size`);
    return pair(fields[0], fields[1]);
  });
}

function pair(price: unknown, size: unknown): PriceAndSize {
  return { price: parseDecimal(price, 'price'), size: parseDecimal(size, 'size') };
}

function units(decimal: Decimal, decimals: number, min: number, max: number, what: string): number {
  const value = toUnits(decimal, decimals, max, what);
  if (value < min) throw new ReplaybookError('format', `${what} is not positive`);
  return value;
}
