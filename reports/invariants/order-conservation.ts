/** Filled plus cancelled is the original size of every finished order; none is finished that was never accepted. */
import type { Fill } from '../../core/port.ts';
import type { OrderRemoval, OrderTruth } from '../../sim/truth.ts';
import { type Invariant, ViolationList } from './invariant.ts';

interface ConservationState {
  violations: unknown;
  oids: readonly number[];
  filledLots: readonly number[];
}

export class OrderConservation implements Invariant {
  readonly invariant = 'order-conservation';
  readonly name = 'invariant:order-conservation';
  readonly #violations = new ViolationList(this.invariant);
  /** By oid: what was filled of an unfinished order. */
  readonly #filledLots = new Map<number, number>();

  onAccepted(_atNs: number, _event: number, order: OrderTruth): void {
    this.#filledLots.set(order.oid, order.originalLots - order.remainingLots);
  }

  onFill(atNs: number, event: number, fill: Fill): void {
    const filled = this.#filledLots.get(fill.oid);
    if (filled === undefined) {
      this.#violations.add(atNs, event, `order ${fill.oid} was filled, but is not open`);
      return;
    }
    this.#filledLots.set(fill.oid, filled + fill.sizeLots);
  }

  onRemoved(atNs: number, event: number, order: OrderTruth, why: OrderRemoval): void {
    const filled = this.#filledLots.get(order.oid);
    this.#filledLots.delete(order.oid);
    if (filled === undefined) {
      this.#violations.add(atNs, event, `order ${order.oid} was removed (${why}), but was not open`);
      return;
    }
    const cancelled = why === 'filled' ? 0 : order.remainingLots;
    if (filled + cancelled !== order.originalLots) {
      const message =
        `order ${order.oid} (${why}): ${filled} filled and ${cancelled} cancelled ` + `of ${order.originalLots} lots`;
      this.#violations.add(atNs, event, message);
    }
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      oids: [...this.#filledLots.keys()],
      filledLots: [...this.#filledLots.values()],
    } satisfies ConservationState;
  }

  restore(state: unknown): void {
    const from = state as ConservationState;
    this.#violations.restore(from.violations);
    this.#filledLots.clear();
    from.oids.forEach((oid, index) => {
      this.#filledLots.set(oid, from.filledLots[index]);
    });
  }
}
