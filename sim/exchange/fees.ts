/**
 * Fees of fills (hyperliquid, section 6.1): the rates that an account pays, and what they make of one fill, exact. Each
 * component of a fee is notional × rate, cut off after six decimals.
 */
import type { Instrument } from '../../core/market.ts';
import { type Perp, perpFor } from './perps.ts';

/** Rates in basis points; negative: a rebate. */
export interface FeeRates {
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
}

export interface FeeSettings extends FeeRates {
  /** What the builder of the client gets on top, of every fill. Without it: nothing. */
  readonly builderFeeBps?: number;
}

/** By volume of the last 14 days, perpetuals and twice the spot volume. A tier holds above its bound. */
export const FEE_TIERS: readonly ({ readonly aboveUsd: number } & FeeRates)[] = [
  { aboveUsd: 0, makerFeeBps: 1.5, takerFeeBps: 4.5 },
  { aboveUsd: 5_000_000, makerFeeBps: 1.2, takerFeeBps: 4 },
  { aboveUsd: 25_000_000, makerFeeBps: 0.8, takerFeeBps: 3.5 },
  { aboveUsd: 100_000_000, makerFeeBps: 0.4, takerFeeBps: 3 },
  { aboveUsd: 500_000_000, makerFeeBps: 0, takerFeeBps: 2.8 },
  { aboveUsd: 2_000_000_000, makerFeeBps: 0, takerFeeBps: 2.6 },
  { aboveUsd: 7_000_000_000, makerFeeBps: 0, takerFeeBps: 2.4 },
];

/** By share of all makers' volume of the last 14 days. */
export const MAKER_REBATES: readonly { readonly aboveShare: number; readonly makerFeeBps: number }[] = [
  { aboveShare: 0.005, makerFeeBps: -0.1 },
  { aboveShare: 0.015, makerFeeBps: -0.2 },
  { aboveShare: 0.03, makerFeeBps: -0.3 },
];

/** By HYPE staked; off both rates, rebates excepted. */
export const STAKING_DISCOUNTS: readonly { readonly aboveHype: number; readonly discountPercent: number }[] = [
  { aboveHype: 10, discountPercent: 5 },
  { aboveHype: 100, discountPercent: 10 },
  { aboveHype: 1_000, discountPercent: 15 },
  { aboveHype: 10_000, discountPercent: 20 },
  { aboveHype: 100_000, discountPercent: 30 },
  { aboveHype: 500_000, discountPercent: 40 },
];

/** What an account's rates depend on. */
export interface FeeStanding {
  /** Weighted, of the last 14 days. */
  readonly volumeUsd: number;
  /** Of all makers' volume, 0 to 1. */
  readonly makerShare?: number;
  readonly stakedHype?: number;
  /** Until $25 M have been traded. */
  readonly referralDiscountPercent?: number;
}

const PERCENT = 100;
/** A builder's market in its growth phase pays a tenth. */
const GROWTH_DIVISOR = 10;

/** The rates of an account on the exchange's own perpetuals. */
export function feeRatesOf(standing: FeeStanding): FeeRates {
  const { volumeUsd, makerShare = 0, stakedHype = 0, referralDiscountPercent = 0 } = standing;
  const tier = FEE_TIERS.filter(({ aboveUsd }) => volumeUsd > aboveUsd).at(-1) ?? FEE_TIERS[0];
  const rebate = MAKER_REBATES.filter(({ aboveShare }) => makerShare > aboveShare).at(-1);
  const staking = STAKING_DISCOUNTS.filter(({ aboveHype }) => stakedHype > aboveHype).at(-1)?.discountPercent ?? 0;
  const kept = ((PERCENT - staking) * (PERCENT - referralDiscountPercent)) / (PERCENT * PERCENT);
  return {
    makerFeeBps: rebate === undefined ? tier.makerFeeBps * kept : rebate.makerFeeBps,
    takerFeeBps: tier.takerFeeBps * kept,
  };
}

/** The same account's rates on a builder's perpetual. What is below 100 % of the builder is added, above that both double. */
export function builderRates(rates: FeeRates, deployerFeeScale: number, growthMode: boolean): FeeRates {
  const scale = deployerFeeScale < 1 ? 1 + deployerFeeScale : 2 * deployerFeeScale;
  const growth = growthMode ? GROWTH_DIVISOR : 1;
  const { makerFeeBps, takerFeeBps } = rates;
  return {
    makerFeeBps: (makerFeeBps > 0 ? makerFeeBps * scale : makerFeeBps) / growth,
    takerFeeBps: (takerFeeBps * scale) / growth,
  };
}

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

  /** Fee in whole millionths of a USD, cut towards zero. */
  feeMicros(priceTicks: number, sizeLots: number): number {
    return Number((BigInt(priceTicks) * BigInt(sizeLots) * this.#units) / this.#divisor);
  }

  /** Fee in USD, cut towards zero to whole millionths. */
  feeUsd(priceTicks: number, sizeLots: number): number {
    return this.feeMicros(priceTicks, sizeLots) / MICROS_PER_USD;
  }
}

/** All that a fill of one instrument costs. */
export class Fees {
  readonly #maker: FeeRate;
  readonly #taker: FeeRate;
  readonly #builder: FeeRate;

  constructor(instrument: Instrument, settings: FeeSettings, perp: Perp = perpFor(instrument)) {
    const { deployerFeeScale } = perp;
    const rates = deployerFeeScale === null ? settings : builderRates(settings, deployerFeeScale, false);
    this.#maker = new FeeRate(instrument, rates.makerFeeBps);
    this.#taker = new FeeRate(instrument, rates.takerFeeBps);
    this.#builder = new FeeRate(instrument, settings.builderFeeBps ?? 0);
  }

  /** USD to the sixth decimal; `crossed`: for the taker. */
  feeUsd(priceTicks: number, sizeLots: number, crossed: boolean): number {
    const rate = crossed ? this.#taker : this.#maker;
    const micros = rate.feeMicros(priceTicks, sizeLots) + this.#builder.feeMicros(priceTicks, sizeLots);
    return micros / MICROS_PER_USD;
  }
}
