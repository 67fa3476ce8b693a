/**
 * Markouts: what fills were worth some time later. For each of three times the mid then, against the price of the fill, in bps,
 * positive where it moved our way. A fill whose mid cannot be known in time is left out.
 */
import { BID, type Side } from '../market.ts';
import { BPS } from '../scale.ts';
import { PendingOutcomes } from './pending-outcomes.ts';

/** Times after the fill: 500 ms, 2 s and 10 s, the reference system's. */
export const MARKOUT_HORIZONS_NS: readonly number[] = [500_000_000, 2_000_000_000, 10_000_000_000];
/** Fills of which the newest outcomes are kept for each horizon. */
const WINDOW = 1_000;

export class Markouts {
  readonly #horizons: readonly MarkoutHorizon[] = MARKOUT_HORIZONS_NS.map(ns => new MarkoutHorizon(ns));

  /** A fill begins to be followed. */
  add(side: Side, priceTicks: number, nowNs: number): void {
    for (const horizon of this.#horizons) horizon.add(side, priceTicks, nowNs);
  }

  /** What was due before a time, with the mid that held then; what was due after `knownUntilNs` cannot be known. */
  resolve(midTicks: number, knownUntilNs: number, beforeNs: number): void {
    for (const horizon of this.#horizons) horizon.resolve(midTicks, knownUntilNs, beforeNs);
  }

  /** Mean of a horizon, by its number, bps; undefined where nothing is known. */
  meanBps(horizon: number): number | undefined {
    return this.#horizons[horizon].meanBps;
  }

  snapshot(): unknown {
    return this.#horizons.map(horizon => horizon.snapshot());
  }

  restore(state: unknown): void {
    this.#horizons.forEach((horizon, index) => {
      horizon.restore((state as readonly unknown[])[index]);
    });
  }
}

class MarkoutHorizon {
  readonly #pending: PendingOutcomes;
  /** Price of each fill that waits, by its row; below zero for an ask. */
  readonly #signedTicks = new Float64Array(WINDOW);
  readonly #outcomesBps = new Float64Array(WINDOW);
  #fills = 0;
  #outcomes = 0;

  constructor(horizonNs: number) {
    this.#pending = new PendingOutcomes(horizonNs);
  }

  add(side: Side, priceTicks: number, nowNs: number): void {
    this.#signedTicks[this.#fills % WINDOW] = side === BID ? priceTicks : -priceTicks;
    this.#pending.add(this.#fills, nowNs);
    this.#fills++;
  }

  resolve(midTicks: number, knownUntilNs: number, beforeNs: number): void {
    while (this.#pending.nextDueNs < beforeNs) {
      if (this.#pending.nextDueNs > knownUntilNs) {
        this.#pending.lose();
        continue;
      }
      const signedTicks = this.#signedTicks[this.#pending.take() % WINDOW];
      const priceTicks = Math.abs(signedTicks);
      const gainTicks = signedTicks > 0 ? midTicks - priceTicks : priceTicks - midTicks;
      this.#outcomesBps[this.#outcomes % WINDOW] = (BPS * gainTicks) / priceTicks;
      this.#outcomes++;
    }
  }

  get meanBps(): number | undefined {
    const count = Math.min(this.#outcomes, WINDOW);
    if (count === 0) return undefined;
    let sum = 0;
    for (let at = 0; at < count; at++) sum += this.#outcomesBps[at];
    return sum / count;
  }

  snapshot(): unknown {
    return {
      pending: this.#pending.snapshot(),
      signedTicks: this.#signedTicks.slice(),
      outcomesBps: this.#outcomesBps.slice(),
      fills: this.#fills,
      outcomes: this.#outcomes,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      pending: unknown;
      signedTicks: Float64Array;
      outcomesBps: Float64Array;
      fills: number;
      outcomes: number;
    };
    this.#pending.restore(from.pending);
    this.#signedTicks.set(from.signedTicks);
    this.#outcomesBps.set(from.outcomesBps);
    this.#fills = from.fills;
    this.#outcomes = from.outcomes;
  }
}
