/**
 * Actions of the background that wait for a block, in the order of their arrival, as columns. Each class of a block has a
 * list of its own (hyperliquid, section 3.1).
 */
import { ASK, BID, type Side } from '../../core/market.ts';

const FIRST_CAPACITY = 256;

interface State {
  atNs: Float64Array;
  side: Uint8Array;
  ticks: Int32Array;
  lots: Float64Array;
  reference: Int32Array;
  generation: Uint32Array;
}

export class ActionList {
  atNs = new Float64Array(FIRST_CAPACITY);
  /** Side of the book of an order to rest, side that a taker takes for. */
  side = new Uint8Array(FIRST_CAPACITY);
  /** Price, or limit. */
  ticks = new Int32Array(FIRST_CAPACITY);
  lots = new Float64Array(FIRST_CAPACITY);
  /** What the action belongs to: number of a maker's order or of an account, or the slot of a cancel. */
  reference = new Int32Array(FIRST_CAPACITY);
  /** Of a cancel's slot. */
  generation = new Uint32Array(FIRST_CAPACITY);
  /** Actions that came in, and those of them that are done. */
  count = 0;
  done = 0;

  add(atNs: number, side: Side, ticks: number, lots: number, reference: number, generation: number): void {
    const at = this.count++;
    if (at === this.atNs.length) this.#grow();
    this.atNs[at] = atNs;
    this.side[at] = side;
    this.ticks[at] = ticks;
    this.lots[at] = lots;
    this.reference[at] = reference;
    this.generation[at] = generation;
  }

  sideAt(at: number): Side {
    return this.side[at] === BID ? BID : ASK;
  }

  /** Forgets what is done. To be called where all is. */
  reset(): void {
    this.count = 0;
    this.done = 0;
  }

  #grow(): void {
    const { atNs, side, ticks, lots, reference, generation } = this;
    const capacity = 2 * atNs.length;
    this.atNs = new Float64Array(capacity);
    this.side = new Uint8Array(capacity);
    this.ticks = new Int32Array(capacity);
    this.lots = new Float64Array(capacity);
    this.reference = new Int32Array(capacity);
    this.generation = new Uint32Array(capacity);
    this.#set({ atNs, side, ticks, lots, reference, generation });
  }

  #set(state: State): void {
    this.atNs.set(state.atNs);
    this.side.set(state.side);
    this.ticks.set(state.ticks);
    this.lots.set(state.lots);
    this.reference.set(state.reference);
    this.generation.set(state.generation);
  }

  snapshot(): unknown {
    const { done, count } = this;
    const state: State = {
      atNs: this.atNs.slice(done, count),
      side: this.side.slice(done, count),
      ticks: this.ticks.slice(done, count),
      lots: this.lots.slice(done, count),
      reference: this.reference.slice(done, count),
      generation: this.generation.slice(done, count),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    while (this.atNs.length < state.atNs.length) this.#grow();
    this.#set(state);
    this.count = state.atNs.length;
    this.done = 0;
  }
}
