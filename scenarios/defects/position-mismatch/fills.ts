/** Planted bugs of the way of fills (playbook 3.2, 3.3): dropped, booked twice, never told apart, missed after a disconnect. */

import type { FillSource } from '../../../core/evidence.ts';
import { FillLearning } from '../../../core/execution/fill-learning.ts';
import type { OrderState } from '../../../core/execution/tracked-order.ts';
import { FillConsumer, type FillOutcome } from '../../../core/fills/consumer.ts';
import { FillDeduplicator } from '../../../core/fills/dedup.ts';
import { Reconciliation } from '../../../core/infra/reconciliation.ts';
import { BID } from '../../../core/market.ts';
import type { CoreParts } from '../../../core/parts.ts';
import type { Fill } from '../../../core/port.ts';
import type { Defect } from '../defect.ts';
import { withPositions } from './positions.ts';

const GONE: readonly OrderState[] = ['CancelConfirmed', 'FilledDuringCancel', 'Cancelled', 'Expired', 'Rejected'];

export const unknownFillsDropped: Defect = {
  name: 'unknown-fills-dropped',
  description: 'A fill whose order was cancelled here, or is not known by its oid yet, is logged and dropped.',
  source: 'playbook matrix 3.2',
  primary: '3.2',
  allowed: ['3.4'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    fills: (dedup, orders, applyToPosition, log) => {
      class Drops extends FillConsumer {
        override consume(fill: Fill, nowNs: number, via?: FillSource): FillOutcome {
          const order = orders.find(fill.oid, 0);
          if (this.isProcessed(fill.tid) || (order !== null && !GONE.includes(order.state)))
            return super.consume(fill, nowNs, via);
          const { tid, oid, sizeLots } = fill;
          log({ type: 'orphan-fill', atNs: nowNs, tid, oid, sizeLots });
          return { kind: 'duplicate' };
        }
      }
      return new Drops(dedup, orders, applyToPosition, log);
    },
  }),
};

export const racedFillsBookedTwice: Defect = {
  name: 'raced-fills-booked-twice',
  description: 'A fill that comes across a cancel is booked by the handler of such races, and by the ordinary one.',
  source: 'playbook matrix 3.2',
  primary: '3.2',
  allowed: ['3.3', '3.4'],
  symptoms: ['position-mismatch'],
  parts: usual =>
    withPositions(usual, positions => ({
      fills: (dedup, orders, applyToPosition, log) => {
        class BooksTwice extends FillConsumer {
          override consume(fill: Fill, nowNs: number, via?: FillSource): FillOutcome {
            const outcome = super.consume(fill, nowNs, via);
            if (outcome.kind === 'applied' && outcome.raced) {
              const lots = fill.side === BID ? fill.sizeLots : -fill.sizeLots;
              const target = positions.of(fill.instrument);
              target.adjustPosition(target.positionLots + lots, nowNs);
            }
            return outcome;
          }
        }
        return new BooksTwice(dedup, orders, applyToPosition, log);
      },
    })),
};

/** Every id is new to it. */
class ForgetsAll extends FillDeduplicator {
  override isDuplicate(): boolean {
    return false;
  }

  override markProcessed(): boolean {
    return true;
  }
}

export const fillsWithoutDedup: Defect = {
  name: 'fills-without-dedup',
  description: 'A path of fills does not go through the deduplicator.',
  source: 'playbook matrix 3.3',
  primary: '3.3',
  allowed: ['3.2', '3.4'],
  symptoms: ['position-mismatch'],
  parts: usual => ({ ...usual, dedup: () => new ForgetsAll() }),
};

export const twoFillHandlers: Defect = {
  name: 'two-fill-handlers',
  description:
    'Fills are handled in two places: the dispatcher’s, and another one that does not know of the deduplicator.',
  source: 'I-6',
  primary: '3.3',
  allowed: ['3.2', '3.4'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    fills: (dedup, orders, applyToPosition, log) => {
      class HandlesTwice extends FillConsumer {
        readonly #second = new FillConsumer(new ForgetsAll(), orders, applyToPosition, log);

        override consume(fill: Fill, nowNs: number, via?: FillSource): FillOutcome {
          const outcome = super.consume(fill, nowNs, via);
          if (outcome.kind !== 'duplicate') this.#second.consume(fill, nowNs, via);
          return outcome;
        }
      }
      return new HandlesTwice(dedup, orders, applyToPosition, log);
    },
  }),
};

class LearnsTwice extends FillLearning {
  override onFill(fill: Fill, nowNs: number): void {
    super.onFill(fill, nowNs);
    this.learnAgain(fill);
  }

  learnAgain: (fill: Fill) => void = () => {};
}

export const ownFillsLearntTwice: Defect = {
  name: 'own-fills-learnt-twice',
  description: 'Kappa learns from every own fill twice.',
  source: 'L20',
  primary: '3.3',
  allowed: ['2.4'],
  symptoms: [],
  parts: usual => ({
    ...usual,
    fillLearning: (placements, kappa, beliefs, tracker) => {
      const learning = new LearnsTwice(placements, kappa, beliefs, tracker);
      learning.learnAgain = fill => {
        const placement = placements.find(fill.cloid);
        if (placement !== null && placement.midTicks > 0) kappa.onOwnFill(fill.priceTicks, placement.midTicks);
      };
      return learning;
    },
  }),
};

class SkipsMissed extends Reconciliation {
  override applyMissed(): void {}

  override trust(): boolean {
    return false;
  }
}

/** After a reconnect neither the snapshot's fills are taken nor is the position compared. */
function skippingDisconnect(usual: CoreParts): CoreParts {
  return {
    ...usual,
    fills: (dedup, orders, applyToPosition, log) => {
      class SkipsSnapshots extends FillConsumer {
        override consume(fill: Fill, nowNs: number, via?: FillSource): FillOutcome {
          return via === 'snapshot' ? { kind: 'duplicate' } : super.consume(fill, nowNs, via);
        }
      }
      return new SkipsSnapshots(dedup, orders, applyToPosition, log);
    },
    reconciliation: ({ infra }, targets, rest, metrics, log) =>
      new SkipsMissed(infra.reconciliation, targets, rest, metrics, log),
  };
}

export const fillsOfDisconnectSkipped: Defect = {
  name: 'fills-of-disconnect-skipped',
  description:
    'Fills that were missed in a disconnect are skipped in the snapshot, and the position is not compared then.',
  source: 'L27',
  primary: '3.4',
  allowed: ['3.2', '3.1', '1.2', '2.3'],
  symptoms: ['position-mismatch'],
  parts: skippingDisconnect,
};
