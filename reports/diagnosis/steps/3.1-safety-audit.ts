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
/** One order or two may have ended unnoticed while pictures were old; more have not. */
const MANY_REMOVED = 3;

interface Sign {
  readonly atNs: number;
  readonly text: string;
}

type Audit = Extract<LogEntry, { type: 'safety-audit' }>;

export const safetyAudit: Step = {
  step: '3.1',
  look({ entries }) {
    const audits = entries.filter(entry => entry.type === 'safety-audit');
    const costs: Sign[] = [...livingDead(entries), ...kept(audits), ...removedByOldPicture(entries, audits)];
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
      firstEvidenceNs: Math.min(...(costs.length > 0 ? costs : signs).map(({ atNs }) => atNs)),
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

/** Orders that were removed again and again while the exchange's picture of them was old: valid ones are among them. */
function removedByOldPicture(entries: readonly LogEntry[], audits: readonly Audit[]): Sign[] {
  const lags = entries.filter(entry => entry.type === 'snapshot-lag').filter(({ request }) => request === 'openOrders');
  const isOld = ({ atNs }: Audit): boolean => lags.filter(lag => lag.atNs <= atNs).at(-1)?.isLagging === true;
  const removing = audits.filter(audit => audit.staleLocalRemoved > 0 && isOld(audit));
  const removed = removing.reduce((sum, { staleLocalRemoved }) => sum + staleLocalRemoved, 0);
  if (removed < MANY_REMOVED) return [];
  return [{ atNs: removing[0].atNs, text: `audits removed ${removed} local orders by pictures that were old` }];
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
