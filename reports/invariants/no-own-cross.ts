/** No own bid rests at or above an own ask of the same instrument. */
import { BID } from '../../core/market.ts';
import type { StandingRule } from './standing-orders.ts';

export const noOwnCross: StandingRule = orders => {
  const bestBid = new Map<number, number>();
  const bestAsk = new Map<number, number>();
  for (const { instrument, side, priceTicks } of orders.all()) {
    if (side === BID) bestBid.set(instrument, Math.max(priceTicks, bestBid.get(instrument) ?? 0));
    else bestAsk.set(instrument, Math.min(priceTicks, bestAsk.get(instrument) ?? Number.POSITIVE_INFINITY));
  }
  for (const [instrument, bid] of bestBid) {
    const ask = bestAsk.get(instrument) ?? Number.POSITIVE_INFINITY;
    if (bid >= ask) return `an own bid at ${bid} ticks rests at or above an own ask at ${ask}`;
  }
  return null;
};
