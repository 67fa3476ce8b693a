/** An order that took the place of a modified one is not found when its new oid comes (incident I-31). */
import { OrderLifecycleTracker } from '../../../core/execution/order-lifecycle.ts';
import type { TrackedOrder } from '../../../core/execution/tracked-order.ts';
import type { OrderUpdate } from '../../../core/port.ts';
import type { Defect } from '../defect.ts';

class ForgetfulTracker extends OrderLifecycleTracker {
  override acked(cloid: number, oid: number, nowNs: number): boolean {
    return this.#isReplacement(cloid) || super.acked(cloid, oid, nowNs);
  }

  override orderUpdate(update: OrderUpdate, nowNs: number): TrackedOrder | null {
    const known = this.byCloid(update.cloid);
    return this.#isReplacement(update.cloid) ? known : super.orderUpdate(update, nowNs);
  }

  #isReplacement(cloid: number): boolean {
    const order = this.byCloid(cloid);
    return order !== null && order.oid === 0 && order.replacesCloid !== 0;
  }
}

export const modificationForgotten: Defect = {
  name: 'modification-forgotten',
  description: 'The new oid of a modified order is not stored, and the order waits for its acknowledgement for ever.',
  source: 'I-31',
  primary: '1.4',
  allowed: ['3.1', '3.2', '1.2', '1.1'],
  symptoms: ['position-mismatch', 'orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    orders: ({ execution }, log) => new ForgetfulTracker(execution.orderLifecycle, log),
  }),
};
