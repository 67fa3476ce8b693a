/**
 * How much a signal tells of the return that follows it (playbook 4.5): the mutual information of the two, held against what
 * the same numbers give where they have nothing to do with each other. From that comes the signal's weight.
 *
 * That null distribution is made by shifting the returns against the signals, a round for each shift, which costs rounds times
 * the buffer. So it is made on a logarithmic schedule, at 200, 400, 800 … observations, by whoever schedules the core's idle
 * work: never on the way of a message. No randomness is needed for it, and a shift keeps what each series is by itself.
 */
import { ln } from '../math.ts';

export interface MutualInformationSettings {
  /** Pairs of signal and return that are kept. */
  bufferSize: number;
  /** The null distribution is made after so many pairs, and each time their number has doubled. */
  firstNullAt: number;
  /** Shifts that a null distribution is made of. */
  nullRounds: number;
  /** Weight of a signal before the first null distribution. */
  initialWeight: number;
}

export const DEFAULT_MUTUAL_INFORMATION: MutualInformationSettings = {
  // Eight minutes of samples.
  bufferSize: 1_000,
  // Playbook 4.5 names the logarithmic schedule, the reference system where it begins.
  firstNullAt: 200,
  // The least for which the largest of them is the 95th percentile.
  nullRounds: 19,
  // Half-trusted: neither known to tell something nor known not to.
  initialWeight: 0.5,
};

/** Each of the two is told apart in so many classes, as even as its values allow. */
const BINS = 4;

export class MutualInformation {
  readonly #settings: MutualInformationSettings;
  readonly #signals: Float64Array;
  readonly #returns: Float64Array;
  #pairs = 0;
  #nextNullAt: number;
  #weight: number;
  /** Scratch of a calculation. */
  readonly #signalBins: Uint8Array;
  readonly #returnBins: Uint8Array;
  readonly #joint = new Float64Array(BINS * BINS);

  constructor(settings: MutualInformationSettings) {
    this.#settings = settings;
    this.#signals = new Float64Array(settings.bufferSize);
    this.#returns = new Float64Array(settings.bufferSize);
    this.#signalBins = new Uint8Array(settings.bufferSize);
    this.#returnBins = new Uint8Array(settings.bufferSize);
    this.#nextNullAt = Math.max(1, settings.firstNullAt);
    this.#weight = settings.initialWeight;
  }

  /** What a signal said, and the return that followed. */
  observe(signal: number, followingReturn: number): void {
    const at = this.#pairs % this.#settings.bufferSize;
    this.#signals[at] = signal;
    this.#returns[at] = followingReturn;
    this.#pairs++;
  }

  /** 0: the signal tells nothing, or points the wrong way; 1: it tells more than any null round. */
  get weight(): number {
    return this.#weight;
  }

  /** Pairs seen so far. */
  get pairs(): number {
    return this.#pairs;
  }

  get recalibrationDue(): boolean {
    return this.#pairs >= this.#nextNullAt;
  }

  /**
   * Makes the null distribution and takes the weight from it, once there are enough pairs for that.
   * @returns pairs gone over in all rounds: what its cost is declared by
   */
  recalibrate(): number {
    if (this.#pairs < this.#settings.firstNullAt) return 0;
    while (this.#nextNullAt <= this.#pairs) this.#nextNullAt *= 2;
    const { bufferSize, nullRounds } = this.#settings;
    const count = Math.min(this.#pairs, bufferSize);
    classify(this.#signals, count, this.#signalBins);
    classify(this.#returns, count, this.#returnBins);
    const information = this.#information(count, 0);
    let sum = 0;
    let largest = 0;
    for (let round = 1; round <= nullRounds; round++) {
      const value = this.#information(count, Math.floor((round * count) / (nullRounds + 1)));
      sum += value;
      largest = Math.max(largest, value);
    }
    const mean = sum / nullRounds;
    const pointsRight = this.#covariance(count) > 0;
    this.#weight =
      pointsRight && information > mean ? Math.min(1, (information - mean) / Math.max(1e-12, largest - mean)) : 0;
    return count * (nullRounds + 1);
  }

  /** Mutual information, nats, with the returns moved on by `shift` places. */
  #information(count: number, shift: number): number {
    const joint = this.#joint.fill(0);
    for (let at = 0; at < count; at++) {
      joint[this.#signalBins[at] * BINS + this.#returnBins[(at + shift) % count]]++;
    }
    let sum = 0;
    for (let signal = 0; signal < BINS; signal++) {
      for (let bin = 0; bin < BINS; bin++) {
        const both = joint[signal * BINS + bin];
        if (both > 0) sum += both * ln((both * count) / (rowSum(joint, signal) * columnSum(joint, bin)));
      }
    }
    return sum / count;
  }

  #covariance(count: number): number {
    let signal = 0;
    let following = 0;
    let both = 0;
    for (let at = 0; at < count; at++) {
      signal += this.#signals[at];
      following += this.#returns[at];
      both += this.#signals[at] * this.#returns[at];
    }
    return both - (signal * following) / count;
  }

  snapshot(): unknown {
    const count = Math.min(this.#pairs, this.#settings.bufferSize);
    return {
      signals: this.#signals.slice(0, count),
      returns: this.#returns.slice(0, count),
      pairs: this.#pairs,
      nextNullAt: this.#nextNullAt,
      weight: this.#weight,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      signals: Float64Array;
      returns: Float64Array;
      pairs: number;
      nextNullAt: number;
      weight: number;
    };
    this.#signals.set(from.signals);
    this.#returns.set(from.returns);
    this.#pairs = from.pairs;
    this.#nextNullAt = from.nextNullAt;
    this.#weight = from.weight;
  }
}

/** Puts each value into one of `BINS` classes, by the quantiles of all. Equal values are of one class. */
function classify(values: Float64Array, count: number, bins: Uint8Array): void {
  const sorted = values.slice(0, count).sort((a, b) => a - b);
  for (let at = 0; at < count; at++) {
    let bin = 0;
    while (bin < BINS - 1 && values[at] > sorted[Math.floor(((bin + 1) * (count - 1)) / BINS)]) bin++;
    bins[at] = bin;
  }
}

function rowSum(joint: Float64Array, row: number): number {
  let sum = 0;
  for (let column = 0; column < BINS; column++) sum += joint[row * BINS + column];
  return sum;
}

function columnSum(joint: Float64Array, column: number): number {
  let sum = 0;
  for (let row = 0; row < BINS; row++) sum += joint[row * BINS + column];
  return sum;
}
