/**
 * hftbacktest's exchange once more, written from its Rust source line by line (crate 0.9.4: `partialfillexchange.rs`,
 * `nopartialfillexchange.rs`, `models/queue.rs`, `depth/hashmapmarketdepth.rs`; MIT licence), slow and obvious: row by row,
 * sizes as floating-point coins, powers by `Math.pow`. It knows post-only orders and cancellations.
 *
 * It shows in what the exchange of this project differs: with `repaired` its two mistakes are mended, and then both must
 * give the same fills.
 */
import { Book } from '../../../../core/book.ts';
import { ASK, BID, type Side } from '../../../../core/market.ts';
import type { Action, PlaceOrder, PostItem } from '../../../../core/port.ts';
import { SNAPSHOT, type Tape, TRADES } from '../../../../recordings/tape.ts';
import type { ReplayFillSettings } from '../../../../sim/exchange/replay/replay-matching.ts';
import type { GridExchange, GridFill } from './grid-driver.ts';

interface Resting {
  order: PlaceOrder;
  /** In lots; everything else of an order is in coins. */
  left: number;
  front: number;
  traded: number;
}

export interface HftbacktestSettings extends ReplayFillSettings {
  lotsPerCoin: number;
  repaired: boolean;
}

export class HftbacktestExchange implements GridExchange {
  readonly #settings: HftbacktestSettings;
  readonly #filled: (fill: GridFill) => void;
  readonly #book = new Book();
  readonly #orders = new Map<number, Resting>();
  #bestBid = -Infinity;
  #bestAsk = Infinity;

  constructor(settings: HftbacktestSettings, filled: (fill: GridFill) => void) {
    this.#settings = settings;
    this.#filled = filled;
  }

  applyFrame(nowNs: number, tape: Tape, frame: number): void {
    const { kind, firstRow, rowCount } = tape.frames;
    const { levels, trades } = tape;
    if (kind[frame] === SNAPSHOT) {
      this.#book.clear();
      this.#bestBid = -Infinity;
      this.#bestAsk = Infinity;
    }
    for (let row = firstRow[frame]; row < firstRow[frame] + rowCount[frame]; row++) {
      if (kind[frame] === TRADES)
        this.#trade(nowNs, trades.aggressor[row], trades.priceTicks[row], trades.sizeLots[row]);
      else this.#level(nowNs, levels.side[row] === BID ? BID : ASK, levels.priceTicks[row], levels.sizeLots[row]);
    }
  }

  // ------------------------------------------------------------------------------------------------- the book

  #level(nowNs: number, side: Side, ticks: number, lots: number): void {
    const before = this.#book.sizeLots(side, ticks);
    const [bestBid, bestAsk] = [this.#bestBid, this.#bestAsk];
    this.#book.set(side, ticks, lots);
    if (side === BID) this.#moveBid(ticks, lots);
    else this.#moveAsk(ticks, lots);
    for (const entry of this.#orders.values()) {
      if (entry.order.side === side && entry.order.priceTicks === ticks) {
        this.#depth(entry, this.#coins(before), this.#coins(lots));
      }
    }
    for (const entry of [...this.#orders.values()]) {
      const { side: own, priceTicks } = entry.order;
      if (this.#bestBid > bestBid && own === ASK && priceTicks <= this.#bestBid)
        this.#fill(nowNs, entry, entry.left, true);
      if (this.#bestAsk < bestAsk && own === BID && priceTicks >= this.#bestAsk)
        this.#fill(nowNs, entry, entry.left, true);
    }
  }

  #moveBid(ticks: number, lots: number): void {
    if (lots === 0) {
      if (ticks === this.#bestBid) this.#bestBid = this.#book.worseThan(BID, ticks) || -Infinity;
    } else if (ticks > this.#bestBid) {
      this.#bestBid = ticks;
      if (ticks >= this.#bestAsk) this.#bestAsk = this.#book.worseThan(ASK, ticks) || Infinity;
    }
  }

  #moveAsk(ticks: number, lots: number): void {
    if (lots === 0) {
      if (ticks === this.#bestAsk) this.#bestAsk = this.#book.worseThan(ASK, ticks) || Infinity;
    } else if (ticks < this.#bestAsk) {
      this.#bestAsk = ticks;
      if (ticks <= this.#bestBid) this.#bestBid = this.#book.worseThan(BID, ticks) || -Infinity;
    }
  }

  // ------------------------------------------------------------------------------------------------ the queue

  #coins(lots: number): number {
    return lots / this.#settings.lotsPerCoin;
  }

  #depth(entry: Resting, before: number, now: number): void {
    const { queueModel, repaired } = this.#settings;
    if (queueModel === 'RiskAdverseQueueModel') {
      entry.front = Math.min(entry.front, now);
      return;
    }
    const change = before - now - entry.traded;
    entry.traded = 0;
    if (change < 0) {
      entry.front = minimum(entry.front, now);
      return;
    }
    const front = entry.front;
    const back = before - front;
    let prob = this.#probability(front, back);
    if (prob === Infinity || prob === -Infinity) prob = 1;
    entry.front = minimum(front - (1 - prob) * change + minimum(back - prob * change, 0), now);
    // Mistake 1: nothing holds the volume ahead at nothing.
    if (repaired) entry.front = Math.max(entry.front, 0);
  }

  #probability(front: number, back: number): number {
    const { queueModel, queuePower: n, repaired } = this.#settings;
    // At the very front, who leaves stands behind; 0 / 0 otherwise.
    if (repaired && front <= 0) return 1;
    switch (queueModel) {
      case 'PowerProbQueueFunc':
        return back ** n / (back ** n + front ** n);
      case 'PowerProbQueueFunc2':
        return back ** n / (back + front) ** n;
      case 'PowerProbQueueFunc3':
        return 1 - (front / (front + back)) ** n;
      case 'LogProbQueueFunc':
        return Math.log(1 + back) / (Math.log(1 + back) + Math.log(1 + front));
      default:
        return Math.log(1 + back) / Math.log(1 + back + front);
    }
  }

  #trade(nowNs: number, aggressor: number, ticks: number, lots: number): void {
    const { fillModel, repaired } = this.#settings;
    for (const entry of [...this.#orders.values()]) {
      const { side, priceTicks } = entry.order;
      if (side === aggressor) continue;
      if (side === BID ? priceTicks > ticks : priceTicks < ticks) {
        this.#fill(nowNs, entry, entry.left, true);
      } else if (priceTicks === ticks) {
        entry.front -= this.#coins(lots);
        entry.traded += this.#coins(lots);
        const beyond = Math.round(-entry.front * this.#settings.lotsPerCoin);
        if (beyond <= 0) continue;
        entry.front = 0;
        const whole = fillModel === 'NoPartialFillExchange' || beyond > entry.left;
        // Mistake 2: an order that is filled exactly stays in the table.
        this.#fill(nowNs, entry, whole ? entry.left : beyond, whole || (repaired && beyond === entry.left));
      }
    }
  }

  #fill(nowNs: number, entry: Resting, lots: number, isGone: boolean): void {
    if (entry.left === 0) throw new Error('InvalidOrderStatus');
    entry.left -= lots;
    const { cloid, side, priceTicks } = entry.order;
    if (isGone) this.#orders.delete(cloid);
    this.#filled({ cloid, side, priceTicks, sizeLots: lots, exchNs: nowNs });
  }

  // ----------------------------------------------------------------------------------------------- the actions

  handleAction(_nowNs: number, _nonce: number, action: Action): { items: PostItem[] } {
    if (action.type === 'order') return { items: action.orders.map(order => this.#place(order)) };
    if (action.type !== 'cancelByCloid') throw new Error(`no ${action.type} here`);
    return {
      items: action.cancels.map(({ cloid }) =>
        this.#orders.delete(cloid) ? { status: 'success' } : { status: 'error', error: 'gone' },
      ),
    };
  }

  #place(order: PlaceOrder): PostItem {
    const { cloid, side, priceTicks, sizeLots } = order;
    const crosses = side === BID ? priceTicks >= this.#bestAsk : priceTicks <= this.#bestBid;
    if (crosses) return { status: 'error', error: 'would take' };
    const front = this.#coins(this.#book.sizeLots(side, priceTicks));
    this.#orders.set(cloid, { order, left: sizeLots, front, traded: 0 });
    return { status: 'resting', oid: cloid };
  }
}

/** Rust's `f64::min`: of a number and what is not one, the number. */
function minimum(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Math.min(a, b);
}
