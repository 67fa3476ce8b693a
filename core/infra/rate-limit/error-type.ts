/**
 * What a refusal is about (playbook 1.1, core-facts 1.1): too many requests, a limit of the position, margin, the price, or
 * something else. The texts are the exchange's (hyperliquid, section 2.5); large and small letters do not matter and the first
 * match decides.
 *
 * A price in a text can hold any digits: `429` counts as a word of its own only, and what post-only refuses, whose text ends with
 * two prices, is known by its own words before any digits are looked at.
 */
import type { RateLimitErrorType } from '../../evidence.ts';
import { isOvertaken } from '../../execution/exchange-texts.ts';

export const REFUSAL_TYPES = [
  'RateLimit',
  'CumulativeRequests',
  'PositionLimit',
  'Margin',
  'PriceError',
  'Other',
] as const;
export type RefusalType = (typeof REFUSAL_TYPES)[number];

/** The exchange ends some texts with the number of the asset, which says nothing of the reason. */
const ASSET = /asset=\d+/;
const RATE_LIMIT = /rate limit|rate_limit|too many requests|\b429\b|throttl/;
const POSITION_LIMIT = /perpmaxposition|max position|position size/;
const MARGIN = /perpmargin|margin|leverage|insufficient/;
const PRICE = /badalopx|price|px/;

/** Classifies the text of a refusal, of an item or of a whole action. */
export function refusalType(error: string): RefusalType {
  const text = error.toLowerCase().replace(ASSET, '');
  if (isOvertaken(text)) return 'PriceError';
  if (text.includes('cumulative requests')) return 'CumulativeRequests';
  if (RATE_LIMIT.test(text)) return 'RateLimit';
  if (POSITION_LIMIT.test(text)) return 'PositionLimit';
  if (text.includes('exceed') && (text.includes('position') || text.includes('size'))) return 'PositionLimit';
  if (MARGIN.test(text)) return 'Margin';
  return PRICE.test(text) ? 'PriceError' : 'Other';
}

/** The error that the limit of requests has to hear of; null: it was refused for another reason. */
export function rateLimitError(type: RefusalType): RateLimitErrorType | null {
  if (type === 'RateLimit') return 'TooManyRequests';
  return type === 'CumulativeRequests' ? 'CumulativeRequests' : null;
}

/**
 * Whether a refusal counts towards the back-off of its side. The next order may have a better price, and too many requests are
 * no matter of one side.
 */
export function countsAgainstSide(type: RefusalType): boolean {
  return type === 'PositionLimit' || type === 'Margin' || type === 'Other';
}
