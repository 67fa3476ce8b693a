/**
 * A hidden Markov model of the regime (playbook 4.5): four states, quiet to cascade, each with returns as wide as it is wild.
 *
 * The filter takes one return in constant time and gives the four probabilities. Fitting the model goes over a whole buffer of
 * returns and is never done on the way of a message: `recalibrationDue` says when it is time, and whoever schedules the
 * core's idle work calls `recalibrate`. Between two recalibrations the filter goes on with what it has.
 */
import { exp } from '../math.ts';

export interface HmmSettings {
  /** Returns that are kept for fitting. */
  bufferSize: number;
  /** A recalibration is due after so many returns. */
  recalibrateEvery: number;
}

export const DEFAULT_HMM: HmmSettings = {
  // Playbook 4.5, and the reference system's period.
  bufferSize: 2_000,
  recalibrateEvery: 500,
};

/** Number of regimes: `REGIMES` of estimator/regime.ts, in its order. */
export const HMM_STATES = 4;
/** Before any fit: width of each state's returns in units of the long-run volatility, on either side of the classifier's bounds. */
const INITIAL_WIDTHS: readonly number[] = [0.4, 1, 2, 4];
/** A fitted width stays within this factor of its first value: the states keep their meaning and their order. */
const WIDTH_RANGE = 1.35;
/** Chance of staying in a state from one return to the next, before any fit and at least and at most after it. */
const INITIAL_STAY = 0.98;
const MIN_STAY = 0.8;
const MAX_STAY = 0.998;
/** Beyond three widths of the widest state a return says no more. */
const MAX_DEVIATIONS = 12;

export class Hmm {
  readonly #settings: HmmSettings;
  readonly #probabilities: Float64Array;
  readonly #prior: Float64Array;
  readonly #widths: Float64Array;
  /** Chance of going from a state (row) to another (column). */
  readonly #transitions = new Float64Array(HMM_STATES * HMM_STATES);
  /** The newest returns: a ring. */
  readonly #returns: Float64Array;
  #observations = 0;
  #calibratedAt = 0;
  /** Forward probabilities of a fit, and scratch of the filter. */
  readonly #forward: Float64Array;
  readonly #likelihoods = new Float64Array(HMM_STATES);
  readonly #next = new Float64Array(HMM_STATES);

  /** `prior`: probabilities of the four regimes before anything is seen. */
  constructor(settings: HmmSettings, prior: readonly number[]) {
    this.#settings = settings;
    this.#prior = Float64Array.from(prior);
    this.#probabilities = this.#prior.slice();
    this.#widths = Float64Array.from(INITIAL_WIDTHS);
    this.#returns = new Float64Array(settings.bufferSize);
    this.#forward = new Float64Array(settings.bufferSize * HMM_STATES);
    for (let from = 0; from < HMM_STATES; from++) {
      for (let to = 0; to < HMM_STATES; to++) {
        this.#transitions[from * HMM_STATES + to] = from === to ? INITIAL_STAY : (1 - INITIAL_STAY) / (HMM_STATES - 1);
      }
    }
  }

  /** Probabilities of the four regimes; they sum to 1. Read it, do not change it. */
  get probabilities(): Float64Array {
    return this.#probabilities;
  }

  /** Width of each state's returns. */
  get widths(): Float64Array {
    return this.#widths;
  }

  /** One return in units of the long-run volatility. */
  observe(deviations: number): void {
    const z = Math.min(MAX_DEVIATIONS, Math.max(-MAX_DEVIATIONS, deviations));
    this.#returns[this.#observations % this.#settings.bufferSize] = z;
    this.#observations++;
    this.#step(this.#probabilities, z);
  }

  /** Moves probabilities on by one return. */
  #step(probabilities: Float64Array, z: number): void {
    const next = this.#next;
    const transitions = this.#transitions;
    this.#likelihoodsOf(z);
    let total = 0;
    for (let to = 0; to < HMM_STATES; to++) {
      let reached = 0;
      for (let from = 0; from < HMM_STATES; from++) {
        reached += probabilities[from] * transitions[from * HMM_STATES + to];
      }
      next[to] = reached * this.#likelihoods[to];
      total += next[to];
    }
    for (let state = 0; state < HMM_STATES; state++) probabilities[state] = next[state] / total;
  }

  #likelihoodsOf(z: number): void {
    for (let state = 0; state < HMM_STATES; state++) {
      const width = this.#widths[state];
      this.#likelihoods[state] = exp((-0.5 * z * z) / (width * width)) / width;
    }
  }

  /** Goes back towards the prior: by nothing at 0, all the way at 1. */
  soften(share: number): void {
    for (let state = 0; state < HMM_STATES; state++) {
      this.#probabilities[state] += share * (this.#prior[state] - this.#probabilities[state]);
    }
  }

  /** Whether enough has been seen since the last fit to make another one. */
  get recalibrationDue(): boolean {
    return this.#observations - this.#calibratedAt >= this.#settings.recalibrateEvery;
  }

  /**
   * Fits widths and transitions to the buffer: one pass of Baum and Welch's algorithm.
   * @returns how many returns it went over: what its cost is declared by
   */
  recalibrate(): number {
    this.#calibratedAt = this.#observations;
    const { bufferSize } = this.#settings;
    const count = Math.min(this.#observations, bufferSize);
    const first = this.#observations - count;
    this.#runForward(first, count);
    this.#runBackward(first, count);
    return count;
  }

  #runForward(first: number, count: number): void {
    const current = this.#prior.slice();
    for (let row = 0; row < count; row++) {
      this.#step(current, this.#returns[(first + row) % this.#settings.bufferSize]);
      this.#forward.set(current, row * HMM_STATES);
    }
  }

  /** Goes back from the newest return, adds up how much each state and each step was there, and takes the model from that. */
  #runBackward(first: number, count: number): void {
    const seen = new Float64Array(HMM_STATES);
    const squares = new Float64Array(HMM_STATES);
    const steps = new Float64Array(HMM_STATES * HMM_STATES);
    const pair = new Float64Array(HMM_STATES * HMM_STATES);
    let after = new Float64Array(HMM_STATES).fill(1);
    for (let row = count - 1; row >= 0; row--) {
      const z = this.#returns[(first + row) % this.#settings.bufferSize];
      const at = row * HMM_STATES;
      let total = 0;
      for (let state = 0; state < HMM_STATES; state++) total += this.#forward[at + state] * after[state];
      for (let state = 0; state < HMM_STATES; state++) {
        const share = (this.#forward[at + state] * after[state]) / total;
        seen[state] += share;
        squares[state] += share * z * z;
      }
      if (row > 0) after = this.#before(row, z, after, pair, steps);
    }
    this.#take(seen, squares, steps);
  }

  /** One step back: adds the step's shares to `steps`, and gives the backward probabilities of the row before. */
  #before(
    row: number,
    z: number,
    after: Float64Array<ArrayBuffer>,
    pair: Float64Array,
    steps: Float64Array,
  ): Float64Array<ArrayBuffer> {
    const before = new Float64Array(HMM_STATES);
    this.#likelihoodsOf(z);
    const at = (row - 1) * HMM_STATES;
    let total = 0;
    let scale = 0;
    for (let from = 0; from < HMM_STATES; from++) {
      for (let to = 0; to < HMM_STATES; to++) {
        const ahead = this.#transitions[from * HMM_STATES + to] * this.#likelihoods[to] * after[to];
        before[from] += ahead;
        pair[from * HMM_STATES + to] = this.#forward[at + from] * ahead;
        total += pair[from * HMM_STATES + to];
      }
      scale += before[from];
    }
    for (let index = 0; index < pair.length; index++) steps[index] += pair[index] / total;
    for (let state = 0; state < HMM_STATES; state++) before[state] /= scale;
    return before;
  }

  #take(seen: Float64Array, squares: Float64Array, steps: Float64Array): void {
    for (let from = 0; from < HMM_STATES; from++) {
      const initial = INITIAL_WIDTHS[from];
      if (seen[from] > 1) {
        const width = Math.sqrt(squares[from] / seen[from]);
        this.#widths[from] = Math.min(initial * WIDTH_RANGE, Math.max(initial / WIDTH_RANGE, width));
      }
      let left = 0;
      for (let to = 0; to < HMM_STATES; to++) left += steps[from * HMM_STATES + to];
      if (left <= 1) continue;
      const stay = Math.min(MAX_STAY, Math.max(MIN_STAY, steps[from * HMM_STATES + from] / left));
      for (let to = 0; to < HMM_STATES; to++) {
        this.#transitions[from * HMM_STATES + to] = to === from ? stay : (1 - stay) / (HMM_STATES - 1);
      }
    }
  }

  snapshot(): unknown {
    return {
      probabilities: this.#probabilities.slice(),
      widths: this.#widths.slice(),
      transitions: this.#transitions.slice(),
      returns: this.#returns.slice(0, Math.min(this.#observations, this.#settings.bufferSize)),
      observations: this.#observations,
      calibratedAt: this.#calibratedAt,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      probabilities: Float64Array;
      widths: Float64Array;
      transitions: Float64Array;
      returns: Float64Array;
      observations: number;
      calibratedAt: number;
    };
    this.#probabilities.set(from.probabilities);
    this.#widths.set(from.widths);
    this.#transitions.set(from.transitions);
    this.#returns.set(from.returns);
    this.#observations = from.observations;
    this.#calibratedAt = from.calibratedAt;
  }
}
