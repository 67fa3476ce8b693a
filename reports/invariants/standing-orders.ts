/**
 * An invariant of the own orders that stand in the book together. It is looked at when all events of a nanosecond are done,
 * so that the steps of one modification are not taken for a state; and told again only after it held in between.
 */
import type { Fill } from '../../core/port.ts';
import type { OrderTruth } from '../../sim/truth.ts';
import { OwnOrders } from '../own-orders.ts';
import { type Invariant, ViolationList } from './invariant.ts';

/** What is wrong with the orders, in words; null: nothing. */
export type StandingRule = (orders: OwnOrders) => string | null;

interface StandingState {
  violations: unknown;
  orders: unknown;
  changedNs: number;
  changedEvent: number;
  isBroken: boolean;
}

export class StandingOrders implements Invariant {
  readonly invariant: string;
  readonly name: string;
  readonly #violations: ViolationList;
  readonly #rule: StandingRule;
  readonly #orders = new OwnOrders();
  /** When the orders changed last; -1: nothing changed since they were looked at. */
  #changedNs = -1;
  #changedEvent = 0;
  #isBroken = false;

  constructor(invariant: string, rule: StandingRule) {
    this.invariant = invariant;
    this.name = `invariant:${invariant}`;
    this.#violations = new ViolationList(invariant);
    this.#rule = rule;
  }

  onAccepted(atNs: number, event: number, order: OrderTruth): void {
    this.#begin(atNs, event);
    this.#orders.accepted(atNs, order);
  }

  onRemoved(atNs: number, event: number, order: OrderTruth): void {
    this.#begin(atNs, event);
    this.#orders.removed(order.oid);
  }

  onFill(atNs: number, event: number, fill: Fill): void {
    this.#begin(atNs, event);
    this.#orders.filled(fill);
  }

  onEnd(): void {
    this.#look();
  }

  #begin(atNs: number, event: number): void {
    if (atNs > this.#changedNs) this.#look();
    this.#changedNs = atNs;
    this.#changedEvent = event;
  }

  #look(): void {
    if (this.#changedNs < 0) return;
    const broken = this.#rule(this.#orders);
    if (broken !== null && !this.#isBroken) this.#violations.add(this.#changedNs, this.#changedEvent, broken);
    this.#isBroken = broken !== null;
    this.#changedNs = -1;
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      orders: this.#orders.snapshot(),
      changedNs: this.#changedNs,
      changedEvent: this.#changedEvent,
      isBroken: this.#isBroken,
    } satisfies StandingState;
  }

  restore(state: unknown): void {
    const from = state as StandingState;
    this.#violations.restore(from.violations);
    this.#orders.restore(from.orders);
    this.#changedNs = from.changedNs;
    this.#changedEvent = from.changedEvent;
    this.#isBroken = from.isBroken;
  }
}
