/** The four symptoms, one observer of each for one run (playbook matrix, "the four symptoms are judged from outside"). */
import type { Instrument } from '../../core/market.ts';
import type { SymptomIntervals } from '../checks/judge-input.ts';
import { HighLatency } from './high-latency.ts';
import { OrdersNotSending } from './orders-not-sending.ts';
import { PositionMismatch } from './position-mismatch.ts';
import type { QuoteSeries } from './quote-series.ts';
import { StaleQuotes } from './stale-quotes.ts';
import type { SymptomObserver } from './symptom.ts';

/** In the playbook's order. `twin` null: the twin itself is judged. */
export function createSymptoms(instruments: readonly Instrument[], twin: QuoteSeries | null): SymptomObserver[] {
  return [
    new OrdersNotSending(instruments, twin),
    new StaleQuotes(instruments, twin),
    new PositionMismatch(instruments),
    new HighLatency(instruments),
  ];
}

/** Hot intervals so far, by symptom. */
export function intervalsOf(observers: readonly SymptomObserver[]): SymptomIntervals {
  return Object.fromEntries(observers.map(observer => [observer.symptom, observer.intervals()]));
}
