/** Who watches a run and its twin, and what they have seen when it is over. */
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { type Instrument, SIDES } from '../../core/market.ts';
import type { CoreSettings } from '../../core/settings.ts';
import type { SymptomIntervals } from '../../reports/checks/judge-input.ts';
import type { Evidence } from '../../reports/diagnosis/evidence.ts';
import { EvidenceLog } from '../../reports/diagnosis/evidence-log.ts';
import { FaultEffects } from '../../reports/fault-effects.ts';
import { createInvariants, type Invariant } from '../../reports/invariants/invariants.ts';
import { slotOf } from '../../reports/own-orders.ts';
import type { Span } from '../../reports/symptoms/intervals.ts';
import { QuoteSeries } from '../../reports/symptoms/quote-series.ts';
import type { SymptomObserver } from '../../reports/symptoms/symptom.ts';
import { createSymptoms, intervalsOf } from '../../reports/symptoms/symptoms.ts';
import type { TakenEffect, Violation } from '../../reports/verdict.ts';
import type { Observer } from '../truth.ts';

/** What was seen of a twin. */
export interface TwinSeen {
  readonly quotes: QuoteSeries;
  readonly symptoms: SymptomIntervals;
  readonly violations: readonly Violation[];
  /** By instrument and side: when the exchange accepted something, ns. */
  readonly acceptedNs: readonly Float64Array[];
  /** By instrument: gaps of the recording. */
  readonly gaps: readonly (readonly Span[])[];
  readonly entries: Evidence['entries'];
}

export class TwinObservers {
  readonly all: readonly Observer[];
  readonly #instruments: readonly Instrument[];
  readonly #quotes: QuoteSeries;
  readonly #symptoms: readonly SymptomObserver[];
  readonly #invariants: readonly Invariant[];
  readonly #evidence = new EvidenceLog();

  constructor(instruments: readonly Instrument[], core: CoreSettings, fromNs: number) {
    this.#instruments = instruments;
    this.#quotes = new QuoteSeries(instruments, fromNs);
    this.#symptoms = createSymptoms(instruments, null);
    this.#invariants = invariantsOf(instruments, core, this.#symptoms);
    this.all = [this.#quotes, ...this.#symptoms, this.#evidence, ...this.#invariants];
  }

  seen(): TwinSeen {
    const quotes = this.#quotes;
    return {
      quotes,
      symptoms: intervalsOf(this.#symptoms),
      violations: violationsOf(this.#invariants),
      acceptedNs: this.#instruments.flatMap((_, index) => SIDES.map(side => quotes.acceptedNs(slotOf(index, side)))),
      gaps: this.#instruments.map((_, index) => quotes.gaps(index)),
      entries: this.#evidence.entries,
    };
  }
}

/** What was seen of a run with its cause. */
export interface RunSeen {
  readonly symptoms: SymptomIntervals;
  readonly violations: readonly Violation[];
  readonly effects: readonly TakenEffect[];
  /** When the last fault ended, ns; null: none did. */
  readonly lastFaultEndNs: number | null;
  readonly evidence: Evidence;
}

export class RunObservers {
  readonly all: readonly Observer[];
  readonly #symptoms: readonly SymptomObserver[];
  readonly #invariants: readonly Invariant[];
  readonly #evidence = new EvidenceLog();
  readonly #effects = new FaultEffects();
  readonly #healed = new HealTime();

  /** `core`: the settings that the run has. */
  constructor(instruments: readonly Instrument[], core: CoreSettings, twin: QuoteSeries) {
    this.#symptoms = createSymptoms(instruments, twin);
    this.#invariants = invariantsOf(instruments, core, this.#symptoms);
    this.all = [...this.#symptoms, this.#evidence, this.#effects, this.#healed, ...this.#invariants];
  }

  /** `metrics`: the core's, as they stand at the end. */
  seen(metrics: Float64Array, endNs: number): RunSeen {
    return {
      symptoms: intervalsOf(this.#symptoms),
      violations: violationsOf(this.#invariants),
      effects: this.#effects.effects(),
      lastFaultEndNs: this.#healed.atNs,
      evidence: this.#evidence.evidence(metrics, endNs),
    };
  }
}

function invariantsOf(
  instruments: readonly Instrument[],
  { account, risk }: CoreSettings,
  symptoms: readonly SymptomObserver[],
): Invariant[] {
  const maxInventoryUsd = Math.min(risk.maxInventoryUsd, account.equityUsd * account.leverage);
  return createInvariants({ instruments, maxInventoryUsd, metricFields: METRICS, symptoms });
}

function violationsOf(invariants: readonly Invariant[]): Violation[] {
  return invariants.flatMap(invariant => invariant.violations());
}

/** Remembers when the last fault ended. */
class HealTime implements Observer {
  readonly name = 'heal-time';
  atNs: number | null = null;

  onFaultsHealed(atNs: number): void {
    this.atNs = atNs;
  }

  snapshot(): unknown {
    return this.atNs;
  }

  restore(state: unknown): void {
    this.atNs = state as number | null;
  }
}
