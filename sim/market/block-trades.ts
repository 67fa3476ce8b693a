/** The trades of one block, by instrument, in the order in which they were matched. Nothing is allocated for a trade. */
import type { Side } from '../../core/market.ts';

/** Fields of one trade: aggressor, price in ticks, size in lots, trade id. */
const FIELDS = 4;
const FIRST_ROWS = 64;

export class BlockTrades {
  readonly #rows: Float64Array[];
  readonly #counts: Int32Array;

  constructor(instruments: number) {
    this.#rows = Array.from({ length: instruments }, () => new Float64Array(FIRST_ROWS * FIELDS));
    this.#counts = new Int32Array(instruments);
  }

  add(instrument: number, aggressor: Side, priceTicks: number, sizeLots: number, tradeId: number): void {
    const at = this.#counts[instrument] * FIELDS;
    let rows = this.#rows[instrument];
    if (at === rows.length) {
      const longer = new Float64Array(2 * rows.length);
      longer.set(rows);
      this.#rows[instrument] = longer;
      rows = longer;
    }
    rows[at] = aggressor;
    rows[at + 1] = priceTicks;
    rows[at + 2] = sizeLots;
    rows[at + 3] = tradeId;
    this.#counts[instrument]++;
  }

  count(instrument: number): number {
    return this.#counts[instrument];
  }

  /** Hands the block's trades of an instrument to `take`, in order, and forgets them. */
  drain(
    instrument: number,
    take: (aggressor: number, priceTicks: number, sizeLots: number, tradeId: number) => void,
  ): void {
    const rows = this.#rows[instrument];
    const end = this.#counts[instrument] * FIELDS;
    for (let at = 0; at < end; at += FIELDS) take(rows[at], rows[at + 1], rows[at + 2], rows[at + 3]);
    this.#counts[instrument] = 0;
  }

  /** The rows of each instrument that were not handed on yet. */
  snapshot(): Float64Array[] {
    return this.#rows.map((rows, instrument) => rows.slice(0, this.#counts[instrument] * FIELDS));
  }

  restore(state: readonly Float64Array[]): void {
    this.#counts.fill(0);
    state.forEach((rows, instrument) => {
      for (let at = 0; at < rows.length; at += FIELDS) {
        this.add(instrument, rows[at] as Side, rows[at + 1], rows[at + 2], rows[at + 3]);
      }
    });
  }
}
