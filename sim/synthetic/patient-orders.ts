/**
 * Small resting orders of many people: placed at a distance from the mid, left alone, and cancelled one day. They give a
 * book its thin levels between the makers' thick ones, and its improvements inside the spread.
 */
import { ASK, BID, type Instrument } from '../../core/market.ts';
import { BPS } from '../../core/scale.ts';
import { roundDown, roundUp } from '../../core/strategy/price-grid.ts';
import type { MatchingEngine } from '../exchange/book/matching-engine.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { ActionList } from './action-list.ts';
import { gapNs } from './draws.ts';
import type { LotScale } from './lots.ts';
import type { PatientParameters } from './parameters.ts';

/** What a placement refers to where no maker is behind it. */
export const PATIENT = -1;
/** Distances are cut at so many medians: a log-normal tail would reach beyond any price. */
const MAX_MEDIANS = 100;
/** An order beyond the median distance lives longer by its share of that, up to so many times as long as others. */
const MAX_LIFETIMES = 4;
const FIRST_CAPACITY = 256;

interface State {
  placeNs: number;
  cancelNs: number;
  slot: Int32Array;
  generation: Uint32Array;
}

export class PatientOrders {
  /** When the next one is placed, and when the next one may be cancelled. */
  placeNs: number;
  cancelNs: number;
  readonly #parameters: PatientParameters;
  readonly #instrument: Instrument;
  readonly #liquidity: number;
  readonly #scale: LotScale;
  readonly #placing: RandomStream;
  readonly #cancelling: RandomStream;
  readonly #engine: MatchingEngine;
  /** Those that rest or were taken without anybody having looked, in no order that means anything. */
  #slot = new Int32Array(FIRST_CAPACITY);
  #generation = new Uint32Array(FIRST_CAPACITY);
  #count = 0;

  /** `stream` gives the random stream of a use. */
  constructor(
    parameters: PatientParameters,
    instrument: Instrument,
    liquidity: number,
    scale: LotScale,
    fromNs: number,
    stream: (use: string) => RandomStream,
    engine: MatchingEngine,
  ) {
    this.#parameters = parameters;
    this.#instrument = instrument;
    this.#liquidity = liquidity;
    this.#scale = scale;
    this.#placing = stream('places');
    this.#cancelling = stream('cancels');
    this.#engine = engine;
    this.placeNs = fromNs + gapNs(this.#placing, this.#placesPerS);
    this.cancelNs = fromNs + gapNs(this.#cancelling, this.#placesPerS);
  }

  get #placesPerS(): number {
    return (2 * this.#parameters.ordersASide) / this.#parameters.lifetimeMeanS;
  }

  /** Places one at `placeNs`. */
  place(midTicks: number, places: ActionList): void {
    this.add(this.placeNs, midTicks, places);
    this.placeNs += gapNs(this.#placing, this.#placesPerS);
  }

  /** Sends one order. */
  add(atNs: number, midTicks: number, places: ActionList): void {
    const random = this.#placing;
    const { distanceMedianBps, distanceLogDeviation, sizeMedianUsd, sizeLogDeviation } = this.#parameters;
    const side = random.next() < 0.5 ? BID : ASK;
    const drawnBps = random.logNormal(distanceMedianBps, distanceLogDeviation);
    const shift = (midTicks * Math.min(drawnBps, distanceMedianBps * MAX_MEDIANS)) / BPS;
    const usd = random.logNormal(sizeMedianUsd, sizeLogDeviation) * this.#liquidity;
    const instrument = this.#instrument;
    const ticks = side === BID ? roundDown(instrument, midTicks - shift) : roundUp(instrument, midTicks + shift);
    if (ticks > 0) places.add(atNs, side, ticks, this.#scale.lots(usd, ticks), PATIENT, 0);
  }

  /** At `cancelNs` one of them looks whether it still wants its order. */
  cancel(midTicks: number, cancels: ActionList): void {
    const random = this.#cancelling;
    const atNs = this.cancelNs;
    const picked = random.int(Math.max(1, this.#count));
    const patience = random.next();
    if (this.#count > 0) {
      const slot = this.#slot[picked];
      const generation = this.#generation[picked];
      if (this.#engine.generationOf(slot) !== generation) this.#forget(picked);
      else {
        const distanceBps = (Math.abs(this.#engine.ticksOf(slot) - midTicks) / midTicks) * BPS;
        // The farther from the mid, the longer they stay.
        const lifetimes = Math.min(MAX_LIFETIMES, distanceBps / this.#parameters.distanceMedianBps);
        if (patience * lifetimes <= 1) {
          this.#forget(picked);
          cancels.add(atNs, BID, 0, 0, slot, generation);
        }
      }
    }
    this.cancelNs = atNs + gapNs(random, Math.max(1, this.#count) / this.#parameters.lifetimeMeanS);
  }

  /** Takes their orders off the book that a fair price has gone through. */
  withdrawBeyond(fairTicks: number): void {
    const engine = this.#engine;
    for (let at = this.#count - 1; at >= 0; at--) {
      const slot = this.#slot[at];
      if (engine.generationOf(slot) !== this.#generation[at]) continue;
      const ticks = engine.ticksOf(slot);
      if (engine.sideOf(slot) === BID ? ticks < fairTicks : ticks > fairTicks) continue;
      engine.cancel(slot);
      this.#forget(at);
    }
  }

  /** An order that `place` sent rests now. */
  rested(slot: number): void {
    const at = this.#count++;
    if (at === this.#slot.length) this.#grow();
    this.#slot[at] = slot;
    this.#generation[at] = this.#engine.generationOf(slot);
  }

  #forget(at: number): void {
    const last = --this.#count;
    this.#slot[at] = this.#slot[last];
    this.#generation[at] = this.#generation[last];
  }

  #grow(): void {
    const slot = new Int32Array(2 * this.#slot.length);
    const generation = new Uint32Array(2 * this.#slot.length);
    slot.set(this.#slot);
    generation.set(this.#generation);
    this.#slot = slot;
    this.#generation = generation;
  }

  snapshot(): unknown {
    const state: State = {
      placeNs: this.placeNs,
      cancelNs: this.cancelNs,
      slot: this.#slot.slice(0, this.#count),
      generation: this.#generation.slice(0, this.#count),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.placeNs = state.placeNs;
    this.cancelNs = state.cancelNs;
    while (this.#slot.length < state.slot.length) this.#grow();
    this.#slot.set(state.slot);
    this.#generation.set(state.generation);
    this.#count = state.slot.length;
  }
}
