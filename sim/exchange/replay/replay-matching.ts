/**
 * Fills of resting orders in a replay: what a recorded frame does to the queue ahead of them, and to them.
 *
 * A frame of the book (snapshot, delta, bbo), once it has been applied, in this order:
 *   1. The volume ahead of each own order follows the size shown at its price (`queue-models.ts`), where the frame speaks
 *      of that price. An order whose price the recording did not show until now gets in behind all that is shown there.
 *   2. Own bids at or above the best recorded ask are filled, whole and at their own price, as maker; then own asks at or
 *      below the best recorded bid. A recording without trades fills in this way only. A book that is crossed in itself
 *      fills nobody: it does not say where the market trades.
 * A frame of trades, row by row:
 *   3. A seller's trade fills own bids above its price, whole and at their own price. At its price the trade works off
 *      the volume ahead, and what goes beyond that fills us: by so much (`PartialFillExchange`), or whole as soon as it
 *      is one lot (`NoPartialFillExchange`). What one own order takes of a trade is not there for the next. A buyer's trade
 *      does the same to own asks.
 * Own orders are visited best price first, at one price the older first, as `OwnOrders.side` has them. After the fills
 * of a frame reduce-only orders are held to the position.
 *
 * Own orders are looked at once a frame, after all its rows. That differs from doing so row by row only for a
 * frame that names one price twice, or crosses on its way to an uncrossed end, which no venue sends.
 *
 * A trade is often printed after the book that already shows it (half of all trades of a Binance capture follow
 * a `bookTicker` of their own millisecond). Taking both at face value would count that volume twice, and fill us too
 * early. So what a frame pulled a front down by is kept with the frame's exchange time, and trades up to that time are
 * first charged to it.
 *
 * hftbacktest, whose models these are, gives the same fills on the same recording (`test/sim/exchange/replay`), but for
 * five things that we hold to be wrong or that no venue does:
 *   (a) It counts a trade twice that is printed after its book.
 *   (b) Own orders at one price are each filled by the whole trade.
 *   (c) A shrinking level may bring the volume ahead below zero. Then a trade fills more than was traded, or, where a
 *       power of the negative volume is no number, the order is thrown back behind all that is shown.
 *   (d) An order that a partial fill completes exactly stays in its table; what fills it next ends the run with an error.
 *   (e) In a crossed book the newer side beats the older one, and fills.
 */
import { NO_PRICE } from '../../../core/book.ts';
import { ASK, BID, FEED_INDEX, type Instrument, type Side, type TradeColumns } from '../../../core/market.ts';
import { BBO, DELTA, type Tape } from '../../../recordings/tape.ts';
import type { Account } from '../account.ts';
import type { OwnOrder } from '../own-orders.ts';
import { type QueueModel, type QueueModelSettings, queueModel } from './queue-models.ts';
import { FAST_BOOK_DEPTH, type RecordedBook, UNKNOWN_LOTS, WHOLE_SIDE, worstShown } from './recorded-book.ts';

/** hftbacktest's two exchanges: what a trade that reaches a resting order fills of it. */
export const FILL_MODEL_NAMES = ['PartialFillExchange', 'NoPartialFillExchange'] as const;
export type FillModelName = (typeof FILL_MODEL_NAMES)[number];

export interface ReplayFillSettings extends QueueModelSettings {
  readonly fillModel: FillModelName;
}

/** The cautious choices; the power is that of hftbacktest's own examples. */
export const DEFAULT_REPLAY_FILLS: ReplayFillSettings = {
  queueModel: 'RiskAdverseQueueModel',
  queuePower: 3,
  fillModel: 'PartialFillExchange',
};

export class ReplayMatching {
  readonly #account: Account;
  /** By instrument. */
  readonly #models: readonly QueueModel[];
  /** True: whatever reaches an order, and whatever an order takes, fills it whole. */
  readonly fillsWhole: boolean;

  constructor(account: Account, instruments: readonly Instrument[], settings: ReplayFillSettings) {
    this.#account = account;
    this.#models = instruments.map(({ sizeDecimals }) => queueModel(settings, sizeDecimals));
    this.fillsWhole = settings.fillModel === 'NoPartialFillExchange';
  }

  /** An order comes to rest, or its price comes into sight: it gets in behind all that is shown there. */
  arrived(order: OwnOrder, recorded: RecordedBook): void {
    const shownLots = recorded.shownLots(order.side, order.priceTicks);
    if (shownLots === UNKNOWN_LOTS) return;
    order.frontLots = shownLots;
    order.shownLots = shownLots;
  }

  /** A frame that is no `trades` frame has moved the book. */
  bookMoved(nowNs: number, tape: Tape, frame: number, recorded: RecordedBook): void {
    const { instrument: instruments, kind, exchNs } = tape.frames;
    const instrument = instruments[frame];
    const bids = this.#account.orders.side(instrument, BID);
    const asks = this.#account.orders.side(instrument, ASK);
    if (kind[frame] === DELTA) {
      if (bids.length !== 0) this.#followRows(bids, BID, tape, frame, recorded);
      if (asks.length !== 0) this.#followRows(asks, ASK, tape, frame, recorded);
    } else {
      const atNs = exchNs[frame];
      if (bids.length !== 0) this.#follow(bids, BID, recorded, atNs, reachTicks(tape, frame, BID, recorded));
      if (asks.length !== 0) this.#follow(asks, ASK, recorded, atNs, reachTicks(tape, frame, ASK, recorded));
    }
    this.#fillCrossed(nowNs, instrument, bids, asks, recorded);
  }

  /** A frame that tells all the levels down to `reachTicks`. */
  #follow(orders: readonly OwnOrder[], side: Side, recorded: RecordedBook, exchNs: number, reachTicks: number): void {
    for (let index = 0; index < orders.length; index++) {
      const order = orders[index];
      const ticks = order.priceTicks;
      if (side === BID ? ticks < reachTicks : ticks > reachTicks) return;
      if (order.frontLots === UNKNOWN_LOTS) {
        this.arrived(order, recorded);
        continue;
      }
      const shownLots = recorded.shownLots(side, ticks);
      if (shownLots !== UNKNOWN_LOTS) this.#shown(order, shownLots, exchNs);
    }
  }

  /** A frame that tells what has changed. Most of its rows are nowhere near own orders. */
  #followRows(orders: readonly OwnOrder[], side: Side, tape: Tape, frame: number, recorded: RecordedBook): void {
    const { side: sides, priceTicks, sizeLots } = tape.levels;
    const { firstRow, rowCount, exchNs } = tape.frames;
    const best = orders[0].priceTicks;
    const worst = orders[orders.length - 1].priceTicks;
    const low = side === BID ? worst : best;
    const high = side === BID ? best : worst;
    const end = firstRow[frame] + rowCount[frame];
    for (let row = firstRow[frame]; row < end; row++) {
      const ticks = priceTicks[row];
      if (ticks < low || ticks > high || sides[row] !== side) continue;
      for (let index = 0; index < orders.length; index++) {
        const order = orders[index];
        if (order.priceTicks !== ticks || order.frontLots === UNKNOWN_LOTS) continue;
        this.#shown(order, sizeLots[row], exchNs[frame]);
      }
    }
    for (let index = 0; index < orders.length; index++) {
      if (orders[index].frontLots === UNKNOWN_LOTS) this.arrived(orders[index], recorded);
    }
  }

  /** The level of an order, whose place is known, shows `shownLots` in a frame of this exchange time. */
  #shown(order: OwnOrder, shownLots: number, exchNs: number): void {
    const { frontLots, shownLots: beforeLots, tradedLots } = order;
    // Nobody gets in front of who is first.
    if (frontLots === 0) return;
    order.shownLots = shownLots;
    order.tradedLots = 0;
    const nextLots = this.#models[order.instrument].shown(frontLots, beforeLots, shownLots, tradedLots);
    if (nextLots === frontLots) return;
    order.frontLots = nextLots;
    if (order.pulledNs !== exchNs) {
      order.pulledNs = exchNs;
      order.pulledLots = 0;
      order.shrunkLots = 0;
    }
    order.pulledLots += frontLots - nextLots;
    order.shrunkLots += Math.max(0, beforeLots - shownLots - tradedLots);
  }

  #fillCrossed(
    nowNs: number,
    instrument: number,
    bids: readonly OwnOrder[],
    asks: readonly OwnOrder[],
    recorded: RecordedBook,
  ): void {
    if (recorded.isCrossed) return;
    const { bestBidTicks, bestAskTicks } = recorded.book;
    let filledLots = 0;
    while (bids.length !== 0 && bestAskTicks !== NO_PRICE && bids[0].priceTicks >= bestAskTicks) {
      filledLots += this.#account.fillMaker(nowNs, bids[0], bids[0].remainingLots);
    }
    while (asks.length !== 0 && asks[0].priceTicks <= bestBidTicks) {
      filledLots += this.#account.fillMaker(nowNs, asks[0], asks[0].remainingLots);
    }
    if (filledLots !== 0) this.#account.holdToReduceOnly(nowNs, instrument);
  }

  /** Rows of a `trades` frame. Those older than an order do not reach it. */
  traded(nowNs: number, instrument: number, trades: TradeColumns, first: number, count: number): void {
    let filledLots = 0;
    for (let row = first; row < first + count; row++) {
      const side = trades.aggressor[row] === BID ? ASK : BID;
      const orders = this.#account.orders.side(instrument, side);
      if (orders.length === 0) continue;
      filledLots += this.#hit(nowNs, orders, side, trades.priceTicks[row], trades.sizeLots[row], trades.exchNs[row]);
    }
    if (filledLots !== 0) this.#account.holdToReduceOnly(nowNs, instrument);
  }

  /** One trade against the own orders of the side that it hit. Returns what they were filled with. */
  #hit(
    nowNs: number,
    orders: readonly OwnOrder[],
    side: Side,
    ticks: number,
    tradedLots: number,
    tradedNs: number,
  ): number {
    let filledLots = 0;
    let leftLots = tradedLots;
    let index = 0;
    while (index < orders.length) {
      const order = orders[index];
      if (side === BID ? order.priceTicks < ticks : order.priceTicks > ticks) break;
      if (order.queuedNs <= tradedNs) {
        if (order.priceTicks !== ticks) {
          filledLots += this.#account.fillMaker(nowNs, order, order.remainingLots);
        } else {
          const reachedLots = this.#workOff(order, leftLots, tradedNs);
          if (reachedLots > 0) {
            const wantedLots = this.fillsWhole ? order.remainingLots : reachedLots;
            const lots = this.#account.fillMaker(nowNs, order, wantedLots);
            filledLots += lots;
            leftLots -= Math.min(lots, reachedLots);
          }
        }
      }
      // An order that ended has left the array, and the next one stands in its place.
      if (orders[index] === order) index++;
    }
    return filledLots;
  }

  /** Moves an order up by a trade at its price. Returns how much of the trade came past the volume ahead, in whole lots. */
  #workOff(order: OwnOrder, tradedLots: number, tradedNs: number): number {
    if (order.frontLots === UNKNOWN_LOTS) return 0;
    let movesLots = tradedLots;
    let newLots = tradedLots;
    if (order.pulledLots !== 0 && tradedNs <= order.pulledNs) {
      const pulledLots = Math.min(tradedLots, order.pulledLots);
      const shrunkLots = Math.min(tradedLots, order.shrunkLots);
      order.pulledLots -= pulledLots;
      order.shrunkLots -= shrunkLots;
      movesLots -= pulledLots;
      newLots -= shrunkLots;
    }
    const frontLots = order.frontLots - movesLots;
    order.frontLots = Math.max(0, frontLots);
    order.tradedLots += newLots;
    return Math.round(Math.max(0, -frontLots));
  }
}

/** The worst price of a side that a snapshot or bbo speaks of. */
function reachTicks(tape: Tape, frame: number, side: Side, recorded: RecordedBook): number {
  const { kind, feed, firstRow, rowCount } = tape.frames;
  if (kind[frame] === BBO) {
    const best = recorded.book.bestTicks(side);
    return best === NO_PRICE ? WHOLE_SIDE[side] : best;
  }
  if (feed[frame] !== FEED_INDEX.fastBook) return WHOLE_SIDE[side];
  return worstShown(tape.levels, firstRow[frame], rowCount[frame], side, FAST_BOOK_DEPTH);
}
