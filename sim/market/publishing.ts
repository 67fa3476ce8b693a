/** What the exchange publishes of its market, and how often (hyperliquid, sections 1.4 and 1.6). */
import { NS_PER_MS, NS_PER_S } from '../../core/scale.ts';

/** How `l2Book` and its fast variant were sent over the exchange's history, by the time from which it holds. */
export const BOOK_CADENCES = ['until-june-2026', 'june-2026', 'july-2026'] as const;
export type BookCadenceName = (typeof BOOK_CADENCES)[number];

export interface BookCadence {
  /** Least time between two full books of 20 levels a side. */
  readonly fullNs: number;
  /** Least time between two fast books of 5 levels a side; Infinity where there were none. */
  readonly fastNs: number;
}

export const BOOK_CADENCE: Readonly<Record<BookCadenceName, BookCadence>> = {
  'until-june-2026': { fullNs: 500 * NS_PER_MS, fastNs: Infinity },
  'june-2026': { fullNs: 2 * NS_PER_S, fastNs: 500 * NS_PER_MS },
  'july-2026': { fullNs: 5 * NS_PER_S, fastNs: 500 * NS_PER_MS },
};

export const FULL_BOOK_DEPTH = 20;
export const FAST_BOOK_DEPTH = 5;
/** Throttle of `allMids`, measured in June 2026. */
export const ALL_MIDS_NS = 2 * NS_PER_S;

export interface PublishingSettings {
  readonly bookCadence: BookCadenceName;
}

export const DEFAULT_PUBLISHING: PublishingSettings = { bookCadence: 'july-2026' };
