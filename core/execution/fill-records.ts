/** The newest fills, one row each in flat columns: a ring. A row is named by its number, counted from the first fill of all. */
import type { Side } from '../market.ts';

/** One fill as it was recorded (playbook 3.5). */
export interface FillRecord {
  /** When the core took it up, ns. */
  timestampNs: number;
  side: Side;
  priceTicks: number;
  sizeLots: number;
  /** Size that stood before the order when it was placed, lots; undefined: not known. */
  queuePositionLots: number | undefined;
  /** From the match to here, ms. */
  latencyMs: number;
  /** Mid when the order was placed, ticks; undefined: not known. */
  midAtPlacementTicks: number | undefined;
  /** Mid one second after the fill, ticks; undefined: not yet, or never, known. */
  priceAfter1s: number | undefined;
}

/** Columns. In all of them but the first five, `UNKNOWN` says that the value is not known. */
const COLUMNS = ['atNs', 'side', 'priceTicks', 'sizeLots', 'latencyMs', 'queueLots', 'midTicks', 'priceAfter'] as const;
type Column = (typeof COLUMNS)[number];
export const UNKNOWN = -1;

export class FillRecords {
  readonly #capacity: number;
  readonly #columns: Readonly<Record<Column, Float64Array>>;
  /** Rows written so far. */
  #written = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    const column = (): Float64Array => new Float64Array(capacity);
    this.#columns = {
      atNs: column(),
      side: column(),
      priceTicks: column(),
      sizeLots: column(),
      latencyMs: column(),
      queueLots: column(),
      midTicks: column(),
      priceAfter: column(),
    };
  }

  /** Number of the next row. */
  get end(): number {
    return this.#written;
  }

  /** Number of the oldest row that is still there. */
  get first(): number {
    return Math.max(0, this.#written - this.#capacity);
  }

  add(record: FillRecord): void {
    const at = this.#written % this.#capacity;
    const columns = this.#columns;
    columns.atNs[at] = record.timestampNs;
    columns.side[at] = record.side;
    columns.priceTicks[at] = record.priceTicks;
    columns.sizeLots[at] = record.sizeLots;
    columns.latencyMs[at] = record.latencyMs;
    columns.queueLots[at] = record.queuePositionLots ?? UNKNOWN;
    columns.midTicks[at] = record.midAtPlacementTicks ?? UNKNOWN;
    columns.priceAfter[at] = record.priceAfter1s ?? UNKNOWN;
    this.#written++;
  }

  get(column: Column, row: number): number {
    return this.#columns[column][row % this.#capacity];
  }

  /** Writes the price that came out after a fill. */
  setPriceAfter(row: number, ticks: number): void {
    this.#columns.priceAfter[row % this.#capacity] = ticks;
  }

  /** One row as an object. */
  record(row: number): FillRecord {
    const known = (column: Column): number | undefined => {
      const value = this.get(column, row);
      return value === UNKNOWN ? undefined : value;
    };
    return {
      timestampNs: this.get('atNs', row),
      side: this.get('side', row) as Side,
      priceTicks: this.get('priceTicks', row),
      sizeLots: this.get('sizeLots', row),
      queuePositionLots: known('queueLots'),
      latencyMs: this.get('latencyMs', row),
      midAtPlacementTicks: known('midTicks'),
      priceAfter1s: known('priceAfter'),
    };
  }

  snapshot(): unknown {
    const columns = this.#columns;
    return { written: this.#written, columns: COLUMNS.map(name => columns[name].slice()) };
  }

  restore(state: unknown): void {
    const from = state as { written: number; columns: readonly Float64Array[] };
    this.#written = from.written;
    COLUMNS.forEach((name, index) => {
      this.#columns[name].set(from.columns[index]);
    });
  }
}
