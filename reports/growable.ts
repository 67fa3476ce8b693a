/** A growable column of numbers, for series of unknown length. */
export class Growable {
  #values = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The value at an index; NaN past the end. */
  at(index: number): number {
    return index < this.#length ? this.#values[index] : Number.NaN;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  pop(): void {
    if (this.#length > 0) this.#length--;
  }

  /** A copy of the values. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.#length);
  }

  /** Index of the first value greater than `ns` in a column that never falls. */
  firstAfter(ns: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#values[middle] > ns) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  snapshot(): Float64Array {
    return this.toArray();
  }

  restore(state: unknown): void {
    const values = state as Float64Array;
    this.#length = values.length;
    this.#values = new Float64Array(Math.max(64, values.length));
    this.#values.set(values);
  }
}
