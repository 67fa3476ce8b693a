/** After the heal phase, which is at the end of the run, every symptom is cold. */
import { seconds } from '../seconds.ts';
import { onSide, type SymptomObserver } from '../symptoms/symptom.ts';
import type { Violation } from '../verdict.ts';
import type { Invariant } from './invariant.ts';

interface ColdState {
  endNs: number;
  event: number;
}

export class ColdAfterHeal implements Invariant {
  readonly invariant = 'cold-after-heal';
  readonly name = 'invariant:cold-after-heal';
  readonly #symptoms: readonly SymptomObserver[];
  /** -1: the run is not over. */
  #endNs = -1;
  #event = 0;

  constructor(symptoms: readonly SymptomObserver[]) {
    this.#symptoms = symptoms;
  }

  onEnd(atNs: number, event: number): void {
    this.#endNs = atNs;
    this.#event = event;
  }

  violations(): Violation[] {
    if (this.#endNs < 0) return [];
    return this.#symptoms.flatMap(observer =>
      observer
        .intervals()
        .filter(interval => interval.toNs === null)
        .map(interval => ({
          invariant: this.invariant,
          atNs: this.#endNs,
          event: this.#event,
          message: `${observer.symptom} is hot${onSide(interval)} at the end, since ${seconds(interval.fromNs)}`,
        })),
    );
  }

  snapshot(): unknown {
    return { endNs: this.#endNs, event: this.#event } satisfies ColdState;
  }

  restore(state: unknown): void {
    const from = state as ColdState;
    this.#endNs = from.endNs;
    this.#event = from.event;
  }
}
