/**
 * What is believed of the market's drift (playbook 2.4): a normal-inverse-gamma posterior over the mean and the variance of the
 * returns per square root of a second. It narrows with every observation; how narrow it is, is its confidence.
 */
import { NS_PER_S } from '../scale.ts';

/** The prior of the reference system: no drift, and a variance that hardly anything is known of. */
const PRIOR_STRENGTH = 1;
const PRIOR_SHAPE = 2;
const PRIOR_SCALE = 0.0001;

/** Returns over less than this say more of the tick than of the drift. */
const MIN_SPAN_NS = 10_000_000;
/** What was believed is let go by one part in a thousand after so many observations. */
const DECAY_EVERY = 1_000;
const DECAY_KEEP = 0.999;

export class DriftPosterior {
  #mean = 0;
  #strength = PRIOR_STRENGTH;
  #shape = PRIOR_SHAPE;
  #scale = PRIOR_SCALE;
  #observations = 0;

  /**
   * One return, a share of the price, over its span. Returns no longer than 10 ms are left out.
   * @returns whether it was taken
   */
  observe(returnShare: number, spanNs: number): boolean {
    if (!(spanNs > MIN_SPAN_NS)) return false;
    const x = returnShare / Math.sqrt(spanNs / NS_PER_S);
    const strength = this.#strength + 1;
    const off = x - this.#mean;
    this.#shape += 0.5;
    this.#scale += (0.5 * this.#strength * off * off) / strength;
    this.#mean = (this.#strength * this.#mean + x) / strength;
    this.#strength = strength;
    this.#observations++;
    if (this.#observations % DECAY_EVERY === 0) this.#keep(DECAY_KEEP);
    return true;
  }

  /** Goes back towards the prior: by nothing at 0, all the way at 1. */
  soften(share: number): void {
    this.#mean *= 1 - share;
    this.#keep(1 - share);
  }

  #keep(share: number): void {
    this.#strength = PRIOR_STRENGTH + share * (this.#strength - PRIOR_STRENGTH);
    this.#shape = PRIOR_SHAPE + share * (this.#shape - PRIOR_SHAPE);
    this.#scale = PRIOR_SCALE + share * (this.#scale - PRIOR_SCALE);
  }

  /** Expected drift, a share of the price per square root of a second: positive where the price is thought to rise. */
  get mean(): number {
    return this.#mean;
  }

  /** Expected variance of a return over one second. */
  get variance(): number {
    return this.#scale / (this.#shape - 1);
  }

  /** Variance of the drift itself. */
  get meanVariance(): number {
    return this.#scale / (this.#strength * (this.#shape - 1));
  }

  /** 1 / (1 + coefficient of variation of the drift): 0 where there is none, towards 1 where it is sure. */
  get confidence(): number {
    const size = Math.abs(this.#mean);
    return size / (size + Math.sqrt(this.meanVariance));
  }

  /** Returns taken so far. */
  get observations(): number {
    return this.#observations;
  }

  snapshot(): unknown {
    return [this.#mean, this.#strength, this.#shape, this.#scale, this.#observations];
  }

  restore(state: unknown): void {
    [this.#mean, this.#strength, this.#shape, this.#scale, this.#observations] = state as number[];
  }
}
