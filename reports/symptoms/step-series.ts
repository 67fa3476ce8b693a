/** A value over time, kept where it changes. Several values within one nanosecond count as the last of them. */
import { Growable } from '../growable.ts';

interface StepSeriesState {
  atNs: unknown;
  values: unknown;
}

export class StepSeries {
  readonly #atNs = new Growable();
  readonly #values = new Growable();
  /** The newest value, 0 before the first. */
  #last = 0;

  /** The value is this from a time on. Times never fall. */
  set(atNs: number, value: number): void {
    if (value === this.#last) return;
    const newest = this.#atNs.length - 1;
    if (newest >= 0 && this.#atNs.at(newest) === atNs) {
      this.#values.pop();
      // What changed and changed back within the nanosecond has not changed.
      if (value === (newest > 0 ? this.#values.at(newest - 1) : 0)) this.#atNs.pop();
      else this.#values.push(value);
    } else {
      this.#atNs.push(atNs);
      this.#values.push(value);
    }
    this.#last = value;
  }

  /** The newest value, 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The value at a time, when all of that nanosecond is done; 0 before the first. */
  at(ns: number): number {
    const index = this.#atNs.firstAfter(ns);
    return index === 0 ? 0 : this.#values.at(index - 1);
  }

  /** The next time after `ns` at which the value changes; Infinity where there is none. */
  nextChangeNs(ns: number): number {
    const index = this.#atNs.firstAfter(ns);
    return index < this.#atNs.length ? this.#atNs.at(index) : Number.POSITIVE_INFINITY;
  }

  snapshot(): unknown {
    return { atNs: this.#atNs.snapshot(), values: this.#values.snapshot() } satisfies StepSeriesState;
  }

  restore(state: unknown): void {
    const { atNs, values } = state as StepSeriesState;
    this.#atNs.restore(atNs);
    this.#values.restore(values);
    this.#last = this.#values.length === 0 ? 0 : this.#values.at(this.#values.length - 1);
  }
}
