/**
 * Walks the playbook's chains over the evidence and ranks what they find. A chain that is added later is one more entry in
 * `CHAINS`: all chains are walked every time and give one ranking, because their steps refer to each other.
 */
import type { StepFinding } from '../verdict.ts';
import type { Evidence } from './evidence.ts';
import { findSigns } from './signs.ts';
import type { Step } from './step.ts';
import { eventAccumulator } from './steps/2.1-event-accumulator.ts';
import { dataQuality } from './steps/2.2-data-quality.ts';
import { connectionSupervisor } from './steps/2.3-connection-supervisor.ts';
import { warmUp } from './steps/2.4-warm-up.ts';
import { quoteEngine } from './steps/2.5-quote-engine.ts';

const STALE_QUOTES_CHAIN: readonly Step[] = [eventAccumulator, dataQuality, connectionSupervisor, warmUp, quoteEngine];

const CHAINS: readonly (readonly Step[])[] = [STALE_QUOTES_CHAIN];

/** One finding a step, the highest score first, then by step. */
export function diagnose(evidence: Evidence): StepFinding[] {
  const signs = findSigns(evidence);
  return CHAINS.flat()
    .map(step => step.look(evidence, signs))
    .sort((a, b) => b.score - a.score || (a.step < b.step ? -1 : 1));
}
