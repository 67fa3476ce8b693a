/**
 * A trace: all that the observers of a run were told, call by call in order, and what they could read of the core besides. The
 * same observers can be driven again from it (`trace-driver.ts`), without a run.
 *
 * One row is one call. What comes with every frame lies in columns of numbers; all other arguments lie, as MessagePack, in
 * `payload`. What of the core changed since the row before, as an observer may read it in this call, stands in the row too:
 * its metrics one by one, and its own view of its account (`account`, see `core-account.ts`).
 *
 *     recorder ─→ batches ─→ trace-encode ─→ file ─→ trace-decode ─→ batches ─→ driver ─→ observers
 */
import type { Instrument } from '../../core/market.ts';
import type { BinaryColumn } from '../../recordings/arrow-file.ts';
import type { Column } from '../../recordings/byte-order.ts';

/** The columns of numbers, in the file's order. A call leaves those that are none of its arguments at 0. */
export const NUMBERS = {
  /** Index into `HOOKS`. */
  hook: Uint8Array,
  /** When, ns; of `onHandled` `startNs`, of `onEvidence` the entry's own time. */
  atNs: Float64Array,
  event: Uint32Array,
  // onMarket and onDelivered:
  instrument: Uint16Array,
  /** Index into `FEEDS`. */
  feed: Uint8Array,
  bestBidTicks: Int32Array,
  bestAskTicks: Int32Array,
  // onHandled:
  /** Index into `MESSAGES`. */
  message: Uint8Array,
  endNs: Float64Array,
  queuedNs: Float64Array,
  waitedNs: Float64Array,
  cycles: Uint32Array,
  spills: Uint32Array,
} as const;
export type NumberName = keyof typeof NUMBERS;
export const NUMBER_NAMES = Object.keys(NUMBERS) as readonly NumberName[];
export type Numbers = { readonly [Name in NumberName]: InstanceType<(typeof NUMBERS)[Name]> };

/** Values that changed, by row: those of row `i` stand from `offsets[i]` to `offsets[i + 1]`. */
export interface MetricChanges {
  readonly offsets: Int32Array;
  /** Index into the core's metrics. */
  readonly metric: Uint16Array;
  readonly value: Float64Array;
}

/** Some rows, one after the other. */
export interface TraceBatch {
  readonly rows: number;
  readonly numbers: Numbers;
  readonly metrics: MetricChanges;
  /** The call's other arguments. */
  readonly payload: BinaryColumn;
  /** Empty where the account is as it was. */
  readonly account: BinaryColumn;
}

/** What an observer gets to know before the run starts, and what the core could be asked for. */
export interface TraceStart {
  readonly instruments: readonly Instrument[];
  readonly fromNs: number;
  readonly toNs: number;
  readonly healNs: number;
  /** How many metrics the core has. */
  readonly metricCount: number;
  readonly hasAccountView: boolean;
}

export interface Trace {
  readonly start: TraceStart;
  readonly batches: readonly TraceBatch[];
}

export function rowCount({ batches }: Trace): number {
  return batches.reduce((rows, batch) => rows + batch.rows, 0);
}

/** All columns of a batch, in the file's order. */
export function columnsOf({ numbers, metrics, payload, account }: TraceBatch): Column[] {
  return [
    ...NUMBER_NAMES.map(name => numbers[name]),
    metrics.offsets,
    metrics.metric,
    metrics.value,
    payload.offsets,
    payload.bytes,
    account.offsets,
    account.bytes,
  ];
}
