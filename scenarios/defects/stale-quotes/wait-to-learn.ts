/** Waits for the estimators that have no end (playbook 2.4). */

import { WarmUp, type WarmUpSettings } from '../../../core/estimator/warm-up.ts';
import type { LogEntry } from '../../../core/evidence.ts';
import type { Defect } from '../defect.ts';

/** Warm only after so many own fills, which nobody makes before there are quotes. */
class WaitToLearn extends WarmUp {
  constructor(settings: WarmUpSettings, log: (entry: LogEntry) => void) {
    super({ ...settings, minTrades: Number.POSITIVE_INFINITY, maxWaitNs: Number.POSITIVE_INFINITY }, log);
  }
}

/** The wait has no bound: without trades it lasts for ever. */
class UnboundedWarmUp extends WarmUp {
  constructor(settings: WarmUpSettings, log: (entry: LogEntry) => void) {
    super({ ...settings, maxWaitNs: Number.POSITIVE_INFINITY }, log);
  }
}

const HARM = { primary: '2.4', allowed: ['2.5'], symptoms: ['orders-not-sending', 'stale-quotes'] } as const;

export const WARM_UP_DEFECTS: readonly Defect[] = [
  {
    name: 'wait-to-learn',
    description: 'Quoting waits for what only quoting can bring: own fills.',
    source: 'I-8',
    ...HARM,
    parts: usual => ({ ...usual, warmUp: ({ estimator }, log) => new WaitToLearn(estimator.warmUp, log) }),
  },
  {
    name: 'warm-up-without-bound',
    description: 'Quoting waits for trades however long they take.',
    source: 'I-48',
    ...HARM,
    parts: usual => ({ ...usual, warmUp: ({ estimator }, log) => new UnboundedWarmUp(estimator.warmUp, log) }),
  },
];
