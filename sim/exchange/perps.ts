/**
 * The perpetuals that the simulated exchange lists, as data: how finely they are quoted, how much margin they ask for and
 * how large orders may be. What the exchange's own `meta` says is from the fact sheet (hyperliquid, sections 4 and 6.3);
 * figures that nobody publishes are marked "ours".
 */
import type { Instrument } from '../../core/market.ts';

/** A step of the margin table: above this notional the leverage is at most that. */
export interface MarginTier {
  readonly lowerBoundUsd: number;
  readonly maxLeverage: number;
}

/**
 * How a position may be margined: `normal` cross or isolated, `noCross` isolated only, `strictIsolated` isolated only and
 * what was put in stays until the position shrinks (hyperliquid, section 6.5).
 */
export type MarginMode = 'normal' | 'noCross' | 'strictIsolated';

export interface Perp extends Instrument {
  /** Ascending, the first from 0. */
  readonly marginTiers: readonly MarginTier[];
  readonly marginMode: MarginMode;
  /** Open interest beyond which nobody may add to it; null: no cap. */
  readonly openInterestCapUsd: number | null;
  /** Size at which the funding premium looks at the book. */
  readonly impactNotionalUsd: number;
  /** A builder's share on top of the exchange's fees (hyperliquid, section 6.1: `s`); null: the exchange's own market. */
  readonly deployerFeeScale: number | null;
  /** Where a synthetic market starts, in USD. It fixes the decade of the price and with it the step between prices. */
  readonly usualPriceUsd: number;
}

const SIGNIFICANT_FIGURES = 5;
/** Price and size decimals of a perpetual make up six together. */
const DECIMALS = 6;
const MIN_NOTIONAL_USD = 10;
const MAJOR_IMPACT_USD = 20_000;
const MINOR_IMPACT_USD = 6_000;
const MILLION = 1_000_000;
const BILLION = 1_000 * MILLION;

type Listing = Omit<Perp, 'priceDecimals' | 'significantFigures' | 'minNotionalUsd'>;

function listing(perp: Listing): Perp {
  return {
    ...perp,
    priceDecimals: DECIMALS - perp.sizeDecimals,
    significantFigures: SIGNIFICANT_FIGURES,
    minNotionalUsd: MIN_NOTIONAL_USD,
  };
}

function tiers(...steps: readonly [lowerBoundUsd: number, maxLeverage: number][]): readonly MarginTier[] {
  return steps.map(([lowerBoundUsd, maxLeverage]) => ({ lowerBoundUsd, maxLeverage }));
}

/**
 * All listed perpetuals; the index of a run's instrument is its own, not this one. Ours: every open-interest cap (set well
 * above what the markets have carried), the usual prices, and all of the builder's figures but its margin mode.
 */
export const PERPS: readonly Perp[] = [
  listing({
    symbol: 'BTC',
    sizeDecimals: 5,
    marginTiers: tiers([0, 40], [150 * MILLION, 20]),
    marginMode: 'normal',
    openInterestCapUsd: 10 * BILLION,
    impactNotionalUsd: MAJOR_IMPACT_USD,
    deployerFeeScale: null,
    usualPriceUsd: 95_000,
  }),
  listing({
    symbol: 'ETH',
    sizeDecimals: 4,
    marginTiers: tiers([0, 25], [100 * MILLION, 15]),
    marginMode: 'normal',
    openInterestCapUsd: 6 * BILLION,
    impactNotionalUsd: MAJOR_IMPACT_USD,
    deployerFeeScale: null,
    usualPriceUsd: 3_500,
  }),
  listing({
    symbol: 'SOL',
    sizeDecimals: 2,
    marginTiers: tiers([0, 20], [70 * MILLION, 10]),
    marginMode: 'normal',
    openInterestCapUsd: 3 * BILLION,
    impactNotionalUsd: MINOR_IMPACT_USD,
    deployerFeeScale: null,
    usualPriceUsd: 180,
  }),
  listing({
    symbol: 'HYPE',
    sizeDecimals: 2,
    marginTiers: tiers([0, 10], [20 * MILLION, 5]),
    marginMode: 'normal',
    openInterestCapUsd: 3 * BILLION,
    impactNotionalUsd: MINOR_IMPACT_USD,
    deployerFeeScale: null,
    usualPriceUsd: 40,
  }),
  listing({
    symbol: 'kPEPE',
    sizeDecimals: 0,
    marginTiers: tiers([0, 10], [20 * MILLION, 5]),
    marginMode: 'normal',
    openInterestCapUsd: 200 * MILLION,
    impactNotionalUsd: MINOR_IMPACT_USD,
    deployerFeeScale: null,
    usualPriceUsd: 0.012,
  }),
  listing({
    symbol: 'hyna:HYPE',
    sizeDecimals: 2,
    marginTiers: tiers([0, 10]),
    marginMode: 'strictIsolated',
    openInterestCapUsd: 50 * MILLION,
    impactNotionalUsd: MINOR_IMPACT_USD,
    deployerFeeScale: 1,
    usualPriceUsd: 40,
  }),
  listing({
    symbol: 'hyna:BTC',
    sizeDecimals: 5,
    marginTiers: tiers([0, 40]),
    marginMode: 'strictIsolated',
    openInterestCapUsd: 100 * MILLION,
    impactNotionalUsd: MINOR_IMPACT_USD,
    deployerFeeScale: 1,
    usualPriceUsd: 95_000,
  }),
];

const BY_SYMBOL: ReadonlyMap<string, Perp> = new Map(PERPS.map(perp => [perp.symbol, perp]));

/** A listed perpetual; undefined for a symbol that the simulated exchange does not list. */
export function perpOf(symbol: string): Perp | undefined {
  return BY_SYMBOL.get(symbol);
}

/**
 * The rules for an instrument of a run: those of the listed perpetual of that name, with the decimals that the run has. A
 * symbol of another venue (`ETHUSDT`) is margined as most of the exchange's smaller listings are, tenfold at any size,
 * and has no cap on open interest.
 */
export function perpFor(instrument: Instrument): Perp {
  const listed = perpOf(instrument.symbol);
  if (listed !== undefined) return { ...listed, ...instrument };
  return {
    ...instrument,
    marginTiers: tiers([0, 10]),
    marginMode: 'normal',
    openInterestCapUsd: null,
    impactNotionalUsd: MINOR_IMPACT_USD,
    deployerFeeScale: null,
    usualPriceUsd: 1_000,
  };
}

/** True where a position can only be isolated. */
export function onlyIsolated(perp: Perp): boolean {
  return perp.marginMode !== 'normal';
}

/** The most leverage that any position in it may have. */
export function maxLeverage(perp: Perp): number {
  return perp.marginTiers[0].maxLeverage;
}

/** Largest order that takes at once (hyperliquid, section 4). */
export function maxMarketOrderUsd(perp: Perp): number {
  const leverage = maxLeverage(perp);
  if (leverage >= 25) return 30 * MILLION;
  if (leverage >= 20) return 5 * MILLION;
  return leverage >= 10 ? 2 * MILLION : 500_000;
}

/** Largest order that may rest: ten times as large. */
export function maxLimitOrderUsd(perp: Perp): number {
  return 10 * maxMarketOrderUsd(perp);
}
