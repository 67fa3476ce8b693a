/**
 * The inventory stays within the hard limit plus what was resting on the growing side when the limit was reached.
 *
 * The limit is in USD. Here a position is valued at the price of the order at hand, by the core at the mid that it knows,
 * so a little room is left between the two. When the position is worth less than the limit again, what is accepted then
 * may make it grow again.
 */
import { ASK, BID, type Instrument, type Side } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import type { OrderTruth } from '../../sim/truth.ts';
import { OwnOrders } from '../own-orders.ts';
import { type Invariant, ViolationList } from './invariant.ts';
import { notionalUsd } from './usd.ts';

/** By how much the two valuations may differ: a quote lies within 0.5 % of the mid of about a second ago. */
const VALUATION_ROOM = 1.01;

interface InventoryState {
  violations: unknown;
  orders: unknown;
  positionLots: Float64Array;
  boundLots: Float64Array;
}

export class InventoryLimit implements Invariant {
  readonly invariant = 'inventory-limit';
  readonly name = 'invariant:inventory-limit';
  readonly #violations = new ViolationList(this.invariant);
  readonly #instruments: readonly Instrument[];
  readonly #maxUsd: number;
  readonly #orders = new OwnOrders();
  // By instrument:
  readonly #positionLots: Float64Array;
  /** How far the position may grow now that the limit is reached, lots; Infinity while it is not. */
  readonly #boundLots: Float64Array;

  constructor(instruments: readonly Instrument[], maxInventoryUsd: number) {
    this.#instruments = instruments;
    this.#maxUsd = maxInventoryUsd;
    this.#positionLots = new Float64Array(instruments.length);
    this.#boundLots = new Float64Array(instruments.length).fill(Number.POSITIVE_INFINITY);
  }

  onAccepted(atNs: number, _event: number, order: OrderTruth): void {
    this.#orders.accepted(atNs, order);
    const { instrument, priceTicks } = order;
    if (!this.#isReached(instrument, priceTicks)) this.#boundLots[instrument] = Number.POSITIVE_INFINITY;
  }

  onRemoved(_atNs: number, _event: number, order: OrderTruth): void {
    this.#orders.removed(order.oid);
  }

  onFill(atNs: number, event: number, fill: Fill, positionLots: number): void {
    this.#orders.filled(fill);
    const { instrument, priceTicks } = fill;
    const before = Math.abs(this.#positionLots[instrument]);
    this.#positionLots[instrument] = positionLots;
    const held = Math.abs(positionLots);
    if (!this.#isReached(instrument, priceTicks)) {
      this.#boundLots[instrument] = Number.POSITIVE_INFINITY;
    } else if (this.#boundLots[instrument] === Number.POSITIVE_INFINITY) {
      const growing: Side = positionLots > 0 ? BID : ASK;
      this.#boundLots[instrument] = held + this.#orders.restingLots(instrument, growing);
    } else if (held > before && held > this.#boundLots[instrument]) {
      const usd = notionalUsd(this.#instruments[instrument], priceTicks, held).toFixed(2);
      const message = `a position of ${positionLots} lots ($${usd}), at most ${this.#boundLots[instrument]} lots`;
      this.#violations.add(atNs, event, message);
    }
  }

  #isReached(instrument: number, priceTicks: number): boolean {
    const heldUsd = notionalUsd(this.#instruments[instrument], priceTicks, Math.abs(this.#positionLots[instrument]));
    return heldUsd >= this.#maxUsd * VALUATION_ROOM;
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      orders: this.#orders.snapshot(),
      positionLots: this.#positionLots.slice(),
      boundLots: this.#boundLots.slice(),
    } satisfies InventoryState;
  }

  restore(state: unknown): void {
    const from = state as InventoryState;
    this.#violations.restore(from.violations);
    this.#orders.restore(from.orders);
    this.#positionLots.set(from.positionLots);
    this.#boundLots.set(from.boundLots);
  }
}
