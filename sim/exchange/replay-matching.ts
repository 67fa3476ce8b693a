/**
 * Fills of resting orders in a replay: what a recorded frame does to the queue ahead of them, and to them.
 *
 * A frame of the book (snapshot, delta, bbo), once it has been applied, in this order:
 *   1. The volume ahead of each own order follows the size shown at its price: bids, then asks. An order whose price
 *      the recording did not show until now gets in behind all that is shown there.
 *   2. Own bids at or above the best recorded ask are filled, whole and at their own price, as maker; then own asks at or
 *      below the best recorded bid. A recording without trades fills in this way only. A book that is crossed in itself
 *      fills nobody: it does not say where the market trades.
 * A frame of trades, row by row:
 *   3. A seller's trade fills own bids above its price, whole and at their own price. At its price the trade works off
 *      the volume ahead, and what goes beyond that fills us. What one own order takes of a trade is not there for the
 *      next. A buyer's trade does the same to own asks.
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
 */
import { NO_PRICE } from '../../core/book.ts';
import { ASK, BID, type Side, type TradeColumns } from '../../core/market.ts';
import type { Account } from './account.ts';
import type { OwnOrder } from './own-orders.ts';
import type { QueueModel } from './queue-models.ts';
import { type RecordedBook, UNKNOWN_LOTS } from './recorded-book.ts';

export class ReplayMatching {
  readonly #account: Account;
  readonly #model: QueueModel;

  constructor(account: Account, model: QueueModel) {
    this.#account = account;
    this.#model = model;
  }

  /** A frame of exchange time `exchNs` has moved the book. `onlyTop`: it said nothing of deeper levels. */
  bookMoved(nowNs: number, exchNs: number, instrument: number, recorded: RecordedBook, onlyTop: boolean): void {
    const bids = this.#account.orders.side(instrument, BID);
    const asks = this.#account.orders.side(instrument, ASK);
    if (bids.length !== 0) this.#follow(bids, BID, recorded, exchNs, onlyTop);
    if (asks.length !== 0) this.#follow(asks, ASK, recorded, exchNs, onlyTop);
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

  #follow(orders: readonly OwnOrder[], side: Side, recorded: RecordedBook, exchNs: number, onlyTop: boolean): void {
    const best = recorded.book.bestTicks(side);
    for (let index = 0; index < orders.length; index++) {
      const order = orders[index];
      const ticks = order.priceTicks;
      if (onlyTop && best !== NO_PRICE && (side === BID ? ticks < best : ticks > best)) return;
      const frontLots = order.frontLots;
      if (frontLots === 0) continue;
      const shownLots = recorded.shownLots(side, ticks);
      if (shownLots === UNKNOWN_LOTS) continue;
      if (frontLots === UNKNOWN_LOTS) {
        order.frontLots = this.#model.arrived(shownLots);
        continue;
      }
      order.frontLots = this.#model.shown(frontLots, shownLots);
      if (order.frontLots === frontLots) continue;
      const before = order.pulledNs === exchNs ? order.pulledLots : 0;
      order.pulledLots = before + frontLots - order.frontLots;
      order.pulledNs = exchNs;
    }
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
      let reachedLots = 0;
      if (order.queuedNs <= tradedNs) {
        reachedLots = order.priceTicks === ticks ? this.#workOff(order, leftLots, tradedNs) : order.remainingLots;
      }
      if (reachedLots > 0) {
        const lots = this.#account.fillMaker(nowNs, order, reachedLots);
        filledLots += lots;
        if (order.priceTicks === ticks) leftLots -= lots;
      }
      // An order that ended has left the array, and the next one stands in its place.
      if (orders[index] === order) index++;
    }
    return filledLots;
  }

  /** Moves an order up by a trade at its price. Returns how much of the trade came past the volume ahead. */
  #workOff(order: OwnOrder, tradedLots: number, tradedNs: number): number {
    if (order.frontLots === UNKNOWN_LOTS) return 0;
    let newLots = tradedLots;
    if (order.pulledLots !== 0 && tradedNs <= order.pulledNs) {
      const shownAlready = Math.min(tradedLots, order.pulledLots);
      order.pulledLots -= shownAlready;
      newLots -= shownAlready;
    }
    const frontLots = this.#model.traded(order.frontLots, newLots);
    order.frontLots = Math.max(0, frontLots);
    return Math.max(0, -frontLots);
  }
}
