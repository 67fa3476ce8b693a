/**
 * The one memory of which fills were processed (playbook 3.3).
 *
 * Fills are told apart by trade id alone. The newest `capacity` ids are remembered and the oldest is forgotten first, so with
 * the default a fill sent again is caught while fewer than 10,000 newer ones came after it. There is no expiry by time.
 */

/** Playbook 3.3. */
export const DEFAULT_DEDUP_CAPACITY = 10_000;

export class FillDeduplicator {
  readonly #capacity: number;
  readonly #seen = new Set<number>();
  /** Ids in the order of their arrival: a ring that starts at `#oldest` once it is full. */
  readonly #ring: Float64Array;
  #oldest = 0;

  /** `capacity`: how many ids are remembered, 1 or more. */
  constructor(capacity: number = DEFAULT_DEDUP_CAPACITY) {
    this.#capacity = capacity;
    this.#ring = new Float64Array(capacity);
  }

  /** Whether an id was processed already, as far as that is remembered. Changes nothing. */
  isDuplicate(tid: number): boolean {
    return this.#seen.has(tid);
  }

  /** Remembers an id. False: it was processed already, and nothing changes. */
  markProcessed(tid: number): boolean {
    if (this.#seen.has(tid)) return false;
    const size = this.#seen.size;
    if (size < this.#capacity) {
      this.#ring[size] = tid;
    } else {
      this.#seen.delete(this.#ring[this.#oldest]);
      this.#ring[this.#oldest] = tid;
      this.#oldest = (this.#oldest + 1) % this.#capacity;
    }
    this.#seen.add(tid);
    return true;
  }

  /** The ids, oldest first. */
  snapshot(): unknown {
    const size = this.#seen.size;
    const tids = new Float64Array(size);
    for (let i = 0; i < size; i++) tids[i] = this.#ring[(this.#oldest + i) % this.#capacity];
    return tids;
  }

  restore(state: unknown): void {
    const tids = state as Float64Array;
    this.#seen.clear();
    this.#oldest = 0;
    this.#ring.set(tids);
    for (const tid of tids) this.#seen.add(tid);
  }
}
