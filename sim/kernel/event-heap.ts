/**
 * The kernel's heap: what cannot be sorted beforehand (orders in flight, timers, faults). A 4-ary heap on flat arrays,
 * keyed by (time, class, sequence), so that no two events are equal and the order is total.
 */

/** Classes fit into the high bits of the tie-break, sequences into the low ones: 2^44 events a run, 2^8 classes. */
const SEQUENCE_RANGE = 17_592_186_044_416;

export interface HeapState<Event> {
  atNs: Float64Array;
  tie: Float64Array;
  events: Event[];
  sequence: number;
}

export class EventHeap<Event> {
  #atNs = new Float64Array(64);
  #tie = new Float64Array(64);
  #slot = new Int32Array(64);
  #events: (Event | undefined)[] = [];
  #freeSlots: number[] = [];
  #size = 0;
  #sequence = 0;

  get size(): number {
    return this.#size;
  }

  /** Time of the earliest event; Infinity when there is none. */
  get headNs(): number {
    return this.#size === 0 ? Infinity : this.#atNs[0];
  }

  /** Class of the earliest event. Only to be asked when there is one. */
  get headClass(): number {
    return Math.floor(this.#tie[0] / SEQUENCE_RANGE);
  }

  push(atNs: number, eventClass: number, event: Event): void {
    const slot = this.#freeSlots.pop() ?? this.#events.length;
    this.#events[slot] = event;
    if (this.#size === this.#atNs.length) this.#grow();
    this.#siftUp(this.#size++, atNs, eventClass * SEQUENCE_RANGE + this.#sequence++, slot);
  }

  /** Takes the earliest event out. Only to be called when there is one. */
  pop(): Event {
    const slot = this.#slot[0];
    const event = this.#events[slot] as Event;
    this.#events[slot] = undefined;
    this.#freeSlots.push(slot);
    const last = --this.#size;
    if (last > 0) this.#siftDown(this.#atNs[last], this.#tie[last], this.#slot[last]);
    return event;
  }

  #siftUp(from: number, atNs: number, tie: number, slot: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentNs = this.#atNs[parent];
      if (parentNs < atNs || (parentNs === atNs && this.#tie[parent] < tie)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, atNs, tie, slot);
  }

  #siftDown(atNs: number, tie: number, slot: number): void {
    const size = this.#size;
    let at = 0;
    for (;;) {
      const first = (at << 2) + 1;
      if (first >= size) break;
      let least = first;
      const end = first + 4 < size ? first + 4 : size;
      for (let child = first + 1; child < end; child++) {
        if (
          this.#atNs[child] < this.#atNs[least] ||
          (this.#atNs[child] === this.#atNs[least] && this.#tie[child] < this.#tie[least])
        ) {
          least = child;
        }
      }
      if (atNs < this.#atNs[least] || (atNs === this.#atNs[least] && tie < this.#tie[least])) break;
      this.#move(least, at);
      at = least;
    }
    this.#put(at, atNs, tie, slot);
  }

  #move(from: number, to: number): void {
    this.#atNs[to] = this.#atNs[from];
    this.#tie[to] = this.#tie[from];
    this.#slot[to] = this.#slot[from];
  }

  #put(at: number, atNs: number, tie: number, slot: number): void {
    this.#atNs[at] = atNs;
    this.#tie[at] = tie;
    this.#slot[at] = slot;
  }

  #grow(): void {
    const length = this.#atNs.length * 2;
    const atNs = new Float64Array(length);
    const tie = new Float64Array(length);
    const slot = new Int32Array(length);
    atNs.set(this.#atNs);
    tie.set(this.#tie);
    slot.set(this.#slot);
    this.#atNs = atNs;
    this.#tie = tie;
    this.#slot = slot;
  }

  /** Events are kept by reference: encode the state before the run goes on. */
  snapshot(): HeapState<Event> {
    const size = this.#size;
    return {
      atNs: this.#atNs.slice(0, size),
      tie: this.#tie.slice(0, size),
      events: Array.from(this.#slot.subarray(0, size), slot => this.#events[slot] as Event),
      sequence: this.#sequence,
    };
  }

  restore(state: HeapState<Event>): void {
    this.#size = 0;
    this.#events = [...state.events];
    this.#freeSlots = [];
    while (this.#atNs.length < state.events.length) this.#grow();
    // The arrays are in heap order already.
    for (let at = 0; at < state.events.length; at++) this.#put(at, state.atNs[at], state.tie[at], at);
    this.#size = state.events.length;
    this.#sequence = state.sequence;
  }
}
