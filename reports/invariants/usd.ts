/** Value of a size at a price. */
import type { Instrument } from '../../core/market.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';

/** Notional in USD; the division is the only rounding. */
export function notionalUsd(instrument: Instrument, priceTicks: number, sizeLots: number): number {
  return (priceTicks * sizeLots) / POWERS_OF_TEN[instrument.priceDecimals + instrument.sizeDecimals];
}
