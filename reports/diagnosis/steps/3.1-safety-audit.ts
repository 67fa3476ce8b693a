/**
 * Playbook 3.1: the safety audit finds orders in one book of record and not in the other. What it puts right in time is handled.
 *
 * The cause is here where the audit alone could find it, or did not put it right: an order whose cancel was confirmed and that still
 * stood at the exchange, a cancel that was stuck, a local order that the exchange does not have and that stays.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import type { StepFinding } from '../../verdict.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

const TOLD = 3;

interface Sign {
  readonly atNs: number;
  readonly text: string;
}

type Audit = Extract<LogEntry, { type: 'safety-audit' }>;

export const safetyAudit: Step = {
  step: '3.1',
  look({ entries }) {
    const audits = entries.filter(entry => entry.type === 'safety-audit');
    const costs: Sign[] = [...livingDead(entries), ...kept(audits)];
    const signs: Sign[] = [
      ...audits.filter(hasFound).map(audit => ({ atNs: audit.atNs, text: auditWords(audit) })),
      ...entries
        .filter(entry => entry.type === 'snapshot-lag')
        .filter(({ isLagging, request }) => isLagging && request === 'openOrders')
        .map(({ atNs, lagNs }) => ({
          atNs,
          text: `snapshot of open orders ${seconds(lagNs)} old at ${seconds(atNs)}`,
        })),
    ];
    const told = [...costs.slice(0, TOLD), ...signs.slice(0, TOLD)];
    const evidence = told.map(({ text }) => text);
    if (told.length === 0) return { step: '3.1', status: 'ok', score: 0, evidence };
    const isCause = costs.length > 0;
    const finding: StepFinding = {
      step: '3.1',
      status: isCause ? 'cause' : 'handled',
      score: isCause ? 0.95 : 0.48,
      evidence,
      firstEvidenceNs: Math.min(...[...costs, ...signs].map(({ atNs }) => atNs)),
      resolution: isCause
        ? 'Local and exchange are not synced: trigger a full reconciliation, and check why cancels do not take or orders stay.'
        : 'The audit put it right, or had nothing to: no valid order may be removed for an old snapshot.',
    };
    return finding;
  },
};

/** Orders that had ended for us and stood at the exchange all the same; what a fill during a cancel left is step 3.2's. */
function livingDead(entries: readonly LogEntry[]): Sign[] {
  const raced = new Set(entries.filter(entry => entry.type === 'cancel-fill-race').map(({ oid }) => oid));
  return entries
    .filter(entry => entry.type === 'orphan-order')
    .filter(({ oid, state }) => state === 'cancelled' && !raced.has(oid))
    .filter(({ known }) => known === 'Cancelled' || known === 'CancelConfirmed')
    .map(({ atNs, oid }) => ({
      atNs,
      text: `order ${oid}, cancelled for us, still stood at the exchange at ${seconds(atNs)}`,
    }));
}

function kept(audits: readonly Audit[]): Sign[] {
  return audits
    .filter(({ staleLocalKept }) => staleLocalKept > 0)
    .map(({ atNs, staleLocalKept }) => ({
      atNs,
      text: `audit at ${seconds(atNs)}: ${staleLocalKept} local orders that the exchange has not had for more than one audit`,
    }));
}

function hasFound({ orphanOrders, stalePendingRemoved, staleLocalRemoved, stuckCancels }: Audit): boolean {
  return orphanOrders + stalePendingRemoved + staleLocalRemoved + stuckCancels > 0;
}

function auditWords({ atNs, orphanOrders, stalePendingRemoved, staleLocalRemoved, stuckCancels }: Audit): string {
  return (
    `audit at ${seconds(atNs)}: orphan_orders ${orphanOrders}, stale_local_removed ${staleLocalRemoved}, ` +
    `stale_pending_removed ${stalePendingRemoved}, stuck_cancels ${stuckCancels}`
  );
}
