/**
 * Exact amounts of money. Sums and products of prices, sizes and rates are finite decimals and are kept to the last digit;
 * 40 digits hold every one of them. What has to be divided (margin by a leverage) is never booked, only compared.
 */
import { Decimal } from 'decimal.js';
import type { Instrument } from '../../../core/market.ts';

/** A constructor of our own, so that nobody else's settings change its rounding. */
export const Money = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN });
export type Money = Decimal;

export const ZERO: Money = new Money(0);

/** Decimals of a USDC balance as the exchange shows it. */
export const USD_DECIMALS = 6;

/** Digits of a comparison: far below any amount, and above what quotients that do not end are rounded by. */
const COMPARED_DECIMALS = 18;

/** Whether there is enough: a sum that would be zero if its quotients ended is zero. */
export function isAtLeastZero(sum: Money): boolean {
  return sum.toDecimalPlaces(COMPARED_DECIMALS).gte(0);
}

/** Turns ticks and lots of one instrument into money. */
export class Scale {
  /** What a tick times a lot is worth. */
  readonly #unitUsd: Money;

  constructor({ priceDecimals, sizeDecimals }: Instrument) {
    this.#unitUsd = new Money(`1e-${priceDecimals + sizeDecimals}`);
  }

  /** USD that so many lots are worth at a price. Signed as the lots. Half ticks are allowed. */
  notional(ticks: number, lots: number): Money {
    return new Money(ticks).times(lots).times(this.#unitUsd);
  }

  /** The price in ticks, not a whole number, at which so many lots are worth this much. */
  ticks(notionalUsd: Money, lots: number): Money {
    return notionalUsd.div(this.#unitUsd.times(lots));
  }
}

/** An amount as the program hands it on: rounded half to even at the sixth decimal, as the exchange shows balances. */
export function toUsd(amount: Money): number {
  return amount.toDecimalPlaces(USD_DECIMALS, Decimal.ROUND_HALF_EVEN).toNumber();
}
