import { describe, expect, it } from 'vitest';
import { countsAgainstSide, rateLimitError, refusalType } from '../../../../core/infra/rate-limit/error-type.ts';

describe('the exchange’s texts', () => {
  it.each([
    ['429 Too Many Requests', 'RateLimit'],
    ['Rate limit reached', 'RateLimit'],
    ['RATE_LIMIT', 'RateLimit'],
    ['request throttled', 'RateLimit'],
    [
      'Too many cumulative requests sent (97460 > 97456) for cumulative volume traded $87457.46. Place taker orders to free up 1 request per USDC traded.',
      'CumulativeRequests',
    ],
    ['Too many cumulative requests sent (429 > 428) for cumulative volume traded $0.', 'CumulativeRequests'],
    ['Order would cause position to exceed margin tier limit at current leverage', 'PositionLimit'],
    ['PerpMaxPosition', 'PositionLimit'],
    ['Order size would exceed what is allowed', 'PositionLimit'],
    ['Insufficient margin to place order. asset=0', 'Margin'],
    // The number of the asset, and digits within a price, are no status.
    ['Insufficient margin to place order. asset=429', 'Margin'],
    ['Post only order would have immediately matched, bbo was 429@430. asset=0', 'PriceError'],
    ['Post only order would have immediately matched, bbo was 42900@42901', 'PriceError'],
    ['Cannot modify canceled or filled order', 'PriceError'],
    ['Price must be divisible by tick size.', 'PriceError'],
    ['Order has invalid price.', 'PriceError'],
    ['badAloPxRejected', 'PriceError'],
    ['Order must have minimum value of $10.', 'Other'],
    ['Reduce only order would increase position.', 'Other'],
    ['', 'Other'],
  ])('%s: %s', (error, type) => {
    expect(refusalType(error)).toBe(type);
    expect(refusalType(error.toUpperCase())).toBe(type);
  });

  it('count towards the back-off of a side, or of all calls, or neither', () => {
    expect((['PositionLimit', 'Margin', 'Other'] as const).every(countsAgainstSide)).toBe(true);
    expect((['RateLimit', 'CumulativeRequests', 'PriceError'] as const).some(countsAgainstSide)).toBe(false);
    expect(rateLimitError('RateLimit')).toBe('TooManyRequests');
    expect(rateLimitError('CumulativeRequests')).toBe('CumulativeRequests');
    expect(rateLimitError('Margin')).toBeNull();
  });
});
