/**
 * How often a feed speaks: a moving average of the gaps between its frames.
 *
 * A quiet coin is not a dead one, so staleness limits rise to a multiple of the feed's own cadence where that is larger
 * (playbook 2.2, 2.3). The average starts at zero: a feed has to show that it is slow before a limit gives way to it. A gap
 * longer than the limit in force counts as one of that length, so an outage hardly moves the average, while a feed that
 * always is that slow soon does.
 */

/** Weight of the newest gap is 1/16: one outage of 15 s moves the average by less than a second. */
const SMOOTHING_GAPS = 16;

/** Places in the state, which is one typed array because every frame writes it. */
const LAST_NS = 0;
const AVERAGE_NS = 1;
/** The limit in force for the floor: what a gap counts for at most. */
const LIMIT_NS = 2;

export class Cadence {
  readonly #floorNs: number;
  readonly #multiple: number;
  readonly #state: Float64Array;

  /** `floorNs`: the configured limit; `multiple`: how many average gaps make the feed's own limit. */
  constructor(floorNs: number, multiple: number) {
    this.#floorNs = floorNs;
    this.#multiple = multiple;
    this.#state = Float64Array.of(-1, 0, floorNs);
  }

  /** A frame came. */
  observe(nowNs: number): void {
    const state = this.#state;
    const lastNs = state[LAST_NS];
    state[LAST_NS] = nowNs;
    if (lastNs < 0) return;
    const gapNs = Math.min(nowNs - lastNs, state[LIMIT_NS]);
    const averageNs = state[AVERAGE_NS] + (gapNs - state[AVERAGE_NS]) / SMOOTHING_GAPS;
    state[AVERAGE_NS] = averageNs;
    state[LIMIT_NS] = Math.max(this.#floorNs, this.#multiple * averageNs);
  }

  /** When the last frame came, ns; -1 before any. */
  get lastNs(): number {
    return this.#state[LAST_NS];
  }

  /** Average gap, ns; 0 before the second frame. */
  get averageNs(): number {
    return this.#state[AVERAGE_NS];
  }

  /** The larger of a configured limit and this feed's own, ns. */
  limitNs(configuredNs: number): number {
    return Math.max(configuredNs, this.#multiple * this.#state[AVERAGE_NS]);
  }

  snapshot(): unknown {
    return this.#state.slice();
  }

  restore(state: unknown): void {
    this.#state.set(state as Float64Array);
  }
}
