/**
 * The true adverse-selection rate of one instrument (playbook 3.5): of the newest fills whose outcome is known, the share after
 * which the true mid stood against the fill's price at the horizon. Outcomes are looked at when all of that nanosecond is done. Where
 * the market gave no news for so long that the price then is not known, the fill has no outcome.
 */
import { BID } from '../../core/market.ts';
import type { Fill } from '../../core/port.ts';
import { RECORDING_GAP_NS } from './thresholds.ts';

interface AdverseSelectionState {
  dueNs: readonly number[];
  /** Price, below zero for an ask. */
  signedTicks: readonly number[];
  /** Oldest first. */
  outcomes: Uint8Array;
}

export class AdverseSelection {
  readonly #horizonNs: number;
  readonly #windowFills: number;
  /** Fills that wait for their outcome, oldest first. */
  #dueNs: number[] = [];
  #signedTicks: number[] = [];
  /** 1: adverse; a ring. */
  readonly #outcomes: Uint8Array;
  #written = 0;
  #adverse = 0;

  constructor(horizonNs: number, windowFills: number) {
    this.#horizonNs = horizonNs;
    this.#windowFills = windowFills;
    this.#outcomes = new Uint8Array(windowFills);
  }

  filled(atNs: number, { side, priceTicks }: Pick<Fill, 'side' | 'priceTicks'>): void {
    this.#dueNs.push(atNs + this.#horizonNs);
    this.#signedTicks.push(side === BID ? priceTicks : -priceTicks);
  }

  /** When the next outcome can be told; Infinity where no fill waits. */
  get nextDueNs(): number {
    return this.#dueNs.length === 0 ? Number.POSITIVE_INFINITY : this.#dueNs[0];
  }

  /** Tells what is due, by twice the true mid (0: not known) and when the market last gave news. */
  passTime(nowNs: number, mid2: number, lastNewsNs: number): void {
    let told = 0;
    while (told < this.#dueNs.length && this.#dueNs[told] <= nowNs) {
      const isKnown = mid2 > 0 && this.#dueNs[told] - lastNewsNs <= RECORDING_GAP_NS;
      if (isKnown) this.#tell(this.#signedTicks[told], mid2);
      told++;
    }
    if (told === 0) return;
    this.#dueNs.splice(0, told);
    this.#signedTicks.splice(0, told);
  }

  #tell(signedTicks: number, mid2: number): void {
    const at = this.#written % this.#windowFills;
    if (this.#written >= this.#windowFills) this.#adverse -= this.#outcomes[at];
    const isAdverse = signedTicks > 0 ? mid2 < 2 * signedTicks : mid2 > -2 * signedTicks;
    this.#outcomes[at] = isAdverse ? 1 : 0;
    this.#adverse += this.#outcomes[at];
    this.#written++;
  }

  /** Fills that the rate is of. */
  get count(): number {
    return Math.min(this.#written, this.#windowFills);
  }

  /** How many of them were adverse. */
  get adverse(): number {
    return this.#adverse;
  }

  snapshot(): unknown {
    const { count } = this;
    const first = this.#written - count;
    const outcomes = Uint8Array.from({ length: count }, (_, index) => {
      return this.#outcomes[(first + index) % this.#windowFills];
    });
    return { dueNs: [...this.#dueNs], signedTicks: [...this.#signedTicks], outcomes } satisfies AdverseSelectionState;
  }

  restore(state: unknown): void {
    const { dueNs, signedTicks, outcomes } = state as AdverseSelectionState;
    this.#dueNs = [...dueNs];
    this.#signedTicks = [...signedTicks];
    this.#outcomes.fill(0);
    this.#outcomes.set(outcomes);
    this.#written = outcomes.length;
    this.#adverse = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  }
}
