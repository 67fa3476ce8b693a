/**
 * The account at the exchange: positions and open orders, and everything that is told of their changes.
 *
 * Every order that was `accepted` ends with exactly one `removed`, at which what was filled and what remains add up to
 * `originalLots`. Every fill changes the position at once. A resting order tells of its fills only by the fills
 * themselves: no order update goes out before it is filled to the end (hyperliquid, section 1.5).
 */
import { BID, type Instrument, opposite, SIDES, type Side } from '../../core/market.ts';
import type { Action, Fill, OrderUpdate, PlaceOrder, UserEvent } from '../../core/port.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';
import type { OrderRemoval, OrderTruth } from '../truth.ts';
import { type FeeSettings, Fees } from './fees.ts';
import { closingLots, type Refusal } from './order-rules.ts';
import { type OwnOrder, OwnOrders } from './own-orders.ts';
import { tradeId } from './trade-id.ts';
import { reaches, type Venue } from './venue.ts';

/**
 * Implemented by the simulation: the truth for observers, and the content of messages for the user streams. Handlers must
 * not call the exchange back.
 */
export interface ExchangeEvents {
  /**
   * An order was taken (`replaces`: the oid that a modification ended, else 0; the order's own, where it was made smaller
   * in its place). It may rest or fill at once.
   */
  accepted(order: OrderTruth, replaces: number): void;
  /** An accepted order is no more. `remainingLots` is what was not filled. */
  removed(order: OrderTruth, why: OrderRemoval): void;
  /** Why an order is refused before the exchange's own rules are looked at; null, or not asked for: nothing against it. */
  refuses?(order: PlaceOrder): Refusal | null;
  /** An item of an action, or a whole action, was refused. */
  rejected(type: Action['type'], error: string): void;
  filled(fill: Fill, positionLots: number): void;
  orderUpdate(update: OrderUpdate): void;
  /** Something happened to the account without an action of its own. */
  userEvent(event: UserEvent): void;
}

/** What the account's money has to say to its orders. */
export interface MarginChecks {
  /** Why an order may not be placed; null: nothing against it. */
  refusal(order: PlaceOrder): Refusal | null;
  /** Whether a resting order may be matched with `lots`: margin is looked at again for the maker of each match. */
  mayMatch(order: OwnOrder, lots: number): boolean;
  /** Each returns why not, or null. */
  updateLeverage(nowNs: number, action: Extract<Action, { type: 'updateLeverage' }>): string | null;
  updateIsolatedMargin(nowNs: number, action: Extract<Action, { type: 'updateIsolatedMargin' }>): string | null;
  /** A fill is to be booked. */
  filled(nowNs: number, order: OrderTruth, priceTicks: number, sizeLots: number, feeUsd: number): void;
}

/** An account that always has the margin, and whose leverage is of no consequence. */
export const NO_MARGIN_CHECKS: MarginChecks = {
  refusal: () => null,
  mayMatch: () => true,
  updateLeverage: () => null,
  updateIsolatedMargin: () => null,
  filled: () => {},
};

const MICROS_PER_USD = 1_000_000;
const MICRO_DECIMALS = 6;

interface State {
  positions: Float64Array;
  trades: number;
  volumeMicros: number;
  orders: unknown;
}

export class Account {
  readonly orders: OwnOrders;
  /** Signed, by instrument. */
  readonly #positions: Float64Array;
  readonly #instruments: readonly Instrument[];
  readonly #fees: readonly Fees[];
  readonly #events: ExchangeEvents;
  #margin: MarginChecks = NO_MARGIN_CHECKS;
  #venue: Pick<Venue, 'withdrawn' | 'resized'> = { withdrawn: () => {}, resized: () => {} };
  /** Counts all trades; trade ids are made from it. */
  #trades = 0;
  #volumeMicros = 0;

  constructor(
    instruments: readonly Instrument[],
    fees: FeeSettings,
    startPositionLots: readonly number[],
    startVolumeUsd: number,
    events: ExchangeEvents,
  ) {
    this.orders = new OwnOrders(instruments.length);
    this.#instruments = instruments;
    this.#positions = new Float64Array(instruments.length);
    this.#positions.set(startPositionLots);
    this.#volumeMicros = Math.round(startVolumeUsd * MICROS_PER_USD);
    this.#fees = instruments.map(instrument => new Fees(instrument, fees));
    this.#events = events;
  }

  /** The venue that its orders rest at, from now on told of what becomes of them. */
  restAt(venue: Venue): void {
    this.#venue = venue;
  }

  /** Holds orders against margin from now on. */
  holdAgainst(margin: MarginChecks): void {
    this.#margin = margin;
  }

  get margin(): MarginChecks {
    return this.#margin;
  }

  positionLots(instrument: number): number {
    return this.#positions[instrument];
  }

  /** What was ever traded, as maker and taker, each fill cut to whole millionths. */
  get volumeUsd(): number {
    return this.#volumeMicros / MICROS_PER_USD;
  }

  get volumeMicroUsd(): number {
    return this.#volumeMicros;
  }

  /** The id of the next trade of this exchange, ours or not. Both sides of a match have the same. */
  nextTradeId(): number {
    return tradeId(this.#trades++);
  }

  // -------------------------------------------------------------------------------------------------- fills

  /** Fills an order that takes. It is not in the table. */
  fillTaker(nowNs: number, order: OwnOrder, priceTicks: number, lots: number, tid: number): void {
    this.#fill(nowNs, order, priceTicks, lots, true, tid);
  }

  /**
   * Fills a resting order at its own price and ends it when nothing remains. A reduce-only order is first cut to the
   * position, and an order without margin ends. Returns what was filled.
   */
  fillMaker(nowNs: number, order: OwnOrder, lots: number): number {
    if (order.reduceOnly && !this.#cutToPosition(nowNs, order)) return 0;
    const wantedLots = Math.min(lots, order.remainingLots);
    if (!this.mayMatch(order, wantedLots)) {
      this.endUnasked(nowNs, order, 'marginCanceled');
      return 0;
    }
    this.fillMatched(nowNs, order, wantedLots, this.nextTradeId());
    return wantedLots;
  }

  /** Whether there is the margin for a match of a resting order. */
  mayMatch(order: OwnOrder, lots: number): boolean {
    return this.#margin.mayMatch(order, lots);
  }

  /** Fills a resting order that was matched, and ends it when nothing remains. */
  fillMatched(nowNs: number, order: OwnOrder, lots: number, tid: number): void {
    this.#fill(nowNs, order, order.priceTicks, lots, false, tid);
    if (order.remainingLots === 0) this.end(nowNs, order, 'filled', 'filled');
  }

  /** The liquidator takes a position over, at a price and without a fee. What that does to the money it books itself. */
  takeOver(nowNs: number, order: OwnOrder, priceTicks: number, lots: number): void {
    this.#tellFill(nowNs, order, priceTicks, lots, true, this.nextTradeId(), 0);
  }

  #fill(nowNs: number, order: OwnOrder, priceTicks: number, sizeLots: number, crossed: boolean, tid: number): void {
    const { instrument } = order;
    const feeUsd = this.#fees[instrument].feeUsd(priceTicks, sizeLots, crossed);
    this.#margin.filled(nowNs, order, priceTicks, sizeLots, feeUsd);
    this.#volumeMicros += this.#notionalMicros(instrument, priceTicks, sizeLots);
    this.#tellFill(nowNs, order, priceTicks, sizeLots, crossed, tid, feeUsd);
  }

  #tellFill(
    nowNs: number,
    order: OwnOrder,
    priceTicks: number,
    sizeLots: number,
    crossed: boolean,
    tid: number,
    feeUsd: number,
  ): void {
    const { oid, cloid, instrument, side } = order;
    const startPositionLots = this.#positions[instrument];
    const positionLots = side === BID ? startPositionLots + sizeLots : startPositionLots - sizeLots;
    order.remainingLots -= sizeLots;
    this.#positions[instrument] = positionLots;
    this.#events.filled(
      { tid, oid, cloid, instrument, side, priceTicks, sizeLots, exchNs: nowNs, startPositionLots, crossed, feeUsd },
      positionLots,
    );
  }

  /** Cut to whole millionths of a dollar, so that sums of it are exact. */
  #notionalMicros(instrument: number, priceTicks: number, sizeLots: number): number {
    const { priceDecimals, sizeDecimals } = this.#instruments[instrument];
    const decimals = priceDecimals + sizeDecimals - MICRO_DECIMALS;
    const units = priceTicks * sizeLots;
    return decimals >= 0 ? Math.floor(units / POWERS_OF_TEN[decimals]) : units * POWERS_OF_TEN[-decimals];
  }

  // --------------------------------------------------------------------------------------------------- ends

  /** Takes an order out of the table and tells of it, with this status for its owner. */
  end(nowNs: number, order: OwnOrder, why: OrderRemoval, status: string): void {
    this.orders.remove(order);
    this.#venue.withdrawn(order);
    this.#events.removed(order, why);
    this.tellStatus(nowNs, order, status);
  }

  /** The exchange ends an order: for margin, self-trade or liquidation. The owner is told on two channels. */
  endUnasked(nowNs: number, order: OwnOrder, status: string): void {
    this.end(nowNs, order, 'expired', status);
    this.#events.userEvent({ type: 'nonUserCancel', instrument: order.instrument, oid: order.oid });
  }

  /** Ends own orders opposite to a taker, up to the price that it has come to, best first. */
  expireCrossed(nowNs: number, instrument: number, takerSide: Side, ticks: number): void {
    const orders = this.orders.side(instrument, opposite(takerSide));
    while (orders.length !== 0 && reaches(takerSide, ticks, orders[0].priceTicks)) {
      this.endUnasked(nowNs, orders[0], 'selfTradeCanceled');
    }
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

  // -------------------------------------------------------------------------------------------- reduce-only

  /**
   * Holds resting reduce-only orders to the position, after it or they have changed (hyperliquid, section 3.3). While
   * those of a side add up to more than it can close, the oldest ends; the last one left is cut to the position. They
   * end as `reduceOnlyCanceled`, of which the `user` channel does not tell.
   */
  holdToReduceOnly(nowNs: number, instrument: number): void {
    for (const side of SIDES) this.#holdSide(nowNs, instrument, side);
  }

  #holdSide(nowNs: number, instrument: number, side: Side): void {
    const orders = this.orders.side(instrument, side);
    let reducing = 0;
    let reducingLots = 0;
    for (let index = 0; index < orders.length; index++) {
      if (!orders[index].reduceOnly) continue;
      reducing++;
      reducingLots += orders[index].remainingLots;
    }
    if (reducing === 0) return;
    const closableLots = closingLots(this.#positions[instrument], side, reducingLots);
    while (reducingLots > closableLots) {
      const oldest = oldestReducing(orders);
      if (reducing === 1) {
        this.#cutToPosition(nowNs, oldest);
        return;
      }
      reducing--;
      reducingLots -= oldest.remainingLots;
      this.end(nowNs, oldest, 'expired', 'reduceOnlyCanceled');
    }
  }

  /** False: the order could close nothing, and has ended. */
  #cutToPosition(nowNs: number, order: OwnOrder): boolean {
    const lots = closingLots(this.#positions[order.instrument], order.side, order.remainingLots);
    if (lots === 0) {
      this.end(nowNs, order, 'expired', 'reduceOnlyCanceled');
      return false;
    }
    const byLots = order.remainingLots - lots;
    if (byLots === 0) return true;
    order.originalLots -= byLots;
    order.remainingLots = lots;
    this.#venue.resized(order, byLots);
    return true;
  }

  snapshot(): unknown {
    const state: State = {
      positions: this.#positions.slice(),
      trades: this.#trades,
      volumeMicros: this.#volumeMicros,
      orders: this.orders.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#positions.set(state.positions);
    this.#trades = state.trades;
    this.#volumeMicros = state.volumeMicros;
    this.orders.restore(state.orders);
  }
}

/** The reduce-only order of these with the lowest oid. There must be one. */
function oldestReducing(orders: readonly OwnOrder[]): OwnOrder {
  let oldest: OwnOrder | null = null;
  for (const order of orders) if (order.reduceOnly && (oldest === null || order.oid < oldest.oid)) oldest = order;
  if (oldest === null) throw new Error('no reduce-only order where one was counted');
  return oldest;
}
