/**
 * What all instruments of a synthetic market share: the common part of their price changes, the jumps that they make
 * together, and the regime of volatility. It moves on a grid of 50 ms.
 *
 * The instruments are advanced one after the other, each to the same time. The steps are therefore kept for a while: they
 * are drawn when the first instrument asks and read by the others.
 */
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import type { RandomStream } from '../kernel/random.ts';
import { exponential } from './draws.ts';
import type { PriceParameters } from './parameters.ts';

/** Length of a step of the latent prices. */
export const STEP_NS = 50 * NS_PER_MS;
/** Steps that are kept: those of 3.2 s. */
const KEPT_STEPS = 64;
/** No instrument may be so far ahead of another that a step is gone before all have read it. */
export const MAX_ADVANCE_NS = STEP_NS * (KEPT_STEPS / 2);

interface State {
  next: number;
  active: boolean;
  normals: Float64Array;
  jumpsBps: Float64Array;
  volatilities: Float64Array;
}

export class CommonFactor {
  readonly #random: RandomStream;
  readonly #parameters: PriceParameters;
  readonly #quiet: number;
  readonly #normals = new Float64Array(KEPT_STEPS);
  readonly #jumpsBps = new Float64Array(KEPT_STEPS);
  readonly #volatilities = new Float64Array(KEPT_STEPS);
  /** The step that is drawn next. */
  #next: number;
  #active = false;

  /** The first step is the one at `fromNs`, or the next on the grid. */
  constructor(parameters: PriceParameters, random: RandomStream, fromNs: number) {
    this.#parameters = parameters;
    this.#random = random;
    this.#next = Math.ceil(fromNs / STEP_NS);
    const { activeFactor, activeMeanS, quietMeanS } = parameters;
    const activeShare = activeMeanS / (activeMeanS + quietMeanS);
    this.#quiet = 1 / Math.sqrt(1 - activeShare + activeShare * activeFactor * activeFactor);
  }

  /** Index of a step in the columns; all steps up to it are drawn. */
  #at(step: number): number {
    while (this.#next <= step) this.#draw(this.#next++ % KEPT_STEPS);
    return step % KEPT_STEPS;
  }

  #draw(at: number): void {
    const random = this.#random;
    const { activeFactor, activeMeanS, quietMeanS, jumpsPerS, jumpMeanBps, commonShare } = this.#parameters;
    const seconds = STEP_NS / NS_PER_S;
    if (random.next() < seconds / (this.#active ? activeMeanS : quietMeanS)) this.#active = !this.#active;
    this.#volatilities[at] = this.#quiet * (this.#active ? activeFactor : 1);
    this.#normals[at] = random.normal();
    const jumps = random.next() < jumpsPerS * commonShare * seconds;
    this.#jumpsBps[at] = jumps ? signed(random, exponential(random, jumpMeanBps)) : 0;
  }

  /** The common standard normal of a step. */
  normal(step: number): number {
    return this.#normals[this.#at(step)];
  }

  /** The jump that all make at a step, bps; 0 for nearly all steps. */
  jumpBps(step: number): number {
    return this.#jumpsBps[this.#at(step)];
  }

  /** Volatility of a step by the usual one. */
  volatility(step: number): number {
    return this.#volatilities[this.#at(step)];
  }

  snapshot(): unknown {
    const state: State = {
      next: this.#next,
      active: this.#active,
      normals: this.#normals.slice(),
      jumpsBps: this.#jumpsBps.slice(),
      volatilities: this.#volatilities.slice(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#next = state.next;
    this.#active = state.active;
    this.#normals.set(state.normals);
    this.#jumpsBps.set(state.jumpsBps);
    this.#volatilities.set(state.volatilities);
  }
}

/** The value with a sign drawn for it. */
export function signed(random: RandomStream, value: number): number {
  return random.next() < 0.5 ? value : -value;
}
