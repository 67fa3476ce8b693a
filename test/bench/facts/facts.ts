/**
 * The stylised facts of a tape: what its books, returns and trades look like, as figures that can be laid beside those of
 * another. Books are taken as they were published, at each full snapshot or, where a venue sends changes, twice a second.
 */
import { Book } from '../../../core/book.ts';
import { ASK, BID, type Instrument, newLevelColumns, SIDES } from '../../../core/market.ts';
import { BPS, NS_PER_S, POWERS_OF_TEN } from '../../../core/scale.ts';
import { stepTicks } from '../../../core/strategy/price-grid.ts';
import { BBO, FLAG_BACKLOG, FLAG_REPEATED, frameCount, SNAPSHOT, type Tape, TRADES } from '../../../recordings/tape.ts';
import { autocorrelation, deviation, excessKurtosis, mean, quantile } from './statistics.ts';

/** One figure and its name, which carries the unit. NaN where the tape has nothing to measure it on. */
export type Facts = Record<string, number>;

const SAMPLE_NS = NS_PER_S / 2;
const DEPTHS: readonly number[] = [1, 5, 10, 20];
const ABSOLUTE_LAGS = [1, 5, 10, 30] as const;
const SIGN_LAGS = [1, 2, 3, 5, 10] as const;

/** Books of one instrument, sampled as they were published. */
class BookSamples {
  readonly spreadSteps: number[] = [];
  readonly spreadBps: number[] = [];
  /** Summed size of the best levels of a side, USD, by depth. */
  readonly depthUsd: number[][] = DEPTHS.map(() => []);
  readonly deepestBps: number[] = [];
  readonly ordersAtTouch: number[] = [];
  readonly atNs: number[] = [];
  readonly mids: number[] = [];
  readonly #levels = newLevelColumns(40);
  readonly #instrument: Instrument;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
  }

  add(atNs: number, book: Book, ordersAtTouch: number): void {
    const bid = book.bestBidTicks;
    const ask = book.bestAskTicks;
    if (bid === 0 || ask === 0 || bid >= ask) return;
    const mid = (bid + ask) / 2;
    this.atNs.push(atNs);
    this.mids.push(mid);
    this.spreadSteps.push((ask - bid) / stepTicks(this.#instrument, mid));
    this.spreadBps.push(((ask - bid) / mid) * BPS);
    if (ordersAtTouch > 0) this.ordersAtTouch.push(ordersAtTouch);
    this.#addDepth(book, mid);
  }

  #addDepth(book: Book, mid: number): void {
    const levels = this.#levels;
    const count = book.writeLevels(levels, 20);
    const usdOfLot = usdPerLotTick(this.#instrument);
    for (const side of SIDES) {
      let usd = 0;
      let level = 0;
      for (let row = 0; row < count; row++) {
        if (levels.side[row] !== side) continue;
        usd += levels.sizeLots[row] * levels.priceTicks[row] * usdOfLot;
        level++;
        const at = DEPTHS.indexOf(level);
        if (at >= 0) this.depthUsd[at].push(usd);
        if (level === 20) this.deepestBps.push((Math.abs(levels.priceTicks[row] - mid) / mid) * BPS);
      }
    }
  }
}

/** USD of one lot at a price of one tick. */
function usdPerLotTick(instrument: Instrument): number {
  return 1 / POWERS_OF_TEN[instrument.priceDecimals] / POWERS_OF_TEN[instrument.sizeDecimals];
}

/** Aggressive orders: trades of one moment and direction are one order that met several others. */
class TakerOrders {
  readonly atNs: number[] = [];
  readonly sign: number[] = [];
  readonly usd: number[] = [];
  rows = 0;

  add(atNs: number, aggressor: number, usd: number): void {
    this.rows++;
    const last = this.atNs.length - 1;
    const sign = aggressor === BID ? 1 : -1;
    if (last >= 0 && this.atNs[last] === atNs && this.sign[last] === sign) {
      this.usd[last] += usd;
      return;
    }
    this.atNs.push(atNs);
    this.sign.push(sign);
    this.usd.push(usd);
  }
}

/** Facts of one instrument of a tape. */
export function factsOf(tape: Tape, instrument = 0): Facts {
  const books = new BookSamples(tape.instruments[instrument]);
  const orders = new TakerOrders();
  const book = new Book();
  const usdOfLot = usdPerLotTick(tape.instruments[instrument]);
  let sampledNs = -Infinity;
  for (let frame = 0; frame < frameCount(tape); frame++) {
    const { kind, flags, firstRow, rowCount, exchNs, instrument: of } = tape.frames;
    if (of[frame] !== instrument || (flags[frame] & (FLAG_BACKLOG | FLAG_REPEATED)) !== 0) continue;
    const first = firstRow[frame];
    const count = rowCount[frame];
    if (kind[frame] === TRADES) {
      const { trades } = tape;
      for (let row = first; row < first + count; row++) {
        const usd = trades.sizeLots[row] * trades.priceTicks[row] * usdOfLot;
        orders.add(trades.exchNs[row], trades.aggressor[row], usd);
      }
      continue;
    }
    if (kind[frame] === BBO) continue;
    if (kind[frame] === SNAPSHOT) book.applySnapshot(tape.levels, first, count);
    else book.applyDelta(tape.levels, first, count);
    if (kind[frame] !== SNAPSHOT && exchNs[frame] < sampledNs + SAMPLE_NS) continue;
    sampledNs = exchNs[frame];
    books.add(exchNs[frame], book, kind[frame] === SNAPSHOT ? ordersAtTouch(tape, first, count) : 0);
  }
  return { ...bookFacts(books), ...returnFacts(books), ...tradeFacts(orders) };
}

/** Mean number of orders at the best bid and ask. */
function ordersAtTouch(tape: Tape, first: number, count: number): number {
  let sum = 0;
  for (const side of [BID, ASK]) {
    for (let row = first; row < first + count; row++) {
      if (tape.levels.side[row] !== side) continue;
      sum += tape.levels.orders[row];
      break;
    }
  }
  return sum / 2;
}

function bookFacts(books: BookSamples): Facts {
  const facts: Facts = {
    books: books.mids.length,
    'spread mean, steps': mean(books.spreadSteps),
    'spread p50, steps': quantile(books.spreadSteps, 0.5),
    'spread p90, steps': quantile(books.spreadSteps, 0.9),
    'spread mean, bps': mean(books.spreadBps),
    'spread p50, bps': quantile(books.spreadBps, 0.5),
    'spread p90, bps': quantile(books.spreadBps, 0.9),
  };
  DEPTHS.forEach((depth, at) => {
    facts[`depth ${depth}, mean k USD`] = mean(books.depthUsd[at]) / 1_000;
    facts[`depth ${depth}, p50 k USD`] = quantile(books.depthUsd[at], 0.5) / 1_000;
  });
  facts['level 20 from the mid, p50 bps'] = quantile(books.deepestBps, 0.5);
  facts['orders at the touch, mean'] = mean(books.ordersAtTouch);
  return facts;
}

function returnFacts(books: BookSamples): Facts {
  const second = returnsBps(books, NS_PER_S);
  const tenSeconds = returnsBps(books, 10 * NS_PER_S);
  const absolute = second.map(Math.abs);
  let moved = 0;
  for (let i = 1; i < books.mids.length; i++) if (books.mids[i] !== books.mids[i - 1]) moved++;
  const facts: Facts = {
    'books with another mid, share': moved / Math.max(1, books.mids.length - 1),
    'return of 1 s, deviation bps': deviation(second),
    'return of 10 s, deviation bps': deviation(tenSeconds),
    'return of 60 s, deviation bps': deviation(returnsBps(books, 60 * NS_PER_S)),
    'return of 1 s, kurtosis': excessKurtosis(second),
    'return of 10 s, kurtosis': excessKurtosis(tenSeconds),
    'return of 1 s, autocorrelation 1': autocorrelation(second, 1),
  };
  for (const lag of ABSOLUTE_LAGS) facts[`|return| of 1 s, autocorrelation ${lag}`] = autocorrelation(absolute, lag);
  return facts;
}

/** Changes of the mid over a grid of times, bps. */
function returnsBps(books: BookSamples, everyNs: number): number[] {
  const returns: number[] = [];
  let previous = 0;
  let nextNs = books.atNs[0];
  for (let i = 0; i < books.mids.length; i++) {
    while (i + 1 < books.mids.length && books.atNs[i + 1] <= nextNs) i++;
    while (nextNs < (books.atNs[i + 1] ?? -1)) {
      if (previous !== 0) returns.push((books.mids[i] / previous - 1) * BPS);
      previous = books.mids[i];
      nextNs += everyNs;
    }
  }
  return returns;
}

function tradeFacts(orders: TakerOrders): Facts {
  const gaps: number[] = [];
  for (let i = 1; i < orders.atNs.length; i++) gaps.push((orders.atNs[i] - orders.atNs[i - 1]) / NS_PER_S);
  const facts: Facts = {
    'taker orders': orders.atNs.length > 0 ? orders.atNs.length : Number.NaN,
    'trades an order': orders.rows / orders.atNs.length,
    'gap of orders, mean s': mean(gaps),
    'gap of orders, p50 s': quantile(gaps, 0.5),
    'gap of orders, p90 s': quantile(gaps, 0.9),
    'gap of orders, autocorrelation 1': autocorrelation(gaps, 1),
    'gap of orders, autocorrelation 5': autocorrelation(gaps, 5),
    'taker order, p50 USD': quantile(orders.usd, 0.5),
    'taker order, p90 USD': quantile(orders.usd, 0.9),
    'taker order, mean USD': mean(orders.usd),
  };
  const signs = netSigns(orders);
  for (const lag of SIGN_LAGS) facts[`sign of a moment, autocorrelation ${lag}`] = autocorrelation(signs, lag);
  return facts;
}

/**
 * Which side took more at each moment that had trades. All of a block has one time, and where both sides take in it, their
 * orders taken one by one would seem to alternate.
 */
function netSigns({ atNs, sign, usd }: TakerOrders): number[] {
  const signs: number[] = [];
  let net = 0;
  for (let i = 0; i < atNs.length; i++) {
    net += sign[i] * usd[i];
    if (atNs[i + 1] === atNs[i]) continue;
    signs.push(Math.sign(net));
    net = 0;
  }
  return signs;
}
