/** Frames as the world would send them, for tests of what looks at frames. */
import type { AnomalyType, LogEntry, LogType } from '../../../core/evidence.ts';
import { ASK, BID, newLevelColumns, type TradeColumns } from '../../../core/market.ts';
import type { BookMessage, TradesMessage } from '../../../core/port.ts';

/** Price in ticks and size in lots. */
export type Level = readonly [ticks: number, lots: number];

export const BIDS: readonly Level[] = [
  [9_999, 5],
  [9_998, 7],
];
export const ASKS: readonly Level[] = [
  [10_001, 5],
  [10_002, 7],
];

/** A book frame: a good snapshot of the touch around 10,000 where nothing else is said. */
export function bookFrame(
  change: Partial<BookMessage> & { bids?: readonly Level[]; asks?: readonly Level[] } = {},
): BookMessage {
  const { bids = BIDS, asks = ASKS, ...rest } = change;
  const rows = [...bids, ...asks];
  const levels = newLevelColumns(rows.length);
  for (const [row, [ticks, lots]] of rows.entries()) {
    levels.side[row] = row < bids.length ? BID : ASK;
    levels.priceTicks[row] = ticks;
    levels.sizeLots[row] = lots;
  }
  return {
    kind: 'book',
    nowNs: 0,
    feed: 'l2Book',
    instrument: 0,
    exchNs: 0,
    sequence: 0,
    updateId: 0,
    previousUpdateId: 0,
    isSnapshot: true,
    levels,
    first: 0,
    count: rows.length,
    ...rest,
  };
}

export function tradesFrame(change: Partial<TradesMessage> & { rows?: readonly Level[] } = {}): TradesMessage {
  const { rows = [[10_000, 1]], ...rest } = change;
  const trades: TradeColumns = {
    aggressor: new Uint8Array(rows.length),
    priceTicks: Int32Array.from(rows, ([ticks]) => ticks),
    sizeLots: Float64Array.from(rows, ([, lots]) => lots),
    tradeId: new Float64Array(rows.length),
    exchNs: new Float64Array(rows.length),
  };
  return {
    kind: 'trades',
    nowNs: 0,
    feed: 'trades',
    instrument: 0,
    exchNs: 0,
    sequence: 0,
    trades,
    first: 0,
    count: rows.length,
    ...rest,
  };
}

/** A log that is kept, and can be asked for the entries of one type. */
export class KeptLog {
  readonly entries: LogEntry[] = [];
  readonly write = (entry: LogEntry): void => {
    this.entries.push(entry);
  };

  /** How often an anomaly was found. */
  count(anomaly: AnomalyType): number {
    return this.of('anomaly').filter(entry => entry.anomaly === anomaly).length;
  }

  of<T extends LogType>(type: T): Extract<LogEntry, { type: T }>[] {
    return this.entries.filter((entry): entry is Extract<LogEntry, { type: T }> => entry.type === type);
  }
}
