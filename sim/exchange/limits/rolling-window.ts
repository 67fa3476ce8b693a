/**
 * The sum of amounts over the last so many nanoseconds. An amount counts from its own moment on and no more when exactly
 * the window's length has passed. Adding and asking cost O(1) amortised; the ring is made larger only when it is full.
 */

const FIRST_CAPACITY = 64;

interface State {
  atNs: Float64Array;
  amounts: Float64Array;
}

export class RollingWindow {
  readonly #windowNs: number;
  #atNs = new Float64Array(FIRST_CAPACITY);
  #amounts = new Float64Array(FIRST_CAPACITY);
  /** Place of the oldest amount, and how many there are. */
  #first = 0;
  #count = 0;
  #sum = 0;

  constructor(windowNs: number) {
    this.#windowNs = windowNs;
  }

  /** What was added in the window that ends now. `nowNs` never goes back. */
  sum(nowNs: number): number {
    const edgeNs = nowNs - this.#windowNs;
    while (this.#count > 0 && this.#atNs[this.#first] <= edgeNs) {
      this.#sum -= this.#amounts[this.#first];
      this.#first = (this.#first + 1) % this.#atNs.length;
      this.#count--;
    }
    return this.#sum;
  }

  /** Adds a whole number. */
  add(nowNs: number, amount: number): void {
    this.sum(nowNs);
    if (this.#count === this.#atNs.length) this.#grow();
    const at = (this.#first + this.#count) % this.#atNs.length;
    this.#atNs[at] = nowNs;
    this.#amounts[at] = amount;
    this.#count++;
    this.#sum += amount;
  }

  #grow(): void {
    const { atNs, amounts } = this.#inOrder();
    this.#atNs = new Float64Array(2 * atNs.length);
    this.#amounts = new Float64Array(2 * atNs.length);
    this.#atNs.set(atNs);
    this.#amounts.set(amounts);
    this.#first = 0;
  }

  /** Oldest first. */
  #inOrder(): State {
    const at = (index: number) => (this.#first + index) % this.#atNs.length;
    return {
      atNs: Float64Array.from({ length: this.#count }, (_, index) => this.#atNs[at(index)]),
      amounts: Float64Array.from({ length: this.#count }, (_, index) => this.#amounts[at(index)]),
    };
  }

  snapshot(): unknown {
    return this.#inOrder();
  }

  restore(from: unknown): void {
    const { atNs, amounts } = from as State;
    this.#first = 0;
    this.#count = 0;
    this.#sum = 0;
    for (let index = 0; index < atNs.length; index++) this.add(atNs[index], amounts[index]);
  }
}
