/** Planted bugs of the position against the exchange's (playbook 3.4). */
import type { FillSource, ReconcileTrigger } from '../../../core/evidence.ts';
import { FillConsumer, type FillOutcome } from '../../../core/fills/consumer.ts';
import { type PositionTarget, Reconciliation } from '../../../core/infra/reconciliation.ts';
import { BID } from '../../../core/market.ts';
import type { Fill, RestReplyMessage } from '../../../core/port.ts';
import type { Defect } from '../defect.ts';
import { withPositions } from './positions.ts';

export const fillOrderTrusted: Defect = {
  name: 'fill-order-trusted',
  description:
    'After each fill the position is set to where that fill ended, as if fills came in the order of their matches.',
  source: 'playbook matrix 3.4',
  primary: '3.4',
  allowed: ['3.2', '3.3'],
  symptoms: ['position-mismatch'],
  parts: usual =>
    withPositions(usual, positions => ({
      fills: (dedup, orders, applyToPosition, log) => {
        class TrustsOrder extends FillConsumer {
          override consume(fill: Fill, nowNs: number, via?: FillSource): FillOutcome {
            const outcome = super.consume(fill, nowNs, via);
            if (outcome.kind === 'duplicate') return outcome;
            const { side, sizeLots, startPositionLots } = fill;
            const endLots = side === BID ? startPositionLots + sizeLots : startPositionLots - sizeLots;
            positions.of(fill.instrument).adjustPosition(endLots, nowNs);
            return outcome;
          }
        }
        return new TrustsOrder(dedup, orders, applyToPosition, log);
      },
    })),
};

export const pictureOverwritesFills: Defect = {
  name: 'picture-overwrites-fills',
  description: 'Every picture of the position is believed at once, whatever was filled after it was taken.',
  source: 'playbook matrix 3.4, I-26',
  primary: '3.4',
  allowed: ['3.1', '3.2'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    reconciliation: ({ infra }, targets, rest, metrics, log) => {
      class Overwrites extends Reconciliation {
        override reply(message: RestReplyMessage, applyFill: (fill: Fill) => void): boolean {
          if (message.body.request === 'clearinghouseState') this.#overwrite(targets, message);
          return super.reply(message, applyFill);
        }

        #overwrite(all: readonly PositionTarget[], { body, nowNs }: RestReplyMessage): void {
          if (body.request !== 'clearinghouseState') return;
          for (const target of all) {
            const lots = body.positions.find(({ instrument }) => instrument === target.index)?.positionLots ?? 0;
            target.adjustPosition(lots, nowNs);
          }
        }
      }
      return new Overwrites(infra.reconciliation, targets, rest, metrics, log);
    },
  }),
};

class IgnoresUnmatched extends Reconciliation {
  override request(trigger: ReconcileTrigger, nowNs: number): void {
    if (trigger !== 'UnmatchedFill') super.request(trigger, nowNs);
  }
}

export const unmatchedFillIgnored: Defect = {
  name: 'unmatched-fill-ignored',
  description:
    'A fill of an unknown order is taken for an artifact of the deduplicator: nothing is booked, nothing compared.',
  source: 'L13',
  primary: '3.2',
  allowed: ['3.4'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    reconciliation: ({ infra }, targets, rest, metrics, log) =>
      new IgnoresUnmatched(infra.reconciliation, targets, rest, metrics, log),
    fills: (dedup, orders, applyToPosition, log) => {
      class Discards extends FillConsumer {
        override consume(fill: Fill, nowNs: number, via?: FillSource): FillOutcome {
          if (this.isProcessed(fill.tid) || orders.find(fill.oid, fill.cloid) !== null) {
            return super.consume(fill, nowNs, via);
          }
          const { tid, oid, sizeLots } = fill;
          log({ type: 'orphan-fill', atNs: nowNs, tid, oid, sizeLots });
          return { kind: 'duplicate' };
        }
      }
      return new Discards(dedup, orders, applyToPosition, log);
    },
  }),
};

export const noPositionSync: Defect = {
  name: 'no-position-sync',
  description: 'The position is set at the start, and never compared again.',
  source: 'L15',
  primary: '3.4',
  allowed: ['3.1', '3.2', '3.3'],
  symptoms: ['position-mismatch'],
  parts: usual => ({
    ...usual,
    reconciliation: ({ infra }, targets, rest, metrics, log) => {
      class NeverCompares extends Reconciliation {
        override check(): void {}

        override request(): void {}
      }
      return new NeverCompares(infra.reconciliation, targets, rest, metrics, log);
    },
  }),
};
