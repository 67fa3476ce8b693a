/**
 * When orders were accepted, from when to when anything of ours rested, and how far the best of it was from the true mid, per
 * instrument and side; and the spans in which the recording itself has no news. This is what the twin hands over to the judging of
 * the run.
 *
 * What comes and goes within one nanosecond never rested; a modification, which ends one order and begins another at the
 * same time, is no interruption.
 *
 * A distance changes with the best own price and with the mid. The two are kept apart, each where it changes, because both sides have
 * the same mid and a mid moves far more often than a quote.
 */
import { BID, type Instrument } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import type { Observer, OrderRemoval, OrderTruth } from '../../sim/truth.ts';
import { Growable } from '../growable.ts';
import { OwnOrders, slotOf } from '../own-orders.ts';
import type { Span } from './intervals.ts';
import { StepSeries } from './step-series.ts';
import { RECORDING_GAP_NS } from './thresholds.ts';

interface SeriesState {
  orders: unknown;
  accepted: readonly unknown[];
  changes: readonly unknown[];
  bestTicks: readonly unknown[];
  mid2: readonly unknown[];
  filledLots: readonly unknown[];
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
  /** By slot: price of our best order; 0 where none rests. */
  readonly #bestTicks: readonly StepSeries[];
  /** By instrument: best bid plus best ask; 0 until both were seen. */
  readonly #mid2: readonly StepSeries[];
  /** By instrument: what was bought less what was sold since the run began, lots. */
  readonly #filledLots: readonly StepSeries[];
  /** By instrument: gaps as from, to, from, to … */
  readonly #gaps: readonly Growable[];
  readonly #lastNewsNs: Float64Array;

  /** `fromNs` is the run's beginning: a recording that starts late has a gap there. */
  constructor(instruments: readonly Instrument[], fromNs = 0, gapNs = RECORDING_GAP_NS) {
    this.#instruments = instruments.length;
    this.#gapNs = gapNs;
    this.#accepted = Array.from({ length: this.#instruments * 2 }, () => new Growable());
    this.#changes = Array.from({ length: this.#instruments * 2 }, () => new Growable());
    this.#bestTicks = Array.from({ length: this.#instruments * 2 }, () => new StepSeries());
    this.#mid2 = instruments.map(() => new StepSeries());
    this.#filledLots = instruments.map(() => new StepSeries());
    this.#gaps = instruments.map(() => new Growable());
    this.#lastNewsNs = new Float64Array(this.#instruments).fill(fromNs);
  }

  onMarket(atNs: number, _event: number, instrument: number, bestBidTicks: number, bestAskTicks: number): void {
    if (atNs - this.#lastNewsNs[instrument] > this.#gapNs) this.#gap(instrument, atNs);
    this.#lastNewsNs[instrument] = atNs;
    if (bestBidTicks !== 0 && bestAskTicks !== 0) this.#mid2[instrument].set(atNs, bestBidTicks + bestAskTicks);
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
    const filled = this.#filledLots[fill.instrument];
    filled.set(atNs, filled.last + signedLots(fill));
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
    const slot = slotOf(of.instrument, of.side);
    this.#bestTicks[slot].set(atNs, this.#orders.bestTicks(of.instrument, of.side));
    const changes = this.#changes[slot];
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

  /**
   * When so many acceptances there have come after `ns` that the first and the last of them are `apartNs` apart or more;
   * Infinity: that never is.
   */
  acceptedEnoughNs(slot: number, ns: number, least: number, apartNs: number): number {
    const accepted = this.#accepted[slot];
    const first = accepted.firstAfter(ns);
    if (first >= accepted.length) return Number.POSITIVE_INFINITY;
    // The first that is late enough: times are whole nanoseconds.
    const last = Math.max(accepted.firstAfter(accepted.at(first) + apartNs - 1), first + least - 1);
    return last < accepted.length ? accepted.at(last) : Number.POSITIVE_INFINITY;
  }

  /** Price of our best order there, as it stood when all of that nanosecond was done; 0 where none rested. */
  bestTicksAt(slot: number, ns: number): number {
    return this.#bestTicks[slot].at(ns);
  }

  /** Best bid plus best ask, likewise; 0 before both were seen. */
  mid2At(instrument: number, ns: number): number {
    return this.#mid2[instrument].at(ns);
  }

  /** What was bought less what was sold since the run began, likewise, lots. */
  filledLotsAt(instrument: number, ns: number): number {
    return this.#filledLots[instrument].at(ns);
  }

  /** The next time after `ns` at which our best price there, its mid or the position changes; Infinity where there is none. */
  nextDistanceNs(slot: number, ns: number): number {
    const instrument = slot >> 1;
    return Math.min(
      this.#bestTicks[slot].nextChangeNs(ns),
      this.#mid2[instrument].nextChangeNs(ns),
      this.#filledLots[instrument].nextChangeNs(ns),
    );
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
      bestTicks: this.#bestTicks.map(series => series.snapshot()),
      mid2: this.#mid2.map(series => series.snapshot()),
      filledLots: this.#filledLots.map(series => series.snapshot()),
      gaps: this.#gaps.map(column => column.snapshot()),
      lastNewsNs: this.#lastNewsNs.slice(),
    } satisfies SeriesState;
  }

  restore(state: unknown): void {
    const { orders, accepted, changes, bestTicks, mid2, filledLots, gaps, lastNewsNs } = state as SeriesState;
    this.#orders.restore(orders);
    this.#accepted.forEach((column, slot) => {
      column.restore(accepted[slot]);
    });
    this.#changes.forEach((column, slot) => {
      column.restore(changes[slot]);
    });
    this.#bestTicks.forEach((series, slot) => {
      series.restore(bestTicks[slot]);
    });
    this.#mid2.forEach((series, instrument) => {
      series.restore(mid2[instrument]);
    });
    this.#filledLots.forEach((series, instrument) => {
      series.restore(filledLots[instrument]);
    });
    this.#gaps.forEach((column, instrument) => {
      column.restore(gaps[instrument]);
    });
    this.#lastNewsNs.set(lastNewsNs);
  }
}

/** Of a purchase above 0, of a sale below. */
export function signedLots({ side, sizeLots }: Pick<Fill, 'side' | 'sizeLots'>): number {
  return side === BID ? sizeLots : -sizeLots;
}
