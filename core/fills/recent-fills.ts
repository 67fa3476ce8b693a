/**
 * The newest fills by the time of their matching, so that a position can be told as it was a moment ago: what the exchange said
 * of it then is compared with what was known of then, and not of now (playbook 3.4).
 */

/** More fills than come in the seconds that a picture of the account may lag behind, even where a whole ladder is swept. */
const CAPACITY = 256;

export class RecentFills {
  /** A ring: exchange time and signed size of the fill. */
  readonly #exchNs = new Float64Array(CAPACITY);
  readonly #signedLots = new Float64Array(CAPACITY);
  #next = 0;
  #count = 0;
  /** Newest exchange time of a fill that was forgotten. */
  #forgottenNs = Number.NEGATIVE_INFINITY;

  add(exchNs: number, signedLots: number): void {
    if (this.#count === CAPACITY) this.#forgottenNs = Math.max(this.#forgottenNs, this.#exchNs[this.#next]);
    else this.#count++;
    this.#exchNs[this.#next] = exchNs;
    this.#signedLots[this.#next] = signedLots;
    this.#next = (this.#next + 1) % CAPACITY;
  }

  /** Signed sum of the fills matched after a time; null where some of them may be forgotten. */
  lotsAfter(exchNs: number): number | null {
    if (this.#forgottenNs > exchNs) return null;
    let lots = 0;
    for (let index = 0; index < this.#count; index++) {
      if (this.#exchNs[index] > exchNs) lots += this.#signedLots[index];
    }
    return lots;
  }

  snapshot(): unknown {
    return {
      exchNs: this.#exchNs.slice(),
      signedLots: this.#signedLots.slice(),
      next: this.#next,
      count: this.#count,
      forgottenNs: this.#forgottenNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      exchNs: Float64Array;
      signedLots: Float64Array;
      next: number;
      count: number;
      forgottenNs: number;
    };
    this.#exchNs.set(from.exchNs);
    this.#signedLots.set(from.signedLots);
    this.#next = from.next;
    this.#count = from.count;
    this.#forgottenNs = from.forgottenNs;
  }
}
