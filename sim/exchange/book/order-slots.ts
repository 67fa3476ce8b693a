/**
 * Resting orders as columns: an order is a number, its slot, and what is known of it lies at that index of flat arrays.
 *
 * A slot that was given back is used again, the latest first, so that the columns stay as short as the book ever was deep.
 * Its generation counts how often that has happened: whoever keeps a slot keeps its generation too, and sees by it that
 * the order is gone.
 */
import { ASK, BID, type Side } from '../../../core/market.ts';

/** No slot: the end of a queue. */
export const NO_SLOT = -1;
/** Slots at the start; doubled whenever they run out. */
const FIRST_CAPACITY = 1024;

interface State {
  used: number;
  free: number;
  lots: Float64Array;
  ticks: Int32Array;
  side: Uint8Array;
  owner: Int32Array;
  generation: Uint32Array;
  next: Int32Array;
  previous: Int32Array;
}

/** The arrays are replaced when they grow: read them anew after `add`. */
export class OrderSlots {
  /** Size left; 0 for a slot without an order. */
  lots = new Float64Array(FIRST_CAPACITY);
  ticks = new Int32Array(FIRST_CAPACITY);
  side = new Uint8Array(FIRST_CAPACITY);
  owner = new Int32Array(FIRST_CAPACITY);
  generation = new Uint32Array(FIRST_CAPACITY);
  /** The neighbours in the queue of the price, older and newer. The free slots are chained by `next`. */
  next = new Int32Array(FIRST_CAPACITY);
  previous = new Int32Array(FIRST_CAPACITY);
  /** Slots that were ever used; all live ones are below. */
  used = 0;
  #free = NO_SLOT;

  /** Takes a slot for an order, in no queue yet. */
  add(owner: number, side: Side, ticks: number, lots: number): number {
    let slot = this.#free;
    if (slot !== NO_SLOT) this.#free = this.next[slot];
    else {
      slot = this.used++;
      if (slot === this.lots.length) this.#grow(2 * slot);
    }
    this.lots[slot] = lots;
    this.ticks[slot] = ticks;
    this.side[slot] = side;
    this.owner[slot] = owner;
    return slot;
  }

  /** Gives a slot back that has left its queue. */
  free(slot: number): void {
    this.lots[slot] = 0;
    this.generation[slot]++;
    this.next[slot] = this.#free;
    this.#free = slot;
  }

  sideOf(slot: number): Side {
    return this.side[slot] === BID ? BID : ASK;
  }

  #grow(capacity: number): void {
    this.lots = copyOf(this.lots, new Float64Array(capacity));
    this.ticks = copyOf(this.ticks, new Int32Array(capacity));
    this.side = copyOf(this.side, new Uint8Array(capacity));
    this.owner = copyOf(this.owner, new Int32Array(capacity));
    this.generation = copyOf(this.generation, new Uint32Array(capacity));
    this.next = copyOf(this.next, new Int32Array(capacity));
    this.previous = copyOf(this.previous, new Int32Array(capacity));
  }

  /** Forgets every order; the generations go on, so that no kept slot comes to life again. */
  clear(): void {
    for (let slot = 0; slot < this.used; slot++) if (this.lots[slot] !== 0) this.free(slot);
  }

  snapshot(): unknown {
    const { used } = this;
    const state: State = {
      used,
      free: this.#free,
      lots: this.lots.slice(0, used),
      ticks: this.ticks.slice(0, used),
      side: this.side.slice(0, used),
      owner: this.owner.slice(0, used),
      generation: this.generation.slice(0, used),
      next: this.next.slice(0, used),
      previous: this.previous.slice(0, used),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    if (state.used > this.lots.length) this.#grow(state.used);
    // What lies above has to be as in the original, where nothing was ever written.
    this.generation.fill(0);
    this.used = state.used;
    this.#free = state.free;
    this.lots.set(state.lots);
    this.ticks.set(state.ticks);
    this.side.set(state.side);
    this.owner.set(state.owner);
    this.generation.set(state.generation);
    this.next.set(state.next);
    this.previous.set(state.previous);
  }
}

function copyOf<Column extends Float64Array | Int32Array | Uint8Array | Uint32Array>(
  from: Column,
  into: Column,
): Column {
  into.set(from);
  return into;
}
