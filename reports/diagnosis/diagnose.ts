/**
 * Walks the playbook's four chains over the evidence and ranks what they find. All chains are walked every time and give one
 * ranking, because their steps refer to each other.
 */
import type { StepFinding } from '../verdict.ts';
import { HIGH_LATENCY_CHAIN } from './chains/high-latency.ts';
import { ORDERS_NOT_SENDING_CHAIN } from './chains/orders-not-sending.ts';
import { POSITION_MISMATCH_CHAIN } from './chains/position-mismatch.ts';
import { STALE_QUOTES_CHAIN } from './chains/stale-quotes.ts';
import type { Evidence } from './evidence.ts';
import { findSigns } from './signs.ts';
import type { Step } from './step.ts';

const CHAINS: readonly (readonly Step[])[] = [
  ORDERS_NOT_SENDING_CHAIN,
  STALE_QUOTES_CHAIN,
  POSITION_MISMATCH_CHAIN,
  HIGH_LATENCY_CHAIN,
];

/** One finding a step, the highest score first, then by step. */
export function diagnose(evidence: Evidence): StepFinding[] {
  const signs = findSigns(evidence);
  return CHAINS.flat()
    .map(step => step.look(evidence, signs))
    .sort((a, b) => b.score - a.score || (a.step < b.step ? -1 : 1));
}
