/**
 * The `PendingFillOutcome` queue (playbook 3.5): fills that wait for the mid of a fixed time after them. All wait equally long, so the
 * first in is the first due. It is bounded: where fills come faster than their outcomes, the oldest goes without one.
 */

/** Playbook and reference system: the queue holds so many. */
export const PENDING_CAPACITY = 64;

export class PendingOutcomes {
  readonly #horizonNs: number;
  readonly #rows = new Float64Array(PENDING_CAPACITY);
  readonly #dueNs = new Float64Array(PENDING_CAPACITY);
  #first = 0;
  #count = 0;
  #lost = 0;

  constructor(horizonNs: number) {
    this.#horizonNs = horizonNs;
  }

  /** A fill, by its row, begins to wait. */
  add(row: number, nowNs: number): void {
    if (this.#count === PENDING_CAPACITY) this.lose();
    const at = (this.#first + this.#count) % PENDING_CAPACITY;
    this.#rows[at] = row;
    this.#dueNs[at] = nowNs + this.#horizonNs;
    this.#count++;
  }

  /** When the first one is due; Infinity where none waits. */
  get nextDueNs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#dueNs[this.#first];
  }

  /** Takes the first one out; returns its row. */
  take(): number {
    const row = this.#rows[this.#first];
    this.#first = (this.#first + 1) % PENDING_CAPACITY;
    this.#count--;
    return row;
  }

  /** The first one goes without an outcome. */
  lose(): void {
    this.take();
    this.#lost++;
  }

  get count(): number {
    return this.#count;
  }

  /** Fills that never got an outcome. */
  get lost(): number {
    return this.#lost;
  }

  snapshot(): unknown {
    return {
      rows: this.#rows.slice(),
      dueNs: this.#dueNs.slice(),
      first: this.#first,
      count: this.#count,
      lost: this.#lost,
    };
  }

  restore(state: unknown): void {
    const from = state as { rows: Float64Array; dueNs: Float64Array; first: number; count: number; lost: number };
    this.#rows.set(from.rows);
    this.#dueNs.set(from.dueNs);
    this.#first = from.first;
    this.#count = from.count;
    this.#lost = from.lost;
  }
}
