import type { SyntheticParameters } from '../parameters.ts';
import { BUSY } from './busy.ts';

/** A working day until half of the run is over; then 6 % down in 20 s, and two thirds of it back within a minute. */
export const FLASH_CRASH: SyntheticParameters = {
  ...BUSY,
  description: 'a working day that falls 6 % in 20 s at half of the run, and makes good two thirds within a minute',
  // Nobody is liquidated by the fall: that is what `cascade` is for.
  accounts: { ...BUSY.accounts, liquidationMinBps: 900 },
  event: {
    atShare: 0.5,
    slideBps: -600,
    slideS: 20,
    recoveredShare: 0.67,
    recoveryS: 60,
    depthFactor: 0.2,
    spreadFactor: 3,
    takerFactor: 6,
  },
};
