/**
 * Which prices an order may have: every multiple of the tick, and where the venue limits significant figures, only those
 * with so few of them, except that whole numbers are always allowed (Hyperliquid's price rule). So the step between prices
 * depends on the price's decade.
 */
import type { Instrument } from '../market.ts';
import { POWERS_OF_TEN } from '../scale.ts';

/** Distance between valid prices at `ticks`, in ticks. */
export function stepTicks(instrument: Instrument, ticks: number): number {
  const figures = instrument.significantFigures;
  if (figures === 0) return 1;
  let digits = figures;
  while (ticks >= POWERS_OF_TEN[digits]) digits++;
  return POWERS_OF_TEN[Math.min(digits - figures, instrument.priceDecimals)];
}

/** The highest valid price at or below `ticks`, which need not be whole. */
export function roundDown(instrument: Instrument, ticks: number): number {
  const step = stepTicks(instrument, ticks);
  return Math.floor(ticks / step) * step;
}

/** The lowest valid price at or above `ticks`, which need not be whole. */
export function roundUp(instrument: Instrument, ticks: number): number {
  const step = stepTicks(instrument, ticks);
  return Math.ceil(ticks / step) * step;
}
