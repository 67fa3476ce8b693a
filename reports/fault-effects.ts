/** Counts what the faults did: for each fault of the plan the first effect, the last, and how many (design, section 8). */
import type { FaultEffect, Observer } from '../sim/truth.ts';
import type { TakenEffect } from './verdict.ts';

interface Counted extends TakenEffect {
  lastNs: number;
}

export class FaultEffects implements Observer {
  readonly name = 'fault-effects';
  /** By index in the plan. A run has a handful of faults. */
  #counted: Counted[] = [];

  onFault(effect: FaultEffect): void {
    const known = this.#counted.find(counted => counted.index === effect.index);
    if (known === undefined) {
      const { index, kind, atNs, event } = effect;
      this.#counted.push({ index, kind, atNs, event, count: 1, lastNs: atNs });
      this.#counted.sort((a, b) => a.index - b.index);
    } else {
      known.count++;
      known.lastNs = effect.atNs;
    }
  }

  /** Faults that took effect, by index in the plan. */
  effects(): TakenEffect[] {
    return this.#counted.map(({ index, kind, atNs, event, count }) => ({ index, kind, atNs, event, count }));
  }

  /** When the last effect was, ns; null where there was none. */
  get lastNs(): number | null {
    return this.#counted.length === 0 ? null : Math.max(...this.#counted.map(counted => counted.lastNs));
  }

  snapshot(): unknown {
    return this.#counted.map(counted => ({ ...counted }));
  }

  restore(state: unknown): void {
    this.#counted = (state as readonly Counted[]).map(counted => ({ ...counted }));
  }
}
