/** The market moves, and nobody is asked to look at the quotes: that waits for the fallback timer, or for a fill (`L11`). */
import { EventAccumulator } from '../../../core/orchestrator/event-accumulator.ts';
import type { Defect } from '../defect.ts';

const NEVER_BPS = 1e9;

/** Moves of the mid ask for nothing, and changes of volatility, regime and signals are not even events. */
class DeafAccumulator extends EventAccumulator {
  override onSigma(): void {}

  override onRegime(): void {}

  override onSignal(): void {}
}

export const JUMPS_DO_NOT_TRIGGER: Defect = {
  name: 'jumps-do-not-trigger',
  description:
    'A jump of the mid is an event like others and asks for nothing by itself; other changes of the market are none.',
  source: 'L11',
  primary: '2.1',
  allowed: [],
  symptoms: ['stale-quotes', 'orders-not-sending'],
  parts: usual => ({
    ...usual,
    accumulator: ({ orchestrator }, log) => {
      const { eventAccumulator } = orchestrator;
      return new DeafAccumulator({ ...eventAccumulator, midMoveBps: NEVER_BPS, quoteDriftBps: NEVER_BPS }, log);
    },
  }),
};
