/** A wait that grows with every failure in a row and is forgotten with the first success (playbook 1.1). */

export class Backoff {
  readonly #initialNs: number;
  readonly #factor: number;
  readonly #maxNs: number;
  readonly #maxGrowths: number;
  #errors = 0;
  #untilNs = 0;

  /** The wait is `initialNs`, times `factor` for each failure after the first, at most `maxGrowths` times and `maxNs`. */
  constructor(initialNs: number, factor: number, maxNs: number, maxGrowths: number = Number.POSITIVE_INFINITY) {
    this.#initialNs = initialNs;
    this.#factor = factor;
    this.#maxNs = maxNs;
    this.#maxGrowths = maxGrowths;
  }

  /** Failures in a row. */
  get errors(): number {
    return this.#errors;
  }

  /** When the wait is over; 0 before any failure. */
  get untilNs(): number {
    return this.#untilNs;
  }

  isRunning(nowNs: number): boolean {
    return nowNs < this.#untilNs;
  }

  /** One more failure; `jitter` is multiplied onto the wait. */
  failed(nowNs: number, jitter: number): void {
    let waitNs = this.#initialNs;
    for (let growth = 0; growth < this.#errors && growth < this.#maxGrowths && waitNs < this.#maxNs; growth++) {
      waitNs *= this.#factor;
    }
    this.#errors++;
    this.#untilNs = nowNs + Math.round(Math.min(waitNs, this.#maxNs) * jitter);
  }

  reset(): void {
    this.#errors = 0;
    this.#untilNs = 0;
  }

  snapshot(): unknown {
    return [this.#errors, this.#untilNs];
  }

  restore(state: unknown): void {
    [this.#errors, this.#untilNs] = state as [number, number];
  }
}
