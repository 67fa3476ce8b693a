/**
 * The exchange with a book of single orders once more, slow and obvious, written from the fact sheet: one list of orders,
 * sorted anew for every look, sizes and prices as decimals, no engine, no slots, no levels.
 */
import { Decimal } from 'decimal.js';
import { ASK, BID, type Instrument, type Side } from '../../../core/market.ts';
import type { Action, PlaceOrder } from '../../../core/port.ts';

export const OURS = 1;

interface RefOrder {
  owner: number;
  side: Side;
  price: Decimal;
  left: Decimal;
  /** Place in time. */
  since: number;
  /** Of our orders only. */
  oid: number;
  cloid: number;
  placed: Decimal;
  reduceOnly: boolean;
}

const zero = new Decimal(0);
const min = (a: Decimal, b: Decimal) => Decimal.min(a, b);

export class ReferenceExchange {
  orders: RefOrder[] = [];
  position = zero;
  /** Paid and received for contracts, and fees: what the account's money has changed by. */
  money = zero;
  readonly fills: string[] = [];
  readonly updates: string[] = [];
  readonly trades: string[] = [];
  readonly userEvents: string[] = [];
  hasMargin = true;
  readonly #tick: Decimal;
  readonly #lot: Decimal;
  readonly #makerFee: Decimal;
  readonly #takerFee: Decimal;
  #nextOid = 1;
  #time = 0;

  constructor(instrument: Instrument, makerFeeBps: number, takerFeeBps: number) {
    this.#tick = new Decimal(10).pow(-instrument.priceDecimals);
    this.#lot = new Decimal(10).pow(-instrument.sizeDecimals);
    this.#makerFee = new Decimal(makerFeeBps).div(10_000);
    this.#takerFee = new Decimal(takerFeeBps).div(10_000);
  }

  price(ticks: number): Decimal {
    return this.#tick.times(ticks);
  }

  size(lots: number): Decimal {
    return this.#lot.times(lots);
  }

  // --------------------------------------------------------------------------------------------------- book

  /** Best price first, at one price the oldest first. */
  queue(side: Side): RefOrder[] {
    const sign = side === BID ? -1 : 1;
    return this.orders
      .filter(order => order.side === side)
      .sort((a, b) => sign * a.price.comparedTo(b.price) || a.since - b.since);
  }

  levels(): string[] {
    return ([BID, ASK] as const).flatMap(side => {
      const queue = this.queue(side);
      const prices = [...new Set(queue.map(order => order.price.toFixed()))];
      return prices.map(price => {
        const level = queue.filter(order => order.price.toFixed() === price);
        const sum = level.reduce((total, order) => total.plus(order.left), zero);
        return `${side} ${price} ${sum.toFixed()} ${level.length}`;
      });
    });
  }

  drop(order: RefOrder): void {
    this.orders = this.orders.filter(other => other !== order);
  }

  inReach(side: Side, limit: Decimal): RefOrder[] {
    return this.queue(side === BID ? ASK : BID).filter(maker =>
      side === BID ? maker.price.lte(limit) : maker.price.gte(limit),
    );
  }

  /** One maker after the other, until the taker has all or finds no more. */
  match(taker: RefOrder): void {
    for (;;) {
      const maker = this.inReach(taker.side, taker.price)[0];
      if (maker === undefined || taker.left.isZero()) return;
      if (maker.owner !== 0 && maker.owner === taker.owner) {
        // Self-trade prevention: the resting order goes, the taker goes on (3.1).
        this.drop(maker);
        if (maker.owner === OURS) this.endUnasked(maker, 'selfTradeCanceled');
        continue;
      }
      if (maker.owner === OURS && !this.hasMargin) {
        this.drop(maker);
        this.endUnasked(maker, 'marginCanceled');
        continue;
      }
      const size = min(maker.left, taker.left);
      maker.left = maker.left.minus(size);
      taker.left = taker.left.minus(size);
      if (maker.left.isZero()) this.drop(maker);
      if (taker.owner === OURS) this.fill(taker, maker.price, size, true);
      if (maker.owner === OURS) {
        this.fill(maker, maker.price, size, false);
        if (maker.left.isZero()) this.update(maker, 'filled');
        this.holdReduceOnly();
      }
      this.trades.push(`${taker.side} ${maker.price.toFixed()} ${size.toFixed()}`);
    }
  }

  fill(order: RefOrder, price: Decimal, size: Decimal, crossed: boolean): void {
    const signed = order.side === BID ? size : size.neg();
    const notional = price.times(size);
    // Each fee is cut to whole millionths (6.1).
    const fee = notional.times(crossed ? this.#takerFee : this.#makerFee).toDecimalPlaces(6, Decimal.ROUND_DOWN);
    const how = crossed ? 'taker' : 'maker';
    this.fills.push(
      `${order.oid} ${price.toFixed()} ${size.toFixed()} ${how} ${this.position.toFixed()} ${fee.toFixed()}`,
    );
    this.position = this.position.plus(signed);
    this.money = this.money.minus(price.times(signed)).minus(fee);
  }

  update(order: RefOrder, status: string): void {
    this.updates.push(`${order.oid} ${status} ${order.left.toFixed()} of ${order.placed.toFixed()}`);
  }

  endUnasked(order: RefOrder, status: string): void {
    this.update(order, status);
    this.userEvents.push(`nonUserCancel ${order.oid}`);
  }

  // -------------------------------------------------------------------------------------------- reduce-only

  closable(side: Side): Decimal {
    return Decimal.max(zero, side === BID ? this.position.neg() : this.position);
  }

  /** The oldest goes while they come to more than the position; a single one shrinks with it (3.3). */
  holdReduceOnly(): void {
    for (const side of [BID, ASK] as const) {
      for (;;) {
        const held = this.orders.filter(order => order.reduceOnly && order.side === side).sort((a, b) => a.oid - b.oid);
        const sum = held.reduce((total, order) => total.plus(order.left), zero);
        const closable = this.closable(side);
        if (sum.lte(closable)) break;
        if (held.length > 1 || closable.isZero()) {
          this.drop(held[0]);
          this.update(held[0], 'reduceOnlyCanceled');
        } else {
          held[0].left = closable;
        }
      }
    }
  }

  // ------------------------------------------------------------------------------------------------- others

  /** Somebody else places an order: it matches, and what is left rests. */
  other(owner: number, side: Side, ticks: number, lots: number, rests: boolean): void {
    const size = this.size(lots);
    const order = this.newOrder(owner, side, this.price(ticks), size, 0, 0, false);
    this.match(order);
    if (rests && order.left.gt(0)) this.rest(order);
  }

  rest(order: RefOrder): void {
    order.since = this.#time++;
    this.orders.push(order);
  }

  newOrder(
    owner: number,
    side: Side,
    price: Decimal,
    size: Decimal,
    oid: number,
    cloid: number,
    reduceOnly: boolean,
  ): RefOrder {
    return { owner, side, price, left: size, since: 0, oid, cloid, placed: size, reduceOnly };
  }

  // --------------------------------------------------------------------------------------------------- ours

  act(action: Action): string[] {
    switch (action.type) {
      case 'order':
        return action.orders.map(order => this.place(order));
      case 'cancel':
        return action.cancels.map(({ oid }) => this.cancel(this.ours().find(order => order.oid === oid)));
      case 'cancelByCloid':
        return action.cancels.map(({ cloid }) =>
          this.cancel(this.ours().find(order => cloid !== 0 && order.cloid === cloid)),
        );
      case 'batchModify':
        return action.modifies.map(({ oid, order }) => this.modify(oid, order, action.alwaysPlace === true));
      default:
        return [];
    }
  }

  ours(): RefOrder[] {
    return this.orders.filter(order => order.owner === OURS).sort((a, b) => a.oid - b.oid);
  }

  cancel(order: RefOrder | undefined): string {
    if (order === undefined) return 'error';
    this.drop(order);
    this.update(order, 'canceled');
    return 'success';
  }

  /** Cut to the position (3.3). */
  wanted(place: PlaceOrder): Decimal {
    const size = this.size(place.sizeLots);
    return place.reduceOnly ? min(size, this.closable(place.side)) : size;
  }

  /** The status of a refusal, or null. */
  refusal(place: PlaceOrder): string | null {
    if (place.cloid !== 0 && this.ours().some(order => order.cloid === place.cloid)) return 'rejected';
    if (place.reduceOnly && this.closable(place.side).isZero()) return 'reduceOnlyRejected';
    const reach = this.inReach(place.side, this.price(place.priceTicks));
    if (place.tif === 'Alo' && reach.length > 0) return 'badAloPxRejected';
    if (place.tif === 'Ioc' && reach.every(maker => maker.owner === OURS)) {
      for (const maker of reach) {
        this.drop(maker);
        this.endUnasked(maker, 'selfTradeCanceled');
      }
      return 'iocCancelRejected';
    }
    return null;
  }

  place(place: PlaceOrder): string {
    const oid = this.#nextOid++;
    const refused = this.refusal(place);
    if (refused === null) return this.accept(place, oid);
    const size = this.size(place.sizeLots).toFixed();
    this.updates.push(`${oid} ${refused} ${size} of ${size}`);
    return 'error';
  }

  accept(place: PlaceOrder, oid: number): string {
    const size = this.wanted(place);
    const order = this.newOrder(
      OURS,
      place.side,
      this.price(place.priceTicks),
      size,
      oid,
      place.cloid,
      place.reduceOnly,
    );
    order.placed = this.size(place.sizeLots);
    this.match(order);
    const filled = size.minus(order.left);
    if (order.left.isZero()) this.update(order, 'filled');
    else if (place.tif === 'Ioc') this.update(order, 'canceled');
    else {
      this.rest(order);
      this.update(order, 'open');
    }
    this.holdReduceOnly();
    return filled.isZero() ? `resting ${oid}` : `filled ${oid} ${filled.toFixed()}`;
  }

  modify(oid: number, order: PlaceOrder, alwaysPlace: boolean): string {
    if (order.tif === 'Ioc' && !alwaysPlace) return 'error';
    const old = this.ours().find(other => other.oid === oid);
    if (old === undefined) return alwaysPlace ? this.place(order) : 'error';
    const place: PlaceOrder = alwaysPlace ? order : { ...order, tif: 'Alo' };
    this.drop(old);
    const samePlace = old.side === place.side && old.price.eq(this.price(place.priceTicks)) && place.tif !== 'Ioc';
    const smaller = samePlace && this.wanted(place).lte(old.left);
    if (smaller && this.stillAllowed(place)) {
      // Made smaller at its price it stays what and where it is.
      const now = this.newOrder(OURS, old.side, old.price, this.wanted(place), oid, place.cloid, place.reduceOnly);
      now.placed = this.size(place.sizeLots);
      now.since = old.since;
      this.orders.push(now);
      this.update(now, 'open');
      this.holdReduceOnly();
      return `resting ${oid}`;
    }
    // What refuses an immediate order may end others of ours first: the old one's end is told after that.
    const told = this.updates.length;
    const result = this.place(place);
    const events = this.updates.splice(told);
    const expired = events.filter(line => line.includes('selfTradeCanceled') && result === 'error');
    const rest = events.filter(line => !expired.includes(line));
    this.updates.push(...expired);
    this.update(old, 'canceled');
    this.updates.push(...rest);
    return result;
  }

  stillAllowed(place: PlaceOrder): boolean {
    if (place.cloid !== 0 && this.ours().some(order => order.cloid === place.cloid)) return false;
    if (place.reduceOnly && this.closable(place.side).isZero()) return false;
    return place.tif !== 'Alo' || this.inReach(place.side, this.price(place.priceTicks)).length === 0;
  }
}
