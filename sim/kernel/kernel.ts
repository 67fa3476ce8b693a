/**
 * The kernel: virtual time and the order of events.
 *
 * It merges sorted sources (the tape's cursors), which never touch the heap, with a heap for everything else. The order is
 * (time, class, sequence): at one moment the classes are dispatched in the order of their numbers (`CLASS_…`); within a class
 * sources come before the heap, sources by their number, heap events in the order in which they were scheduled.
 */
import { EventHeap, type HeapState } from './event-heap.ts';

// Classes of events, in the order in which they are dispatched at one moment: a fault that begins now covers what is
// delivered now; the market moves before an action that arrives at the same time is matched against it.
export const CLASS_FAULT = 0;
export const CLASS_MARKET = 1;
export const CLASS_EXCHANGE = 2;
export const CLASS_DELIVERY = 3;
export const CLASS_TIMER = 4;
export const CLASS_CPU = 5;

/** A stream of events whose times are known and never fall. */
export interface Source {
  readonly eventClass: number;
  /** Time of the next event, Infinity when there is none. */
  headNs: number;
  /** Dispatches the next event and moves on. */
  dispatch(): void;
}

export interface KernelState<Event> {
  nowNs: number;
  heap: HeapState<Event>;
}

export class Kernel<Event> {
  readonly #heap = new EventHeap<Event>();
  readonly #sources: readonly Source[];
  readonly #dispatch: (event: Event, eventClass: number) => void;
  nowNs: number;

  constructor(startNs: number, sources: readonly Source[], dispatch: (event: Event, eventClass: number) => void) {
    this.nowNs = startNs;
    this.#sources = sources;
    this.#dispatch = dispatch;
  }

  /** Schedules an event; what should have happened already happens now. */
  schedule(atNs: number, eventClass: number, event: Event): void {
    this.#heap.push(atNs > this.nowNs ? atNs : this.nowNs, eventClass, event);
  }

  /** Dispatches every event up to and including `untilNs`. */
  runUntil(untilNs: number): void {
    const heap = this.#heap;
    const sources = this.#sources;
    for (;;) {
      let next: Source | null = null;
      let nextNs = Infinity;
      for (let index = 0; index < sources.length; index++) {
        const source = sources[index];
        const headNs = source.headNs;
        if (headNs < nextNs || (headNs === nextNs && next !== null && source.eventClass < next.eventClass)) {
          next = source;
          nextNs = headNs;
        }
      }
      const heapNs = heap.headNs;
      const heapFirst = heapNs < nextNs || (heapNs === nextNs && next !== null && heap.headClass < next.eventClass);
      const atNs = heapFirst ? heapNs : nextNs;
      // Also ends the loop when nothing is left: both times are Infinity then.
      if (!(atNs <= untilNs)) break;
      this.nowNs = atNs;
      if (heapFirst) {
        const eventClass = heap.headClass;
        this.#dispatch(heap.pop(), eventClass);
      } else if (next !== null) {
        next.dispatch();
      }
    }
    if (untilNs > this.nowNs) this.nowNs = untilNs;
  }

  snapshot(): KernelState<Event> {
    return { nowNs: this.nowNs, heap: this.#heap.snapshot() };
  }

  restore(state: KernelState<Event>): void {
    this.nowNs = state.nowNs;
    this.#heap.restore(state.heap);
  }
}
