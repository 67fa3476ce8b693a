/** Faults of the account and the market itself: what changes at the exchange. */
import type { FaultKind } from '../fault-kind.ts';
import { equityCut } from './equity-cut.ts';
import { leverageTierCut } from './leverage-tier-cut.ts';
import { openInterestDrop } from './open-interest-drop.ts';
import { priceJump } from './price-jump.ts';
import { priceZigzag } from './price-zigzag.ts';

export const ACCOUNT_FAULTS: readonly FaultKind[] = [
  equityCut,
  leverageTierCut,
  priceZigzag,
  priceJump,
  openInterestDrop,
];
