/** Collects the core's log entries during a run, for the diagnosis and the timeline. */
import type { LogEntry } from '../../core/evidence.ts';
import type { Evidence } from './evidence.ts';

/** As an observer of `simulate`, by shape: the diagnosis imports nothing of the world. */
export class EvidenceLog {
  readonly name = 'evidence-log';
  #entries: LogEntry[] = [];

  onEvidence(entry: LogEntry): void {
    this.#entries.push(entry);
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** What a diagnosis needs, from the entries so far and the core's metrics as they stand; a copy. */
  evidence(metrics: Float64Array, endNs: number): Evidence {
    return { entries: this.#entries.slice(), metrics: metrics.slice(), endNs };
  }

  snapshot(): unknown {
    return this.#entries.slice();
  }

  restore(state: unknown): void {
    this.#entries = (state as readonly LogEntry[]).slice();
  }
}
