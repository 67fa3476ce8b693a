/** The hot intervals of one symptom, kept by slot: whatever is hot or cold by itself, such as one side of one instrument. */
import type { Instrument, SideName } from '../../core/market.ts';
import type { HotInterval } from './symptom.ts';

const COLD = -1;

interface HotListState {
  hot: Int32Array;
  intervals: readonly HotInterval[];
}

export class HotList {
  readonly #instruments: readonly Instrument[];
  /** By slot: index of the open interval, or COLD. */
  readonly #hot: Int32Array;
  #intervals: HotInterval[] = [];

  constructor(instruments: readonly Instrument[], slots: number) {
    this.#instruments = instruments;
    this.#hot = new Int32Array(slots).fill(COLD);
  }

  /** When the open interval of a slot began, ns; -1 where it is cold. */
  hotSinceNs(slot: number): number {
    const index = this.#hot[slot];
    return index === COLD ? -1 : this.#intervals[index].fromNs;
  }

  /** `words`: why, to which the instrument is added where there are several. */
  open(slot: number, fromNs: number, event: number, instrument: number, side: SideName | null, words: string): void {
    this.#hot[slot] = this.#intervals.length;
    const why = this.#instruments.length > 1 ? `${this.#instruments[instrument].symbol}: ${words}` : words;
    this.#intervals.push({ fromNs, toNs: null, side, event, why, instrument, toEvent: null, by: null });
  }

  close(slot: number, toNs: number, event: number, by: string): void {
    const open = this.#intervals[this.#hot[slot]];
    open.toNs = toNs;
    open.toEvent = event;
    open.by = by;
    this.#hot[slot] = COLD;
  }

  get isHot(): boolean {
    return this.#hot.some(index => index !== COLD);
  }

  /** By their beginning; copies. */
  intervals(): HotInterval[] {
    return this.#intervals.map(interval => ({ ...interval }));
  }

  snapshot(): unknown {
    return { hot: this.#hot.slice(), intervals: this.intervals() } satisfies HotListState;
  }

  restore(state: unknown): void {
    const { hot, intervals } = state as HotListState;
    this.#hot.set(hot);
    this.#intervals = intervals.map(interval => ({ ...interval }));
  }
}
