/** The course of a market event: what it does to the fair price, the makers and the takers at each moment. */
import { NS_PER_S } from '../../core/scale.ts';
import type { MarketEvent } from './parameters.ts';

export class EventCourse {
  /** When the slide begins, when it ends, and when the recovery is over; all Infinity without an event. */
  readonly fromNs: number;
  readonly slidNs: number;
  readonly toNs: number;
  readonly #event: MarketEvent | null;

  constructor(event: MarketEvent | null, runFromNs: number, runToNs: number) {
    this.#event = event;
    this.fromNs = event === null ? Infinity : runFromNs + Math.round((runToNs - runFromNs) * event.atShare);
    this.slidNs = event === null ? Infinity : this.fromNs + event.slideS * NS_PER_S;
    this.toNs = event === null ? Infinity : this.slidNs + event.recoveryS * NS_PER_S;
  }

  /** True from the slide's beginning to its end. */
  slides(atNs: number): boolean {
    return atNs >= this.fromNs && atNs < this.slidNs;
  }

  /** Move of the fair price within a step that ends at `atNs`, bps. */
  moveBps(atNs: number, stepNs: number): number {
    const event = this.#event;
    if (event === null || atNs < this.fromNs || atNs >= this.toNs) return 0;
    if (atNs < this.slidNs) return (event.slideBps * stepNs) / (event.slideS * NS_PER_S);
    return (-event.slideBps * event.recoveredShare * stepNs) / (event.recoveryS * NS_PER_S);
  }

  /** Makers' sizes by the usual ones. */
  depthFactor(atNs: number): number {
    return this.#event !== null && this.slides(atNs) ? this.#event.depthFactor : 1;
  }

  /** Makers' distances by the usual ones. */
  spreadFactor(atNs: number): number {
    return this.#event !== null && this.slides(atNs) ? this.#event.spreadFactor : 1;
  }

  /** Rate of buyers by the usual one. */
  buyFactor(atNs: number): number {
    return this.#event !== null && this.slides(atNs) && this.#event.slideBps > 0 ? this.#event.takerFactor : 1;
  }

  /** Rate of sellers by the usual one. */
  sellFactor(atNs: number): number {
    return this.#event !== null && this.slides(atNs) && this.#event.slideBps < 0 ? this.#event.takerFactor : 1;
  }
}
