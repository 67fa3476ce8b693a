/** What an invariant is: an observer that keeps what it saw broken. */

import type { MetricField } from '../../core/evidence.ts';
import type { Instrument } from '../../core/market.ts';
import type { Observer } from '../../sim/truth.ts';
import type { SymptomObserver } from '../symptoms/symptom.ts';
import type { Violation } from '../verdict.ts';

export interface Invariant extends Observer {
  /** Its name in scenarios (`mayBreak`) and verdicts; as an observer it is called `invariant:<this>`. */
  readonly invariant: string;
  /** What was broken so far, the first ones of it, in time order; copies. */
  violations(): Violation[];
}

/** What the invariants have to know of a run before it starts. */
export interface InvariantContext {
  readonly instruments: readonly Instrument[];
  /** The core's hard limit of the inventory, USD. */
  readonly maxInventoryUsd: number;
  /** The core's metrics, for looking its position up by name. */
  readonly metricFields: readonly MetricField[];
  /** Symptoms that have to be cold at the end. */
  readonly symptoms: readonly SymptomObserver[];
}

/** A broken invariant tends to break again with every event; the first ones tell what is to be told. */
const KEPT = 20;

/** Keeps an invariant's first violations. */
export class ViolationList {
  readonly #invariant: string;
  #kept: Violation[] = [];

  constructor(invariant: string) {
    this.#invariant = invariant;
  }

  add(atNs: number, event: number, message: string): void {
    if (this.#kept.length < KEPT) this.#kept.push({ invariant: this.#invariant, atNs, event, message });
  }

  list(): Violation[] {
    return this.#kept.map(violation => ({ ...violation }));
  }

  snapshot(): unknown {
    return this.list();
  }

  restore(state: unknown): void {
    this.#kept = (state as readonly Violation[]).map(violation => ({ ...violation }));
  }
}
