/** The trades that an exchange repeats to a new subscriber of `trades` (hyperliquid, section 1.4). */
import type { TradeColumns } from '../../core/market.ts';
import { TRADES } from '../../recordings/tape.ts';
import type { MarketFrames } from '../market/frames.ts';

/**
 * The newest `limit` trades of an instrument among the first `count` frames of an order, oldest first. They come unmarked,
 * as on the real exchange: a core has to tell them from live ones.
 *
 * `order`: frame numbers as they happened at the exchange; null where that is the order of their numbers.
 */
export function recentTrades(
  { frames, trades }: MarketFrames,
  order: Uint32Array | null,
  count: number,
  instrument: number,
  limit: number,
): TradeColumns {
  const rows: number[] = [];
  for (let at = count - 1; at >= 0 && rows.length < limit; at--) {
    const frame = order === null ? at : order[at];
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
