/**
 * Answers to a mid that moves too fast (playbook 1.3): over 5 % within one second, no quotes until it has calmed down.
 *
 * The velocity is the largest change between two moments of the trailing window, as a share of the earlier mid (playbook matrix,
 * defaults). Between two mids the market is taken to have moved evenly, so that a steady slope shows its true speed however
 * seldom the feed speaks; after a long silence the whole change counts as made at once.
 */
import { NS_PER_S } from '../../scale.ts';
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface PriceVelocityConfig {
  /** Largest change of the mid within the window, as a share, that is put up with. */
  maxChange: number;
  windowNs: number;
  /** A larger change than this is critical, and kills where the monitor was told to. */
  criticalChange: number;
  kills: boolean;
}

/** Playbook 1.3: 5 % a second; 15 % is core-facts 1.3, and that it does not kill the matrix' last section. */
export const DEFAULT_PRICE_VELOCITY: PriceVelocityConfig = {
  maxChange: 0.05,
  windowNs: NS_PER_S,
  criticalChange: 0.15,
  kills: false,
};

/** Two mids further apart than so many windows say nothing of the time between them. */
const SILENCE_WINDOWS = 2;
/** Forgotten mids are cleared away in portions of this size. */
const COMPACT_AT = 256;

export class PriceVelocityMonitor implements RiskMonitor {
  readonly name = 'price-velocity';
  /** Playbook 1.3. */
  readonly priority = 10;
  readonly #config: PriceVelocityConfig;
  readonly #pull = assessment('High', 'PullQuotes');
  readonly #critical: RiskAssessment;
  /** Mids in order of time. The first one in use is the last before the window, if there is one. */
  #ticks: number[] = [];
  #ns: number[] = [];
  #first = 0;
  /** No mid in use is above or below these. They may be wider than need be, and are drawn in when that matters. */
  #highest = 0;
  #lowest = Number.POSITIVE_INFINITY;

  constructor(config: PriceVelocityConfig) {
    this.#config = config;
    this.#critical = config.kills ? kill('PriceVelocity') : assessment('Critical', 'PullQuotes');
  }

  evaluate(input: RiskInput): RiskAssessment {
    if (input.midTicks > 0) this.#take(input.midTicks, input.nowNs);
    const { maxChange, criticalChange } = this.#config;
    // As a rule no two mids at hand are so far apart, and the window need not be searched.
    if (this.#highest - this.#lowest <= maxChange * this.#lowest) return NO_RISK;
    const change = this.#largestChange(input.nowNs);
    if (change > Math.max(maxChange, criticalChange)) return this.#critical;
    return change > maxChange ? this.#pull : NO_RISK;
  }

  #take(midTicks: number, nowNs: number): void {
    const ticks = this.#ticks;
    const ns = this.#ns;
    const last = ticks.length - 1;
    // Of a run of equal mids the first and the last are enough.
    if (last > this.#first && ticks[last] === midTicks && ticks[last - 1] === midTicks) {
      ns[last] = nowNs;
    } else {
      ticks.push(midTicks);
      ns.push(nowNs);
      this.#highest = Math.max(this.#highest, midTicks);
      this.#lowest = Math.min(this.#lowest, midTicks);
    }
    this.#forget(nowNs - this.#config.windowNs);
  }

  /** Largest change of the window that ends now, both of its ends included. */
  #largestChange(nowNs: number): number {
    const fromNs = nowNs - this.#config.windowNs;
    this.#forget(fromNs);
    this.#drawIn();
    const ticks = this.#ticks;
    let row = this.#first;
    let lowest = ticks[row];
    if (this.#ns[row] < fromNs && row + 1 < ticks.length) {
      lowest = this.#midAt(fromNs, row);
      row++;
    }
    let highest = lowest;
    let change = 0;
    for (; row < ticks.length; row++) {
      const mid = ticks[row];
      if (mid > highest) highest = mid;
      else if (mid < lowest) lowest = mid;
      change = Math.max(change, (mid - lowest) / lowest, (highest - mid) / highest);
    }
    return change;
  }

  #drawIn(): void {
    this.#highest = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    for (let row = this.#first; row < this.#ticks.length; row++) {
      this.#highest = Math.max(this.#highest, this.#ticks[row]);
      this.#lowest = Math.min(this.#lowest, this.#ticks[row]);
    }
  }

  /** The mid at a moment between a row and the next. */
  #midAt(atNs: number, row: number): number {
    const beforeNs = this.#ns[row];
    const before = this.#ticks[row];
    const gapNs = this.#ns[row + 1] - beforeNs;
    if (gapNs > SILENCE_WINDOWS * this.#config.windowNs) return before;
    return before + (this.#ticks[row + 1] - before) * ((atNs - beforeNs) / gapNs);
  }

  /** Forgets mids before the window, but for the last of them. */
  #forget(fromNs: number): void {
    while (this.#first + 1 < this.#ns.length && this.#ns[this.#first + 1] <= fromNs) this.#first++;
    if (this.#first < COMPACT_AT) return;
    this.#ticks.splice(0, this.#first);
    this.#ns.splice(0, this.#first);
    this.#first = 0;
  }

  snapshot(): unknown {
    return { ticks: this.#ticks.slice(this.#first), ns: this.#ns.slice(this.#first) };
  }

  restore(state: unknown): void {
    const { ticks, ns } = state as { ticks: readonly number[]; ns: readonly number[] };
    this.#ticks = ticks.slice();
    this.#ns = ns.slice();
    this.#first = 0;
    this.#drawIn();
  }
}
