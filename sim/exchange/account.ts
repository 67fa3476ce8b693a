/**
 * The account at the exchange: positions and open orders, and everything that is told of their changes.
 *
 * Every order that was `accepted` ends with exactly one `removed`, at which what was filled and what remains add up to
 * `originalLots`. Every fill changes the position at once. A resting order tells of its fills only by the fills
 * themselves: no order update goes out before it is filled to the end (hyperliquid, section 1.5).
 */
import { BID, type Instrument, SIDES } from '../../core/market.ts';
import type { Action, Fill, OrderUpdate, PlaceOrder } from '../../core/port.ts';
import type { OrderRemoval, OrderTruth } from '../truth.ts';
import { FeeRate } from './fees.ts';
import { closingLots } from './order-rules.ts';
import { type OwnOrder, OwnOrders } from './own-orders.ts';
import { tradeId } from './trade-id.ts';

/**
 * Implemented by the simulation: the truth for observers, and the content of messages for the user streams. Handlers must
 * not call the exchange back.
 */
export interface ExchangeEvents {
  /** An order was taken (`replaces`: the oid that a modification ended, else 0). It may rest or fill at once. */
  accepted(order: OrderTruth, replaces: number): void;
  /** An accepted order is no more. `remainingLots` is what was not filled. */
  removed(order: OrderTruth, why: OrderRemoval): void;
  /** An item of an action, or a whole action, was refused. */
  rejected(type: Action['type'], error: string): void;
  filled(fill: Fill, positionLots: number): void;
  orderUpdate(update: OrderUpdate): void;
}

export interface FeeSettings {
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
}

interface State {
  positions: Float64Array;
  fills: number;
  orders: unknown;
}

export class Account {
  readonly orders: OwnOrders;
  /** Signed, by instrument. */
  readonly #positions: Float64Array;
  readonly #makerFees: readonly FeeRate[];
  readonly #takerFees: readonly FeeRate[];
  readonly #events: ExchangeEvents;
  /** Counts all fills; trade ids are made from it. */
  #fills = 0;

  constructor(
    instruments: readonly Instrument[],
    fees: FeeSettings,
    startPositionLots: readonly number[],
    events: ExchangeEvents,
  ) {
    this.orders = new OwnOrders(instruments.length);
    this.#positions = new Float64Array(instruments.length);
    this.#positions.set(startPositionLots);
    this.#makerFees = instruments.map(instrument => new FeeRate(instrument, fees.makerFeeBps));
    this.#takerFees = instruments.map(instrument => new FeeRate(instrument, fees.takerFeeBps));
    this.#events = events;
  }

  positionLots(instrument: number): number {
    return this.#positions[instrument];
  }

  /** Fills an order that takes. It is not in the table. */
  fillTaker(nowNs: number, order: OwnOrder, priceTicks: number, lots: number): void {
    this.#fill(nowNs, order, priceTicks, lots, true);
  }

  /**
   * Fills a resting order at its own price and ends it when nothing remains. A reduce-only order is first cut to the
   * position. Returns what was filled.
   */
  fillMaker(nowNs: number, order: OwnOrder, lots: number): number {
    if (order.reduceOnly && !this.#cutToPosition(nowNs, order)) return 0;
    const filled = Math.min(lots, order.remainingLots);
    this.#fill(nowNs, order, order.priceTicks, filled, false);
    if (order.remainingLots === 0) this.end(nowNs, order, 'filled', 'filled');
    return filled;
  }

  #fill(nowNs: number, order: OwnOrder, priceTicks: number, sizeLots: number, crossed: boolean): void {
    const { oid, cloid, instrument, side } = order;
    const startPositionLots = this.#positions[instrument];
    const positionLots = side === BID ? startPositionLots + sizeLots : startPositionLots - sizeLots;
    const fees = crossed ? this.#takerFees : this.#makerFees;
    const feeUsd = fees[instrument].feeUsd(priceTicks, sizeLots);
    const tid = tradeId(this.#fills++);
    order.remainingLots -= sizeLots;
    this.#positions[instrument] = positionLots;
    this.#events.filled(
      { tid, oid, cloid, instrument, side, priceTicks, sizeLots, exchNs: nowNs, startPositionLots, crossed, feeUsd },
      positionLots,
    );
  }

  /** Takes an order out of the table and tells of it, with this status for its owner. */
  end(nowNs: number, order: OwnOrder, why: OrderRemoval, status: string): void {
    this.orders.remove(order);
    this.#events.removed(order, why);
    this.tellStatus(nowNs, order, status);
  }

  tellStatus(nowNs: number, order: OwnOrder, status: string): void {
    const { oid, cloid, instrument, side, priceTicks, placedLots, remainingLots } = order;
    this.#events.orderUpdate({
      oid,
      cloid,
      instrument,
      side,
      limitTicks: priceTicks,
      originalLots: placedLots,
      remainingLots,
      status,
      statusNs: nowNs,
    });
  }

  /** An order that was refused for what it asked: it has an oid and a status, and never was in the table. */
  tellRefused(nowNs: number, order: PlaceOrder, oid: number, status: string): void {
    const { cloid, instrument, side, priceTicks, sizeLots } = order;
    this.#events.orderUpdate({
      oid,
      cloid,
      instrument,
      side,
      limitTicks: priceTicks,
      originalLots: sizeLots,
      remainingLots: sizeLots,
      status,
      statusNs: nowNs,
    });
  }

  /**
   * Holds resting reduce-only orders to the position, after it has changed: each is cut to what it can still close, and
   * ends as `reduceOnlyCanceled` where that is nothing (hyperliquid, section 3.3).
   */
  holdToReduceOnly(nowNs: number, instrument: number): void {
    for (const side of SIDES) {
      const orders = this.orders.side(instrument, side);
      // Backwards, because an order that ends leaves the array.
      for (let index = orders.length - 1; index >= 0; index--) {
        if (orders[index].reduceOnly) this.#cutToPosition(nowNs, orders[index]);
      }
    }
  }

  /** False: the order could close nothing, and has ended. */
  #cutToPosition(nowNs: number, order: OwnOrder): boolean {
    const lots = closingLots(this.#positions[order.instrument], order.side, order.remainingLots);
    if (lots === 0) {
      this.end(nowNs, order, 'expired', 'reduceOnlyCanceled');
      return false;
    }
    order.originalLots -= order.remainingLots - lots;
    order.remainingLots = lots;
    return true;
  }

  snapshot(): unknown {
    const state: State = { positions: this.#positions.slice(), fills: this.#fills, orders: this.orders.snapshot() };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#positions.set(state.positions);
    this.#fills = state.fills;
    this.orders.restore(state.orders);
  }
}
