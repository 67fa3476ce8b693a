/** Fees of one fill, exact: notional × rate, cut off after six decimals (hyperliquid, section 6.1). */
import type { Instrument } from '../../core/market.ts';

/** Units of a rate in one basis point: rates go down to 0.0001 bps, which holds every published tier and discount. */
const UNITS_PER_BPS = 10_000;
/** Decimals of a rate counted in those units, less the six that stay in the fee. */
const DECIMALS_TO_CUT = 8 - 6;
const MICROS_PER_USD = 1_000_000;

/** Computes fees for one instrument and one rate. Fills are rare, so it can afford integers of any size. */
export class FeeRate {
  readonly #units: bigint;
  readonly #divisor: bigint;

  /** `bps` may be negative (a rebate) and is rounded to 0.0001. */
  constructor(instrument: Instrument, bps: number) {
    this.#units = BigInt(Math.round(bps * UNITS_PER_BPS));
    const decimals = instrument.priceDecimals + instrument.sizeDecimals + DECIMALS_TO_CUT;
    this.#divisor = BigInt(`1${'0'.repeat(decimals)}`);
  }

  /** Fee in USD, cut towards zero to whole millionths. */
  feeUsd(priceTicks: number, sizeLots: number): number {
    const micros = (BigInt(priceTicks) * BigInt(sizeLots) * this.#units) / this.#divisor;
    return Number(micros) / MICROS_PER_USD;
  }
}
