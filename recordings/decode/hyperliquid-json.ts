/**
 * Hyperliquid frames by JSON.parse: the plain reader, which says what a frame means. The scanners are its fast way for
 * ordinary frames and hand everything else over to it.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { ASK, BID } from '../../core/market.ts';
import { type Decimals, type InstrumentEntry, type InstrumentTable, refined } from '../instruments.ts';
import { MAX_PRICE_TICKS, type TapeBuilder } from '../tape-builder.ts';
import { integerAt, type JsonObject, listAt, objectAt, stringAt } from './json.ts';
import { type Decimal, parseDecimal, toUnits } from './number.ts';

const MAX_ORDERS = 0xffff_ffff;

interface JsonLevel {
  side: number;
  px: Decimal;
  sz: Decimal;
  orders: number;
}

interface JsonTrade {
  aggressor: number;
  px: Decimal;
  sz: Decimal;
  tid: number;
  timeMs: number;
}

export interface JsonBook {
  entry: InstrumentEntry;
  exchNs: number;
  fast: boolean;
}

/** Reads the `data` of an `l2Book` or `bbo` frame and adds its levels. Where it throws, only those are left behind. */
export function readBook(
  value: unknown,
  wantsBbo: boolean,
  builder: TapeBuilder,
  instruments: InstrumentTable,
): JsonBook {
  const data = objectAt(value, 'data');
  const coin = stringAt(data.coin, 'data.coin');
  const exchNs = builder.exchange(integerAt(data.time, 'data.time'));
  const fast = data.fast === true;
  const levels = wantsBbo ? bboLevels(data) : bookLevels(data);
  const entry = instruments.getOrAdd(coin, 'hyperliquid');
  const decimals = decimalsFor(entry, levels);
  let ticksBefore = 0;
  let sideBefore = -1;
  for (const { side, px, sz, orders } of levels) {
    const ticks = positive(px, decimals.priceDecimals, MAX_PRICE_TICKS, 'px');
    const lots = positive(sz, decimals.sizeDecimals, Number.MAX_SAFE_INTEGER, 'sz');
    if (side === sideBefore && (side === BID ? ticks >= ticksBefore : ticks <= ticksBefore)) {
      throw new ReplaybookError('format', 'levels do not stand in order from the best to the worst');
    }
    builder.addLevel(side, ticks, lots, orders);
    ticksBefore = ticks;
    sideBefore = side;
  }
  instruments.refine(entry, decimals);
  return { entry, exchNs, fast };
}

/** Reads the `data` of a `trades` frame and adds its rows. They are all of one coin, as subscriptions are. */
export function readTrades(
  value: unknown,
  builder: TapeBuilder,
  instruments: InstrumentTable,
): { entry: InstrumentEntry; newestNs: number } {
  const items = listAt(value, 'data').map(item => objectAt(item, 'trade'));
  if (items.length === 0) throw new ReplaybookError('format', 'a trades frame without trades');
  const coin = stringAt(items[0].coin, 'trade.coin');
  const trades = items.map(item => jsonTrade(item, coin));
  const entry = instruments.getOrAdd(coin, 'hyperliquid');
  const decimals = decimalsFor(entry, trades);
  let newestNs = Number.NEGATIVE_INFINITY;
  for (const { aggressor, px, sz, tid, timeMs } of trades) {
    const ticks = positive(px, decimals.priceDecimals, MAX_PRICE_TICKS, 'px');
    const lots = positive(sz, decimals.sizeDecimals, Number.MAX_SAFE_INTEGER, 'sz');
    const exchNs = builder.exchange(timeMs);
    builder.addTrade(aggressor, ticks, lots, tid, exchNs);
    newestNs = Math.max(newestNs, exchNs);
  }
  instruments.refine(entry, decimals);
  return { entry, newestNs };
}

function bookLevels(data: JsonObject): JsonLevel[] {
  const sides = listAt(data.levels, 'data.levels');
  if (sides.length !== 2) throw new ReplaybookError('format', 'data.levels has not two sides');
  const bids = listAt(sides[0], 'bids').map(level => jsonLevel(level, BID));
  return bids.concat(listAt(sides[1], 'asks').map(level => jsonLevel(level, ASK)));
}

function bboLevels(data: JsonObject): JsonLevel[] {
  const sides = listAt(data.bbo, 'data.bbo');
  if (sides.length !== 2) throw new ReplaybookError('format', 'data.bbo has not two sides');
  const levels: JsonLevel[] = [];
  if (sides[0] !== null) levels.push(jsonLevel(sides[0], BID));
  if (sides[1] !== null) levels.push(jsonLevel(sides[1], ASK));
  return levels;
}

function jsonLevel(value: unknown, side: number): JsonLevel {
  const level = objectAt(value, 'level');
  const orders = level.n === undefined ? 0 : integerAt(level.n, 'level.n', MAX_ORDERS);
  return { side, px: parseDecimal(level.px, 'level.px'), sz: parseDecimal(level.sz, 'level.sz'), orders };
}

function jsonTrade(item: JsonObject, coin: string): JsonTrade {
  if (item.coin !== coin) throw new ReplaybookError('format', 'trades of several coins in one frame');
  const side = item.side;
  if (side !== 'A' && side !== 'B') throw new ReplaybookError('format', 'trade.side is neither A nor B');
  return {
    aggressor: side === 'B' ? BID : ASK,
    px: parseDecimal(item.px, 'trade.px'),
    sz: parseDecimal(item.sz, 'trade.sz'),
    tid: integerAt(item.tid, 'trade.tid'),
    timeMs: integerAt(item.time, 'trade.time'),
  };
}

/** Hyperliquid writes whole prices as `105055.0`, so that only digits other than closing zeros tell of finer units. */
function decimalsFor(entry: InstrumentEntry, rows: { px: Decimal; sz: Decimal }[]): Decimals {
  let price = 0;
  let size = 0;
  for (const { px, sz } of rows) {
    price = Math.max(price, px.significant);
    size = Math.max(size, sz.significant);
  }
  return refined(entry, price, size);
}

function positive(decimal: Decimal, decimals: number, max: number, what: string): number {
  const units = toUnits(decimal, decimals, max, what);
  if (units === 0) throw new ReplaybookError('format', `${what} is not positive`);
  return units;
}
