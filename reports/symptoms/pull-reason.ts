/**
 * Why the core says that it has no quotes out. Only the words of a symptom's `why` come from here, never its predicate:
 * a symptom is judged from the truth alone.
 */
import type { LogEntry } from '../../core/evidence.ts';

interface PullState {
  pulled: (readonly [number, string])[];
  gate: string | null;
  risk: string | null;
}

export class PullReason {
  /** By instrument: pulls that stand. */
  #pulled = new Map<number, string>();
  #gate: string | null = null;
  #risk: string | null = null;

  onEvidence(entry: LogEntry): void {
    if (entry.type === 'quotes-pulled') this.#pulled.set(entry.instrument ?? 0, `quotes pulled: ${entry.reason}`);
    else if (entry.type === 'quote-gate') this.#gate = entry.reason === null ? null : `gate: ${entry.reason.type}`;
    else if (entry.type === 'risk') this.#risk = entry.pullQuotes ? `risk: ${entry.pulledBy.join(', ')}` : null;
    else if (entry.type === 'cycle-resumed') this.#pulled.delete(entry.instrument ?? 0);
  }

  /** The deliberate pull that stands, in words; null where there is none. */
  get words(): string | null {
    return this.#gate ?? this.#risk ?? [...this.#pulled.values()].at(-1) ?? null;
  }

  snapshot(): unknown {
    return { pulled: [...this.#pulled], gate: this.#gate, risk: this.#risk } satisfies PullState;
  }

  restore(state: unknown): void {
    const { pulled, gate, risk } = state as PullState;
    this.#pulled = new Map(pulled);
    this.#gate = gate;
    this.#risk = risk;
  }
}
