/** Attempts to reconnect are counted for ever: each loss waits longer than the one before it, however well the last ended (`I-32`). */
import { ConnectionSupervisor } from '../../../core/infra/connection-supervisor.ts';
import { ConnectionHealthMonitor } from '../../../core/infra/reconnection.ts';
import type { Defect } from '../defect.ts';

class UnforgivingMonitor extends ConnectionHealthMonitor {
  protected override attemptsAfterSuccess(attempts: number): number {
    return attempts;
  }
}

class UnforgivingSupervisor extends ConnectionSupervisor {
  protected override newMonitor(
    ...given: ConstructorParameters<typeof ConnectionHealthMonitor>
  ): ConnectionHealthMonitor {
    return new UnforgivingMonitor(...given);
  }
}

export const RECONNECT_ATTEMPTS: Defect = {
  name: 'reconnect-attempts-are-never-forgotten',
  description:
    'Success does not set the count of attempts back, so that the back-off grows with every loss of a session.',
  source: 'I-32',
  primary: '2.3',
  allowed: ['1.2'],
  symptoms: ['stale-quotes', 'orders-not-sending'],
  parts: usual => ({
    ...usual,
    supervisor: ({ infra }, feeds, draw, log) => new UnforgivingSupervisor(infra.supervisor, feeds, draw, log),
  }),
};
