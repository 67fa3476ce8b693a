/**
 * The latent fair price of one instrument: a random walk with regimes of volatility and jumps, partly its own and partly
 * common to all, moved for good by what takers buy and sell, and on top of it a swing that comes and goes. Nobody sees it
 * but the background's participants, who quote and trade towards it.
 */
import { exp } from '../../core/math.ts';
import { BPS, NS_PER_S } from '../../core/scale.ts';
import type { RandomStream } from '../kernel/random.ts';
import { type CommonFactor, STEP_NS, signed } from './common-factor.ts';
import { Displacements } from './displacements.ts';
import { exponential } from './draws.ts';
import type { EventCourse } from './event-course.ts';
import type { PriceParameters } from './parameters.ts';

/** No single step moves it by more, so that it stays positive whatever the parameters. */
const MAX_STEP_BPS = 1_000;

interface State {
  lastingTicks: number;
  swingBps: number;
  displacements: readonly number[];
  step: number;
}

export class LatentPrice {
  readonly #parameters: PriceParameters;
  readonly #volatilityFactor: number;
  readonly #common: CommonFactor;
  readonly #course: EventCourse;
  readonly #random: RandomStream;
  #step: number;
  /** The price without the swing, and the swing. */
  #lastingTicks: number;
  #swingBps = 0;
  /** Where faults hold it. */
  readonly #displacements = new Displacements();
  /** Share of the swing that is left after a step, and the deviation of what is added to it. */
  readonly #swingKept: number;
  readonly #swingAddedBps: number;

  constructor(
    parameters: PriceParameters,
    volatilityFactor: number,
    startTicks: number,
    fromNs: number,
    common: CommonFactor,
    course: EventCourse,
    random: RandomStream,
  ) {
    this.#lastingTicks = startTicks;
    this.#parameters = parameters;
    this.#volatilityFactor = volatilityFactor;
    this.#common = common;
    this.#course = course;
    this.#random = random;
    this.#step = Math.ceil(fromNs / STEP_NS);
    const kept = exp(-STEP_NS / NS_PER_S / parameters.swingMemoryS);
    this.#swingKept = kept;
    this.#swingAddedBps = parameters.swingBps * Math.sqrt(1 - kept * kept);
  }

  /** The fair price, not a whole number. */
  get ticks(): number {
    return this.#lastingTicks * (1 + (this.#volatilityFactor * this.#swingBps) / BPS) * this.#displacements.factor;
  }

  /** By what factor faults hold it from where it would be by itself; 1: there. */
  get displacedBy(): number {
    return this.#displacements.factor;
  }

  /** From now on a fault holds it so far from where it would be without that, as a share; 0: no longer. */
  displace(fault: number, share: number): void {
    this.#displacements.set(fault, share);
  }

  /** When it moves next. */
  get nextNs(): number {
    return this.#step * STEP_NS;
  }

  /** Makes the next step. */
  move(): void {
    const random = this.#random;
    const step = this.#step++;
    const { volatilityBpsPerSqrtS, jumpsPerS, jumpMeanBps, commonShare } = this.#parameters;
    const seconds = STEP_NS / NS_PER_S;
    const common = this.#common;
    const normal = Math.sqrt(commonShare) * common.normal(step) + Math.sqrt(1 - commonShare) * random.normal();
    const jumps = random.next() < jumpsPerS * (1 - commonShare) * seconds;
    const jumpBps = common.jumpBps(step) + (jumps ? signed(random, exponential(random, jumpMeanBps)) : 0);
    if (this.#swingAddedBps > 0) {
      this.#swingBps = this.#swingKept * this.#swingBps + this.#swingAddedBps * random.normal();
    }
    const diffusionBps = volatilityBpsPerSqrtS * common.volatility(step) * Math.sqrt(seconds) * normal;
    this.#moveBps(this.#volatilityFactor * (diffusionBps + jumpBps) + this.#course.moveBps(step * STEP_NS, STEP_NS));
  }

  /** Moves it for good by what was traded: `usd` is positive where a buyer took. `liquidity` is the instrument's. */
  press(usd: number, liquidity: number): void {
    this.#moveBps(((this.#parameters.impactBpsPerMUsd / liquidity) * usd) / 1_000_000);
  }

  #moveBps(bps: number): void {
    this.#lastingTicks *= 1 + Math.max(-MAX_STEP_BPS, Math.min(MAX_STEP_BPS, bps)) / BPS;
  }

  snapshot(): unknown {
    const state: State = {
      lastingTicks: this.#lastingTicks,
      swingBps: this.#swingBps,
      displacements: this.#displacements.snapshot(),
      step: this.#step,
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#lastingTicks = state.lastingTicks;
    this.#swingBps = state.swingBps;
    this.#displacements.restore(state.displacements);
    this.#step = state.step;
  }
}
