/** The trades that an exchange repeats to a new subscriber of `trades` (hyperliquid, section 1.4). */
import type { TradeColumns } from '../../core/market.ts';
import { type Tape, TRADES } from '../../recordings/tape.ts';

/**
 * The newest `limit` trades of an instrument among the first `position` frames in exchange order, oldest first. They
 * come unmarked, as on the real exchange: a core has to tell them from live ones.
 */
export function recentTrades(tape: Tape, position: number, instrument: number, limit: number): TradeColumns {
  const { frames, trades, exchangeOrder } = tape;
  const rows: number[] = [];
  for (let at = position - 1; at >= 0 && rows.length < limit; at--) {
    const frame = exchangeOrder[at];
    if (frames.kind[frame] !== TRADES || frames.instrument[frame] !== instrument) continue;
    const first = frames.firstRow[frame];
    for (let row = first + frames.rowCount[frame] - 1; row >= first && rows.length < limit; row--) rows.push(row);
  }
  rows.reverse();
  return {
    aggressor: Uint8Array.from(rows, row => trades.aggressor[row]),
    priceTicks: Int32Array.from(rows, row => trades.priceTicks[row]),
    sizeLots: Float64Array.from(rows, row => trades.sizeLots[row]),
    tradeId: Float64Array.from(rows, row => trades.tradeId[row]),
    exchNs: Float64Array.from(rows, row => trades.exchNs[row]),
  };
}
