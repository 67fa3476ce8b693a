/** The exchange's words where margin is short (hyperliquid, sections 2.3 and 2.5, and what clients have been answered). */

export const PERP_MAX_POSITION = 'Order would cause position to exceed margin tier limit at current leverage';

export function insufficientMargin(instrument: number): string {
  return `Insufficient margin to place order. asset=${instrument}`;
}

/** Ours, as for an order of an instrument that is not listed. */
export function invalidAsset(instrument: number): string {
  return `Order has invalid asset. asset=${instrument}`;
}

/** After an instrument's tiers were lowered, while the margin is not enough for the new leverage. */
export function newTiers(symbol: string): string {
  return `Cannot automatically accept new margin tiers on ${symbol}. Manually set leverage to acknowledge new margin tiers. Alternatively, reduce position using reduce-only orders or add collateral to meet initial margin requirement.`;
}

/** Refusals of `updateLeverage`. */
export const LEVERAGE_TEXTS = {
  invalid: 'Invalid leverage value',
  crossNotAllowed: 'Cross margin is not allowed for this asset.',
  openPosition: 'Cannot switch leverage type with open position.',
  crossTooLittle:
    'Cross position does not have sufficient margin available to decrease leverage. To decrease leverage, deposit more collateral.',
  isolatedTooLittle:
    'Isolated position does not have sufficient margin available to decrease leverage. To decrease leverage, add margin to the position.',
} as const;

/** Refusals of `updateIsolatedMargin`. */
export const POT_TEXTS = {
  zero: 'Update to isolated margin cannot be zero.',
  noPosition: 'Cannot update margin for empty position.',
  notIsolated: 'Position does not use isolated margin.',
  tooLittleToAdd: 'Account does not have sufficient margin available for increase.',
  strict: 'Cannot remove isolated margin for this asset. To remove margin, reduce the position.',
  tooLittleToRemove: 'Position does not have sufficient margin for reduction.',
} as const;
