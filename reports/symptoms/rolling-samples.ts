/**
 * Samples of the trailing time, each with flags that say what was wrong with it, and how many there are with each flag. A
 * sample of time s is in a window of length w from s to s + w, that moment excluded.
 *
 * A ring that grows; samples come in time order. They leave when `expire` is called, or when room is needed, so that adding one
 * costs next to nothing.
 */

interface RollingState {
  atNs: Float64Array;
  flags: Uint8Array;
}

/** Flags are the lowest bits of a number; there are at most three. */
const FLAGS = 3;

export class RollingSamples {
  readonly #windowNs: number;
  #atNs = new Float64Array(64);
  #flags = new Uint8Array(64);
  #first = 0;
  #count = 0;
  /** By flag. */
  readonly #flagged = new Float64Array(FLAGS);

  constructor(windowNs: number) {
    this.#windowNs = windowNs;
  }

  add(atNs: number, flags: number): void {
    if (this.#count === this.#atNs.length) {
      this.expire(atNs);
      if (this.#count > this.#atNs.length / 2) this.#grow();
    }
    const index = (this.#first + this.#count) & (this.#atNs.length - 1);
    this.#atNs[index] = atNs;
    this.#flags[index] = flags;
    this.#count++;
    if (flags !== 0) this.#tally(flags, 1);
  }

  #tally(flags: number, by: number): void {
    for (let flag = 0; flag < FLAGS; flag++) if ((flags & (1 << flag)) !== 0) this.#flagged[flag] += by;
  }

  #grow(): void {
    const { atNs, flags } = this.#live();
    this.#atNs = new Float64Array(this.#atNs.length * 2);
    this.#flags = new Uint8Array(this.#flags.length * 2);
    this.#atNs.set(atNs);
    this.#flags.set(flags);
    this.#first = 0;
  }

  /** Lets go of what has left the window at a time. */
  expire(nowNs: number): void {
    const mask = this.#atNs.length - 1;
    while (this.#count > 0 && this.#atNs[this.#first] + this.#windowNs <= nowNs) {
      const flags = this.#flags[this.#first];
      if (flags !== 0) this.#tally(flags, -1);
      this.#first = (this.#first + 1) & mask;
      this.#count--;
    }
  }

  /** Samples that have not been let go of. */
  get count(): number {
    return this.#count;
  }

  /** Those of them with a flag, by the flag's bit number. */
  flagged(flag: number): number {
    return this.#flagged[flag];
  }

  /** Whether any of them has a flag. */
  get hasFlagged(): boolean {
    return this.#flagged[0] > 0 || this.#flagged[1] > 0 || this.#flagged[2] > 0;
  }

  /** When the oldest of them leaves the window; Infinity where there is none. */
  get nextExpiryNs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#atNs[this.#first] + this.#windowNs;
  }

  #live(): RollingState {
    const mask = this.#atNs.length - 1;
    const indices = Array.from({ length: this.#count }, (_, index) => (this.#first + index) & mask);
    return {
      atNs: Float64Array.from(indices, index => this.#atNs[index]),
      flags: Uint8Array.from(indices, index => this.#flags[index]),
    };
  }

  /** Without what has left the window by the time of the newest sample, whenever that happened to be noticed. */
  snapshot(): unknown {
    if (this.#count > 0) {
      const newest = (this.#first + this.#count - 1) & (this.#atNs.length - 1);
      this.expire(this.#atNs[newest]);
    }
    return this.#live() satisfies RollingState;
  }

  restore(state: unknown): void {
    const { atNs, flags } = state as RollingState;
    this.#first = 0;
    this.#count = 0;
    this.#flagged.fill(0);
    for (let index = 0; index < atNs.length; index++) this.add(atNs[index], flags[index]);
  }
}
