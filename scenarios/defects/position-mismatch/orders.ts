/** Planted bugs of the books of record (playbook 3.1, 3.2): local orders that stay, valid ones that go, rests that are lost. */
import { OrderLifecycleTracker, type TrackedOrder } from '../../../core/execution/order-lifecycle.ts';
import type { Fill } from '../../../core/port.ts';
import { SafetyAuditor } from '../../../core/safety/auditor.ts';
import type { Defect } from '../defect.ts';

class KeepsStaleLocal extends OrderLifecycleTracker {
  override removeStale(): boolean {
    return false;
  }
}

export const staleLocalKept: Defect = {
  name: 'stale-local-kept',
  description: 'Local orders that the exchange does not have are never removed.',
  source: 'L17',
  primary: '3.1',
  allowed: ['1.1', '1.3', '1.4'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    orders: ({ execution }, log) => new KeepsStaleLocal(execution.orderLifecycle, log),
  }),
};

/** More than any time of a run. */
const NEVER_RECENT_NS = -1e15;

export const auditTrustsOldPicture: Defect = {
  name: 'audit-trusts-old-picture',
  description: 'The safety audit removes at once what the exchange’s picture does not show, however old that is.',
  source: 'I-26',
  primary: '3.1',
  allowed: ['1.1', '1.3', '1.4', '2.5', '3.2', '3.4'],
  symptoms: ['position-mismatch', 'orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    auditor: ({ safety }, targets, rest, reduceOnlyReason, syncHealth, metrics, log) => {
      const config = { ...safety.auditor, staleGraceNs: NEVER_RECENT_NS, deliveryNs: 0 };
      return new SafetyAuditor(config, targets, rest, reduceOnlyReason, syncHealth, metrics, log);
    },
  }),
};

class EndsWithAnyFill extends OrderLifecycleTracker {
  override fill(fill: Fill, nowNs: number): TrackedOrder | null {
    const known = this.find(fill.oid, fill.cloid);
    const isCancelling = known !== null && known.state === 'CancelPending';
    const order = super.fill(fill, nowNs);
    if (isCancelling) this.removeStale(known.cloid, nowNs);
    return order;
  }
}

export const partialFillEndsCancelled: Defect = {
  name: 'partial-fill-ends-cancelled',
  description: 'A partial fill while a cancel is under way ends the order here; its rest is forgotten.',
  source: 'L18',
  primary: '3.2',
  allowed: ['3.1', '1.4'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    orders: ({ execution }, log) => new EndsWithAnyFill(execution.orderLifecycle, log),
  }),
};
