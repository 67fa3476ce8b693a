/**
 * How samples of a time are distributed, in constant room: 16 classes for each doubling, so that a percentile is known to within a
 * sixteenth of its value. Adding is a few instructions.
 */

/** Samples are counted in sixteenths of their unit; below one they are told apart to that. */
const UNITS = 16;
const SUB_BITS = 4;
const SUB_MASK = 15;
/** The largest sample is 2^26 units: over a minute, in microseconds. */
const MAX_VALUE = 1 << 30;
const CLASSES = ((30 - SUB_BITS + 2) << SUB_BITS) | 0;

/** Number of the highest bit that is set, from 0. */
function topBit(word: number): number {
  return 31 - Math.clz32(word); // det-ok: ECMAScript fixes clz32 to the bit, it counts and rounds nothing
}

function classOf(scaled: number): number {
  if (scaled < UNITS) return scaled;
  const exponent = topBit(scaled);
  return ((exponent - SUB_BITS + 1) << SUB_BITS) | ((scaled >> (exponent - SUB_BITS)) & SUB_MASK);
}

/** The smallest value of a class, in sixteenths. */
function lowerBound(index: number): number {
  const octave = index >> SUB_BITS;
  return octave === 0 ? index : (UNITS | (index & SUB_MASK)) << (octave - 1);
}

export class Histogram {
  readonly #counts = new Uint32Array(CLASSES);
  #count = 0;
  #max = 0;

  /** One sample, 0 or more. */
  add(value: number): void {
    this.#counts[classOf(Math.min(MAX_VALUE, Math.floor(value * UNITS)))]++;
    this.#count++;
    if (value > this.#max) this.#max = value;
  }

  get count(): number {
    return this.#count;
  }

  /** Largest sample; 0 before any. */
  get max(): number {
    return this.#max;
  }

  /** The value at a rank, 0 to 1, evenly between the bounds of its class and never over the largest; 0 before any sample. */
  percentile(share: number): number {
    if (this.#count === 0) return 0;
    const rank = share * (this.#count - 1);
    let before = 0;
    for (let index = 0; index < CLASSES; index++) {
      const count = this.#counts[index];
      if (before + count > rank) {
        const low = lowerBound(index);
        const within = (rank - before) / count;
        return Math.min(this.#max, (low + within * (lowerBound(index + 1) - low)) / UNITS);
      }
      before += count;
    }
    return this.#max;
  }

  snapshot(): unknown {
    return { counts: this.#counts.slice(), count: this.#count, max: this.#max };
  }

  restore(state: unknown): void {
    const from = state as { counts: Uint32Array; count: number; max: number };
    this.#counts.set(from.counts);
    this.#count = from.count;
    this.#max = from.max;
  }
}
