/**
 * Trade ids: 50-bit numbers in no visible order, as the exchange's are (hyperliquid, section 1.5), never the same twice.
 *
 * Four Feistel rounds over two halves of 25 bits map the count of fills one to one, so uniqueness needs no memory.
 */

const HALF_BITS = 25;
const HALF_MASK = (1 << HALF_BITS) - 1;
const HALF_RANGE = 1 << HALF_BITS;
/** Round constants: the fractional digits of the square roots of 2, 3, 5 and 7, as SHA-512 starts from. */
const ROUND_KEYS = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a] as const;

/** The id of the fill with this count, from 0. */
export function tradeId(count: number): number {
  let high = Math.floor(count / HALF_RANGE) & HALF_MASK;
  let low = count & HALF_MASK;
  for (const key of ROUND_KEYS) {
    // Murmur3's finishing multiplication: it spreads a change of one bit over the upper half of the product.
    const mixed = Math.imul(low ^ key, 0x85eb_ca6b);
    const next = high ^ ((mixed ^ (mixed >>> 13)) & HALF_MASK);
    high = low;
    low = next;
  }
  return high * HALF_RANGE + low;
}
