/**
 * When takers come and on which side: a Hawkes process by thinning (Ogata 1981). Each order excites its own side and, less,
 * the other; the excitement falls exponentially. Those who come by themselves are tilted to where the fair price and the
 * book's imbalance point, so that what others, we included, do to the book is answered.
 */

import { ASK, BID, type Side } from '../../core/market.ts';
import { exp } from '../../core/math.ts';
import { NS_PER_S } from '../../core/scale.ts';
import type { RandomStream } from '../kernel/random.ts';
import { gapNs } from './draws.ts';
import type { EventCourse } from './event-course.ts';
import type { MarketView } from './market-view.ts';
import type { TakerParameters } from './parameters.ts';

/** The tilt multiplies a side's own rate by something from the first to the second; their sum keeps both sides alike. */
const MIN_TILT = 0.05;
const MAX_TILT = 2 - MIN_TILT;

interface State {
  nextNs: number;
  bound: number;
  atNs: number;
  buyExcitement: number;
  sellExcitement: number;
}

export class TakerArrivals {
  /** When somebody may come next; whether and who is decided then. */
  nextNs = 0;
  readonly #parameters: TakerParameters;
  readonly #course: EventCourse;
  readonly #random: RandomStream;
  /** Rates of those who come by themselves, per second. */
  readonly #buyPerS: number;
  readonly #sellPerS: number;
  /** Highest rate that there can be until `nextNs`. */
  #bound = 0;
  /** The time of the excitements, per second. */
  #atNs: number;
  #buyExcitement = 0;
  #sellExcitement = 0;

  constructor(parameters: TakerParameters, fromNs: number, course: EventCourse, random: RandomStream) {
    const { perS, buyShare, selfExcitation, crossExcitation } = parameters;
    this.#parameters = parameters;
    this.#course = course;
    this.#random = random;
    const unexcitedPerS = perS * (1 - selfExcitation - crossExcitation);
    this.#buyPerS = unexcitedPerS * buyShare;
    this.#sellPerS = unexcitedPerS * (1 - buyShare);
    this.#atNs = fromNs;
    this.#drawNext(fromNs);
  }

  /** Decides about `nextNs` and draws the one after: the side of a taker, or null where nobody comes. */
  arrive(view: MarketView): Side | null {
    const atNs = this.nextNs;
    this.#decay(atNs);
    const tilt = this.#tilt(view);
    const course = this.#course;
    const buy = this.#buyPerS * (1 + tilt) * course.buyFactor(atNs) + this.#buyExcitement;
    const sell = this.#sellPerS * (1 - tilt) * course.sellFactor(atNs) + this.#sellExcitement;
    const mark = this.#random.next() * this.#bound;
    const side = mark < buy ? BID : mark < buy + sell ? ASK : null;
    if (side !== null) this.#excite(side);
    this.#drawNext(atNs);
    return side;
  }

  /** Somebody who is not of the background has taken: that excites as well. */
  excite(atNs: number, side: Side): void {
    this.#decay(atNs);
    this.#excite(side);
  }

  #tilt({ fairTicks, midTicks, imbalance }: MarketView): number {
    const { tiltPerBps, imbalanceTilt } = this.#parameters;
    const offBps = (fairTicks / midTicks - 1) * 10_000;
    return Math.max(MIN_TILT - 1, Math.min(MAX_TILT - 1, tiltPerBps * offBps + imbalanceTilt * imbalance));
  }

  #decay(atNs: number): void {
    const passedS = (atNs - this.#atNs) / NS_PER_S;
    if (passedS <= 0) return;
    const left = exp(-passedS / this.#parameters.excitementMemoryS);
    this.#buyExcitement *= left;
    this.#sellExcitement *= left;
    this.#atNs = atNs;
  }

  #excite(side: Side): void {
    const { selfExcitation, crossExcitation, excitementMemoryS } = this.#parameters;
    this.#buyExcitement += (side === BID ? selfExcitation : crossExcitation) / excitementMemoryS;
    this.#sellExcitement += (side === ASK ? selfExcitation : crossExcitation) / excitementMemoryS;
  }

  #drawNext(atNs: number): void {
    const course = this.#course;
    // The factors change at the slide's ends only; a bound drawn before the first of them would be too low, so that time is
    // a candidate of its own.
    const buyPerS = this.#buyPerS * MAX_TILT * course.buyFactor(atNs);
    const sellPerS = this.#sellPerS * MAX_TILT * course.sellFactor(atNs);
    this.#bound = buyPerS + sellPerS + this.#buyExcitement + this.#sellExcitement;
    const nextNs = atNs + gapNs(this.#random, this.#bound);
    const { fromNs } = course;
    this.nextNs = atNs < fromNs && nextNs > fromNs ? fromNs : nextNs;
  }

  snapshot(): unknown {
    const state: State = {
      nextNs: this.nextNs,
      bound: this.#bound,
      atNs: this.#atNs,
      buyExcitement: this.#buyExcitement,
      sellExcitement: this.#sellExcitement,
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.nextNs = state.nextNs;
    this.#bound = state.bound;
    this.#atNs = state.atNs;
    this.#buyExcitement = state.buyExcitement;
    this.#sellExcitement = state.sellExcitement;
  }
}
