import type { SyntheticParameters } from '../parameters.ts';
import { BUSY } from './busy.ts';

/**
 * At half of the run a slide of 1.3 % meets many longs that are close to their liquidation. Their market orders press the
 * price on to the next ones, and the open interest falls by more than 2 % within a minute (playbook 1.3).
 */
export const CASCADE: SyntheticParameters = {
  ...BUSY,
  description: 'liquidations at half of the run: each presses the price to the next, open interest falls 2 % and more',
  price: { ...BUSY.price, impactBpsPerMUsd: 6 },
  // Small beside the depth of the book, so that what is liquidated finds somebody.
  references: { ...BUSY.references, openInterestUsd: 80_000_000 },
  accounts: {
    accounts: 400,
    interestShare: 0.45,
    longShare: 0.7,
    liquidationMinBps: 60,
    liquidationMeanBps: 500,
    returnMeanS: 600,
  },
  event: {
    atShare: 0.5,
    slideBps: -130,
    slideS: 15,
    recoveredShare: 0.3,
    recoveryS: 120,
    depthFactor: 0.5,
    spreadFactor: 1.5,
    takerFactor: 2,
  },
};
