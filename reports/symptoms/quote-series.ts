/**
 * When orders were accepted, and from when to when anything of ours rested, per instrument and side; and the spans in
 * which the recording itself has no news. This is what the twin hands over to the judging of the run.
 *
 * What comes and goes within one nanosecond never rested; a modification, which ends one order and begins another at the
 * same time, is no interruption.
 */
import type { Instrument } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import type { Observer, OrderRemoval, OrderTruth } from '../../sim/truth.ts';
import { Growable } from '../growable.ts';
import { OwnOrders, slotOf } from '../own-orders.ts';
import type { Span } from './intervals.ts';
import { RECORDING_GAP_NS } from './thresholds.ts';

interface SeriesState {
  orders: unknown;
  accepted: readonly unknown[];
  changes: readonly unknown[];
  gaps: readonly unknown[];
  lastNewsNs: Float64Array;
}

export class QuoteSeries implements Observer {
  readonly name = 'quote-series';
  readonly #instruments: number;
  readonly #gapNs: number;
  readonly #orders = new OwnOrders();
  /** By slot: times of acceptances of placements and modifications. */
  readonly #accepted: readonly Growable[];
  /** By slot: times at which resting began (even index) and ended (odd index). */
  readonly #changes: readonly Growable[];
  /** By instrument: gaps as from, to, from, to … */
  readonly #gaps: readonly Growable[];
  readonly #lastNewsNs: Float64Array;

  /** `fromNs` is the run's beginning: a recording that starts late has a gap there. */
  constructor(instruments: readonly Instrument[], fromNs = 0, gapNs = RECORDING_GAP_NS) {
    this.#instruments = instruments.length;
    this.#gapNs = gapNs;
    this.#accepted = Array.from({ length: this.#instruments * 2 }, () => new Growable());
    this.#changes = Array.from({ length: this.#instruments * 2 }, () => new Growable());
    this.#gaps = instruments.map(() => new Growable());
    this.#lastNewsNs = new Float64Array(this.#instruments).fill(fromNs);
  }

  onMarket(atNs: number, _event: number, instrument: number): void {
    if (atNs - this.#lastNewsNs[instrument] > this.#gapNs) this.#gap(instrument, atNs);
    this.#lastNewsNs[instrument] = atNs;
  }

  onAccepted(atNs: number, _event: number, order: OrderTruth): void {
    this.#accepted[slotOf(order.instrument, order.side)].push(atNs);
    this.#orders.accepted(atNs, order);
    this.#update(atNs, order);
  }

  onRemoved(atNs: number, _event: number, order: OrderTruth, _why: OrderRemoval): void {
    this.#orders.removed(order.oid);
    this.#update(atNs, order);
  }

  onFill(atNs: number, _event: number, fill: Fill): void {
    if (this.#orders.filled(fill) !== undefined) this.#update(atNs, fill);
  }

  onEnd(atNs: number): void {
    for (let instrument = 0; instrument < this.#instruments; instrument++) {
      if (atNs - this.#lastNewsNs[instrument] > this.#gapNs) this.#gap(instrument, atNs);
    }
  }

  #gap(instrument: number, toNs: number): void {
    this.#gaps[instrument].push(this.#lastNewsNs[instrument]);
    this.#gaps[instrument].push(toNs);
  }

  #update(atNs: number, of: Pick<OrderTruth, 'instrument' | 'side'>): void {
    const changes = this.#changes[slotOf(of.instrument, of.side)];
    const rests = this.#orders.count(of.instrument, of.side) > 0;
    const rested = changes.length % 2 === 1;
    if (rests === rested) return;
    if (changes.at(changes.length - 1) === atNs) changes.pop();
    else changes.push(atNs);
  }

  /** Times at which the exchange took a placement or modification there, ns. */
  acceptedNs(slot: number): Float64Array {
    return this.#accepted[slot].toArray();
  }

  /** Spans in which anything of ours rested there. */
  resting(slot: number): Span[] {
    const changes = this.#changes[slot];
    const spans: Span[] = [];
    for (let index = 0; index < changes.length; index += 2) {
      spans.push({ fromNs: changes.at(index), toNs: index + 1 < changes.length ? changes.at(index + 1) : null });
    }
    return spans;
  }

  /** Whether anything of ours rested there, as it stood when all of that nanosecond was done. */
  restsAt(slot: number, ns: number): boolean {
    return this.#changes[slot].firstAfter(ns) % 2 === 1;
  }

  /** Since when something of ours has rested there without a break, as of `ns`; Infinity where nothing rests. */
  restingSinceNs(slot: number, ns: number): number {
    const changes = this.#changes[slot];
    const index = changes.firstAfter(ns);
    return index % 2 === 1 ? changes.at(index - 1) : Number.POSITIVE_INFINITY;
  }

  /** The next time after `ns` at which resting begins or ends there; Infinity where there is none. */
  nextChangeNs(slot: number, ns: number): number {
    const changes = this.#changes[slot];
    const index = changes.firstAfter(ns);
    return index < changes.length ? changes.at(index) : Number.POSITIVE_INFINITY;
  }

  /** Spans in which the true market gave no news for longer than the threshold. */
  gaps(instrument: number): Span[] {
    const columns = this.#gaps[instrument];
    const spans: Span[] = [];
    for (let index = 0; index < columns.length; index += 2) {
      spans.push({ fromNs: columns.at(index), toNs: columns.at(index + 1) });
    }
    return spans;
  }

  snapshot(): unknown {
    return {
      orders: this.#orders.snapshot(),
      accepted: this.#accepted.map(column => column.snapshot()),
      changes: this.#changes.map(column => column.snapshot()),
      gaps: this.#gaps.map(column => column.snapshot()),
      lastNewsNs: this.#lastNewsNs.slice(),
    } satisfies SeriesState;
  }

  restore(state: unknown): void {
    const { orders, accepted, changes, gaps, lastNewsNs } = state as SeriesState;
    this.#orders.restore(orders);
    this.#accepted.forEach((column, slot) => {
      column.restore(accepted[slot]);
    });
    this.#changes.forEach((column, slot) => {
      column.restore(changes[slot]);
    });
    this.#gaps.forEach((column, instrument) => {
      column.restore(gaps[instrument]);
    });
    this.#lastNewsNs.set(lastNewsNs);
  }
}
