/**
 * Whether the market has just become another one: Bayesian online change-point detection (Adams and MacKay, 2007) on returns in
 * units of their volatility. Each run length has its mean so far; a return that all long runs find unlikely moves the
 * weight to the short ones.
 *
 * At the start the weight is spread over all run lengths: with all of it on the shortest the first ticks were a change-point for
 * sure (incident I-39). And a change counts only once it has held for a few returns in a row: without that beliefs were
 * thrown away every other minute (incident I-22).
 */
import { exp } from '../math.ts';

/** Run lengths that are told apart; the last one stands for all longer ones. */
const RUNS = 64;
/** Chance of a change with any one return: one in two minutes of samples. */
const HAZARD = 1 / 250;
/** A run this long or shorter is a new one. */
const NEW_RUN = 5;
/** Variance of a new run's mean, in units of the returns' own variance. */
const PRIOR_VARIANCE = 10;
/** Confirmations, of incident I-22. */
const CONFIRMATIONS = 3;
/** A return beyond this many standard deviations says no more than one of this many: returns have fat tails, and one leap is no change. */
const MAX_DEVIATIONS = 4;

export class ChangePoint {
  readonly #threshold: number;
  readonly #weights = new Float64Array(RUNS);
  readonly #means = new Float64Array(RUNS);
  readonly #counts = new Float64Array(RUNS);
  #confirmed = 0;

  /** `threshold`: a change is likely from this probability on, exclusive. */
  constructor(threshold: number) {
    this.#threshold = threshold;
    this.#spread();
  }

  #spread(): void {
    for (let run = 0; run < RUNS; run++) {
      this.#weights[run] = 1 / RUNS;
      this.#means[run] = 0;
      this.#counts[run] = run;
    }
    this.#confirmed = 0;
  }

  /**
   * One return in units of its volatility.
   * @returns whether a change has been confirmed just now; everything before it is forgotten then
   */
  observe(deviations: number): boolean {
    const z = Math.min(MAX_DEVIATIONS, Math.max(-MAX_DEVIATIONS, deviations));
    this.#grow(z);
    this.#confirmed = this.probability > this.#threshold ? this.#confirmed + 1 : 0;
    if (this.#confirmed < CONFIRMATIONS) return false;
    this.#spread();
    return true;
  }

  #grow(z: number): void {
    const weights = this.#weights;
    const means = this.#means;
    const counts = this.#counts;
    let total = 0;
    for (let run = 0; run < RUNS; run++) {
      const count = counts[run];
      const variance = 1 + PRIOR_VARIANCE / (1 + PRIOR_VARIANCE * count);
      const off = z - means[run];
      weights[run] *= exp((-0.5 * off * off) / variance) / Math.sqrt(variance);
      total += weights[run];
      // The mean with this return; the prior's mean is 0 and counts for a tenth of a return.
      means[run] += off / (count + 1 + 1 / PRIOR_VARIANCE);
    }
    // All runs grow by one; what is longer than the longest joins it.
    const last = RUNS - 1;
    const joined = weights[last] + weights[last - 1];
    if (joined > 0) means[last] = (weights[last] * means[last] + weights[last - 1] * means[last - 1]) / joined;
    weights[last] = (joined * (1 - HAZARD)) / total;
    for (let run = last - 1; run > 0; run--) {
      weights[run] = (weights[run - 1] * (1 - HAZARD)) / total;
      means[run] = means[run - 1];
    }
    weights[0] = HAZARD;
    means[0] = 0;
  }

  /** Probability that the present run is a new one. */
  get probability(): number {
    let sum = 0;
    for (let run = 0; run <= NEW_RUN; run++) sum += this.#weights[run];
    return sum;
  }

  snapshot(): unknown {
    return { weights: this.#weights.slice(), means: this.#means.slice(), confirmed: this.#confirmed };
  }

  restore(state: unknown): void {
    const from = state as { weights: Float64Array; means: Float64Array; confirmed: number };
    this.#weights.set(from.weights);
    this.#means.set(from.means);
    this.#confirmed = from.confirmed;
  }
}
