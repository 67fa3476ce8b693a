/** Binance writes the bids of a depth update from the lowest price up; a tape has every side best first. */
import { BID, type LevelColumns } from '../../core/market.ts';

/**
 * Puts the levels [first, end) of one side best first, where they stand in order either way. False, with nothing changed,
 * where they stand in no order or a price occurs twice.
 */
export function putBestFirst(levels: LevelColumns, first: number, end: number, side: number): boolean {
  const { priceTicks } = levels;
  if (end - first < 2) return true;
  const ascending = priceTicks[first] < priceTicks[first + 1];
  for (let row = first + 1; row < end; row++) {
    const step = priceTicks[row] - priceTicks[row - 1];
    if (ascending ? step <= 0 : step >= 0) return false;
  }
  if (ascending === (side === BID)) reverse(levels, first, end);
  return true;
}

function reverse(levels: LevelColumns, first: number, end: number): void {
  const { priceTicks, sizeLots, orders } = levels;
  for (let low = first, high = end - 1; low < high; low++, high--) {
    const ticks = priceTicks[low];
    const lots = sizeLots[low];
    const count = orders[low];
    priceTicks[low] = priceTicks[high];
    sizeLots[low] = sizeLots[high];
    orders[low] = orders[high];
    priceTicks[high] = ticks;
    sizeLots[high] = lots;
    orders[high] = count;
  }
}
