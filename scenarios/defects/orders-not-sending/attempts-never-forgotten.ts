/** A connection that is back does not set the count of attempts back: each loss waits twice as long as the one before (incident I-32). */
import { ConnectionSupervisor } from '../../../core/infra/connection-supervisor.ts';
import { ConnectionHealthMonitor } from '../../../core/infra/reconnection.ts';
import type { Defect } from '../defect.ts';

class NeverForgets extends ConnectionHealthMonitor {
  protected override forgetAttempts(): void {}
}

export const attemptsNeverForgotten: Defect = {
  name: 'attempts-never-forgotten',
  description: 'The count of reconnects is not set back when a connection works again.',
  source: 'I-32',
  primary: '1.2',
  allowed: ['2.3', '3.4'],
  symptoms: ['orders-not-sending', 'stale-quotes', 'position-mismatch'],
  parts: usual => ({
    ...usual,
    supervisor: ({ infra }, feeds, draw, log) =>
      new ConnectionSupervisor(infra.supervisor, feeds, draw, log, NeverForgets),
  }),
};
