/**
 * What tells one synthetic instrument from another: its price level, how liquid and how nervous it is. The price and the
 * premium's notional are those of the listing (`exchange/perps.ts`); the factors are ours, rounded from what such markets
 * look like beside BTC. A preset's amounts are multiplied by them.
 */
import type { Instrument } from '../../core/market.ts';
import { perpFor } from '../exchange/perps.ts';

export interface Character {
  /** Fair price at the start. */
  readonly priceUsd: number;
  /** Multiplies every amount in USD; impact is divided by it. */
  readonly liquidity: number;
  /** Multiplies volatility and jumps, 1 or more, so that what a preset says of moves holds for every instrument. */
  readonly volatility: number;
  /** Multiplies the makers' distances. */
  readonly spread: number;
  /** Notional for which the premium's impact prices are taken (hyperliquid, section 6.2). */
  readonly impactUsd: number;
  /** A builder's market: its premium has a formula of its own. */
  readonly isBuilders: boolean;
}

type Factors = Pick<Character, 'liquidity' | 'volatility' | 'spread'>;

const FACTORS: ReadonlyMap<string, Factors> = new Map([
  ['BTC', { liquidity: 1, volatility: 1, spread: 1 }],
  ['ETH', { liquidity: 0.6, volatility: 1.1, spread: 1.3 }],
  ['SOL', { liquidity: 0.3, volatility: 1.2, spread: 1.6 }],
  ['HYPE', { liquidity: 0.2, volatility: 1.3, spread: 2 }],
  ['kPEPE', { liquidity: 0.1, volatility: 1.3, spread: 2.5 }],
  ['hyna:HYPE', { liquidity: 0.05, volatility: 1.3, spread: 3 }],
  ['hyna:BTC', { liquidity: 0.1, volatility: 1, spread: 2 }],
]);
/** For a coin that is not listed: a small one. */
const OTHER: Factors = { liquidity: 0.1, volatility: 1.3, spread: 2.5 };

/** The instruments that have a character of their own. */
export const CHARACTER_NAMES: readonly string[] = [...FACTORS.keys()];

/** The character of an instrument; one that is not listed is a small coin. */
export function characterOf(instrument: Instrument): Character {
  const { usualPriceUsd, impactNotionalUsd, deployerFeeScale } = perpFor(instrument);
  const factors = FACTORS.get(instrument.symbol) ?? OTHER;
  return { priceUsd: usualPriceUsd, impactUsd: impactNotionalUsd, isBuilders: deployerFeeScale !== null, ...factors };
}
