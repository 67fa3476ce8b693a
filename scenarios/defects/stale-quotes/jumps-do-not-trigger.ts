/** A move of the mid is noted and asks for nothing: it waits for the fallback timer, or for enough other events (`L11`). */
import { EventAccumulator } from '../../../core/orchestrator/event-accumulator.ts';
import type { Defect } from '../defect.ts';

const NEVER_BPS = 1e9;

export const JUMPS_DO_NOT_TRIGGER: Defect = {
  name: 'jumps-do-not-trigger',
  description:
    'A jump of the mid, a drift of it or a leap of the volatility is an event like others, and asks for nothing by itself.',
  source: 'L11',
  primary: '2.1',
  allowed: [],
  symptoms: ['stale-quotes', 'orders-not-sending'],
  parts: usual => ({
    ...usual,
    accumulator: ({ orchestrator }, log) =>
      new EventAccumulator(
        {
          ...orchestrator.eventAccumulator,
          midMoveBps: NEVER_BPS,
          quoteDriftBps: NEVER_BPS,
          volatilityRatio: NEVER_BPS,
        },
        log,
      ),
  }),
};
