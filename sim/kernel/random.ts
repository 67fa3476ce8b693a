/**
 * Randomness: seedrandom's tychei, one named stream for each use (design, section 4).
 *
 * A stream is seeded by the full text of (run seed, name) alone. So neither the order in which streams are first used nor
 * the draws of others shift it: a fault that is switched off changes nobody else's luck.
 */
import tychei, { type Tychei } from 'seedrandom/lib/tychei.js';
import { exp, ln } from '../../core/math.ts';

/** Words of one stream's state. */
const WORDS = 4;

/** The generator's words. A type of our own: seedrandom brings none that a program which imports us would find. */
export interface RandomState {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** One stream of random numbers. */
export class RandomStream {
  #generator: Tychei;

  constructor(seed: string) {
    this.#generator = tychei(seed, { state: true });
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    return this.#generator.double();
  }

  /** Uniform among the integers 0 to n - 1, for 1 <= n <= 2^53. Always one draw, so that another n shifts nothing. */
  int(n: number): number {
    return Math.floor(this.#generator.double() * n);
  }

  /** Standard normal, by Marsaglia's polar method. It throws the second value away: there is nothing to keep in a snapshot. */
  normal(): number {
    const generator = this.#generator;
    for (;;) {
      const u = 2 * generator.double() - 1;
      const v = 2 * generator.double() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) return u * Math.sqrt((-2 * ln(square)) / square);
    }
  }

  /** Log-normal: half of the draws are below `median`, and `sigma` is the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    return median * exp(sigma * this.normal());
  }

  /** The generator's words. */
  state(): RandomState {
    return this.#generator.state();
  }

  /** Goes on from words that `state` gave. */
  setState(state: RandomState): void {
    this.#generator = tychei('restored', { state });
  }

  /** Starts anew. */
  reseed(seed: string): void {
    this.#generator = tychei(seed, { state: true });
  }
}

interface StreamsState {
  seed: string;
  names: string[];
  /** Four words a name. */
  words: Int32Array;
}

/** All random streams of a run. */
export class RandomStreams {
  #seed: string;
  readonly #streams = new Map<string, RandomStream>();

  /** `seed` is the run's, as text: `1` and `01` are different runs. */
  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The stream of that name: always the same object, also after a restore. */
  stream(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(this.#seedOf(name));
      this.#streams.set(name, stream);
    }
    return stream;
  }

  // NUL occurs in neither, so that no two pairs join to the same text; and the text is never empty, which
  // seedrandom would replace by entropy.
  #seedOf(name: string): string {
    return `${this.#seed}\u0000${name}`;
  }

  /** The streams used so far, by name, so that the order of first use leaves no trace. */
  snapshot(): unknown {
    const names = [...this.#streams.keys()].sort(byCodeUnits);
    const words = new Int32Array(names.length * WORDS);
    names.forEach((name, index) => {
      const { a, b, c, d } = this.stream(name).state();
      words.set([a, b, c, d], index * WORDS);
    });
    return { seed: this.#seed, names, words } satisfies StreamsState;
  }

  /** Takes a snapshot's state over. Streams that it does not know are as if never used. */
  restore(state: unknown): void {
    const { seed, names, words } = state as StreamsState;
    this.#seed = seed;
    for (const [name, stream] of this.#streams) stream.reseed(this.#seedOf(name));
    names.forEach((name, index) => {
      const [a, b, c, d] = words.subarray(index * WORDS);
      this.stream(name).setState({ a, b, c, d });
    });
  }
}

function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
