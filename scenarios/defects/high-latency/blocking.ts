/** Work that is waited for on the way of a message (playbook 4.3). */
import type { Logger } from '../../../core/infra/logging.ts';
import { QuoteModel, type QuoteModelInput } from '../../../core/strategy/quote-model.ts';
import type { Defect } from '../defect.ts';
import { blockedAt } from './host-wrapper.ts';

const BLOCKING = {
  primary: '4.3',
  allowed: ['4.1', '4.4'],
} as const;

/** Of a megabyte or so, written and flushed. */
const CHECKPOINT_US = 25_000;
/** An export of the state, under the lock that every trade needs. */
const LOCK_US = 20_000;
/** Incident I-27: 93.5 % of each second. */
const SAFETY_SYNC_US = 935_000;
/** A question to the exchange that comes back at once, near as it is. */
const VERIFY_US = 10_000;

export const checkpointInCycle: Defect = {
  ...BLOCKING,
  name: 'checkpoint-in-cycle',
  description: 'Every quote cycle that sends something writes a checkpoint, and waits for the disk.',
  source: 'playbook 4.3, matrix 4.3 (a)',
  symptoms: ['high-latency'],
  parts: usual => ({ ...usual, host: blockedAt(['execute'], CHECKPOINT_US) }),
};

export const stateLockHeld: Defect = {
  ...BLOCKING,
  name: 'state-lock-held',
  description: 'The handler of trades waits for a lock on the state, which something else holds while it computes.',
  source: 'playbook 4.3, matrix 4.3 (c)',
  symptoms: ['high-latency'],
  parts: usual => ({ ...usual, host: blockedAt(['trades'], LOCK_US) }),
};

export const serialSafetySync: Defect = {
  ...BLOCKING,
  allowed: ['4.1', '4.4', '1.2', '1.4', '2.1', '3.1', '3.2', '3.4'],
  name: 'serial-safety-sync',
  description: 'The safety sync asks for one order after the other and waits for each answer: 93.5 % of the time.',
  source: 'I-27',
  symptoms: ['high-latency', 'stale-quotes', 'orders-not-sending', 'position-mismatch'],
  parts: usual => ({ ...usual, host: blockedAt(['safety'], SAFETY_SYNC_US) }),
};

export const safetySyncStorm: Defect = {
  ...BLOCKING,
  name: 'safety-sync-storm',
  description:
    'A safety sync that ends early is not noted as done, so that every message begins another and waits for it.',
  source: 'L14',
  symptoms: ['high-latency'],
  parts: usual => ({ ...usual, host: blockedAt(['decode', 'user-event'], VERIFY_US) }),
};

/** A model that follows itself line by line, level by level. */
class TracedModel extends QuoteModel {
  /** Set once the model is made: a line for each level and side. */
  traceLine: (nowNs: number) => void = () => {};

  override compute(input: QuoteModelInput): number {
    const units = super.compute(input);
    for (let line = 0; line < this.bidLots.length + this.askLots.length; line++) this.traceLine(input.nowNs);
    return units;
  }
}

export const synchronousLog: Defect = {
  ...BLOCKING,
  name: 'synchronous-log',
  description:
    'Lines that were put in for debugging, one a level of the ladder, are written synchronously in every quote cycle.',
  source: 'playbook 4.3, matrix 4.3 (b)',
  symptoms: ['high-latency'],
  parts: usual => {
    let logger: Logger | null = null;
    return {
      ...usual,
      logger: (settings, host, metrics) => {
        const logging = { ...settings.infra.logging, synchronous: true };
        logger = usual.logger({ ...settings, infra: { ...settings.infra, logging } }, host, metrics);
        return logger;
      },
      quoteModel: (instrument, settings, hjb, signals) => {
        const model = new TracedModel(instrument, settings.strategy, settings.estimator.regime, hjb, signals);
        const written = logger;
        model.traceLine = nowNs => written?.write({ type: 'trace', atNs: nowNs, text: 'level computed' });
        return model;
      },
    };
  },
};
