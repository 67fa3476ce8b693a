/**
 * With few requests left half of the ladder is dropped to save them, and it is always the same half: the asks (incident I-11). Those
 * that stand are taken back as soon as they should lie elsewhere, and none follow.
 */
import type { QuotaTracker } from '../../../core/infra/rate-limit/quota.ts';
import { ASK } from '../../../core/market.ts';
import { type ReconcileInput, Reconciler } from '../../../core/orchestrator/reconcile.ts';
import type { Defect } from '../defect.ts';

type Given = ConstructorParameters<typeof Reconciler>;

class OneSided extends Reconciler {
  readonly #quota: () => QuotaTracker | null;

  constructor(quota: () => QuotaTracker | null, ...given: Given) {
    super(...given);
    this.#quota = quota;
  }

  override reconcile(...given: Parameters<Reconciler['reconcile']>): void {
    const input: ReconcileInput = given[3];
    const tier = this.#quota()?.tier ?? 'full';
    if (tier !== 'full') input.heldBack[ASK] = true;
    super.reconcile(...given);
  }
}

export const lowQuotaOneSided: Defect = {
  name: 'low-quota-one-sided',
  description: 'With less than 20 % of the requests left no asks are quoted.',
  source: 'I-11',
  primary: '1.1',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => {
    let quota: QuotaTracker | null = null;
    return {
      ...usual,
      quota: (settings, log) => {
        quota = usual.quota(settings, log);
        return quota;
      },
      reconciler: (instrument, { orchestrator }, arena) =>
        new OneSided(() => quota, instrument, orchestrator.reconcile, arena),
    };
  },
};
