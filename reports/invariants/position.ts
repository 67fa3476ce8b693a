/**
 * Fills that the core processed plus its adjustments are the change of its local position; the exchange's fills alone are
 * the change of the exchange's. Lots of several instruments are summed: a sum that is off is off in one of them.
 */

import type { LogEntry, MetricField } from '../../core/evidence.ts';
import { BID, type Instrument, type Side } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import type { RunContext } from '../../sim/truth.ts';
import { type Invariant, ViolationList } from './invariant.ts';

const POSITION_METRIC = 'mm_position_lots';

interface PositionState {
  violations: unknown;
  exchangeLots: Float64Array;
  localLots: number;
  isStarted: boolean;
  isChanged: boolean;
  isTold: boolean;
  lastEvent: number;
}

function signed(side: Side, lots: number): number {
  return side === BID ? lots : -lots;
}

export class PositionInvariant implements Invariant {
  readonly invariant = 'position';
  readonly name = 'invariant:position';
  readonly #violations = new ViolationList(this.invariant);
  /** Where the core's metrics hold its position; -1: nowhere, then its log is all there is. */
  readonly #metricIndex: number;
  #metrics: Float64Array | null = null;
  /** By instrument: the exchange's position; NaN until the first fill tells where it started. */
  readonly #exchangeLots: Float64Array;
  /** What the core's log makes of its position. */
  #localLots = 0;
  #isStarted = false;
  #isChanged = false;
  /** The log has told of the position: a core may leave that out. */
  #isTold = false;
  #lastEvent = 0;

  constructor(instruments: readonly Instrument[], metricFields: readonly MetricField[]) {
    this.#metricIndex = metricFields.findIndex(field => field.name === POSITION_METRIC);
    this.#exchangeLots = new Float64Array(instruments.length).fill(Number.NaN);
  }

  onStart(context: RunContext): void {
    this.#metrics = context.core.metrics;
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (this.#metricIndex >= 0) this.#localLots = context.core.metrics[this.#metricIndex];
  }

  onFill(atNs: number, event: number, fill: Fill, positionLots: number): void {
    this.#lastEvent = event;
    const before = this.#exchangeLots[fill.instrument];
    const expected = (Number.isNaN(before) ? fill.startPositionLots : before) + signed(fill.side, fill.sizeLots);
    if (positionLots !== expected || (!Number.isNaN(before) && fill.startPositionLots !== before)) {
      const message = `the exchange has ${positionLots} lots after fill ${fill.tid}, its fills make ${expected}`;
      this.#violations.add(atNs, event, message);
    }
    this.#exchangeLots[fill.instrument] = positionLots;
  }

  onEvidence(entry: LogEntry): void {
    if (entry.type === 'fill') {
      this.#localLots += signed(entry.side, entry.sizeLots);
      this.#isChanged = true;
    } else if (entry.type === 'position-adjusted') {
      this.#localLots += entry.toLots - entry.fromLots;
      this.#isChanged = true;
    }
  }

  /** The core has done with the message that changed its position: what it holds now must be what its log says. */
  onHandled(startNs: number): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#isTold = true;
    this.#compare(startNs, this.#lastEvent);
  }

  /** A change that an otherwise telling log leaves out is found here at the latest. */
  onEnd(atNs: number, event: number): void {
    if (this.#isTold) this.#compare(atNs, event);
  }

  #compare(atNs: number, event: number): void {
    if (this.#metrics === null || this.#metricIndex < 0) return;
    const held = this.#metrics[this.#metricIndex];
    if (held === this.#localLots) return;
    const message = `the core holds ${held} lots, its fills and adjustments make ${this.#localLots}`;
    this.#violations.add(atNs, event, message);
    this.#localLots = held;
  }

  violations() {
    return this.#violations.list();
  }

  snapshot(): unknown {
    return {
      violations: this.#violations.snapshot(),
      exchangeLots: this.#exchangeLots.slice(),
      localLots: this.#localLots,
      isStarted: this.#isStarted,
      isChanged: this.#isChanged,
      isTold: this.#isTold,
      lastEvent: this.#lastEvent,
    } satisfies PositionState;
  }

  restore(state: unknown): void {
    const from = state as PositionState;
    this.#violations.restore(from.violations);
    this.#exchangeLots.set(from.exchangeLots);
    this.#localLots = from.localLots;
    this.#isStarted = from.isStarted;
    this.#isChanged = from.isChanged;
    this.#isTold = from.isTold;
    this.#lastEvent = from.lastEvent;
  }
}
