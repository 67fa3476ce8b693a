/**
 * The one way that every fill takes, from the stream or from a snapshot (playbook 3.2, 3.3): told apart by its trade id, then
 * taken into the position, then attributed to its order. A fill of an order that is not known is an orphan and is taken into
 * the position all the same: the exchange says that we traded.
 */

import type { LogEntry } from '../evidence.ts';
import type { OrderLifecycleTracker } from '../execution/order-lifecycle.ts';
import type { OrderState, TrackedOrder } from '../execution/tracked-order.ts';
import type { Fill } from '../port.ts';
import type { FillDeduplicator } from './dedup.ts';

export type FillOutcome =
  /** Processed before; nothing changed. */
  | { kind: 'duplicate' }
  /** The position took it, and no order was found for it. */
  | { kind: 'orphan' }
  /**
   * The position and its order took it. `full`: the order is filled to its end. `raced`: it came while the order was being
   * cancelled, or after its end.
   */
  | { kind: 'applied'; order: TrackedOrder; full: boolean; raced: boolean };

/** A fill in one of these came across a cancel, or after the order was given up. */
const RACED_STATES: readonly OrderState[] = [
  'CancelPending',
  'CancelConfirmed',
  'FilledDuringCancel',
  'Cancelled',
  'Expired',
  'Rejected',
];

const DUPLICATE: FillOutcome = { kind: 'duplicate' };
const ORPHAN: FillOutcome = { kind: 'orphan' };

export class FillConsumer {
  readonly #dedup: FillDeduplicator;
  readonly #orders: OrderLifecycleTracker;
  readonly #applyToPosition: (fill: Fill) => void;
  readonly #log: (entry: LogEntry) => void;

  /** `applyToPosition` is called once for each fill that is new. */
  constructor(
    dedup: FillDeduplicator,
    orders: OrderLifecycleTracker,
    applyToPosition: (fill: Fill) => void,
    log: (entry: LogEntry) => void,
  ) {
    this.#dedup = dedup;
    this.#orders = orders;
    this.#applyToPosition = applyToPosition;
    this.#log = log;
  }

  consume(fill: Fill, nowNs: number): FillOutcome {
    const { tid, oid, side, priceTicks, sizeLots } = fill;
    if (!this.#dedup.markProcessed(tid)) {
      this.#log({ type: 'duplicate-fill', atNs: nowNs, tid });
      return DUPLICATE;
    }
    this.#applyToPosition(fill);
    this.#log({ type: 'fill', atNs: nowNs, tid, oid, side, priceTicks, sizeLots });

    const before = this.#orders.find(oid, fill.cloid)?.state;
    const order = this.#orders.fill(fill, nowNs);
    if (order === null || before === undefined) {
      this.#log({ type: 'orphan-fill', atNs: nowNs, tid, oid, sizeLots });
      return ORPHAN;
    }
    const full = order.streamLots >= order.originalLots;
    return { kind: 'applied', order, full, raced: RACED_STATES.includes(before) };
  }
}
