/** Family 2, stale quotes: from event triggers to the quote engine. */
import type { Step } from '../step.ts';
import { eventAccumulator } from '../steps/2.1-event-accumulator.ts';
import { dataQuality } from '../steps/2.2-data-quality.ts';
import { connectionSupervisor } from '../steps/2.3-connection-supervisor.ts';
import { warmUp } from '../steps/2.4-warm-up.ts';
import { quoteEngine } from '../steps/2.5-quote-engine.ts';

export const STALE_QUOTES_CHAIN: readonly Step[] = [
  eventAccumulator,
  dataQuality,
  connectionSupervisor,
  warmUp,
  quoteEngine,
];
