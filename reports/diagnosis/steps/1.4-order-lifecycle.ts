/**
 * Playbook 1.4: orders get stuck between sent and known. Its marks are orders that were given up pending and live at the exchange all
 * the same, cancels that were carried out and never heard of, orders that come back under a foreign CLOID, and orders of nobody here.
 *
 * An order that was given up and never turned up did not arrive (step 1.2), and a cancel that the exchange has not carried out is
 * step 3.1's: here they are only worth a word.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { StepFinding } from '../../verdict.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

/** The comparison that an audit asks for comes within this. */
const FOLLOWS_NS = 3 * NS_PER_S;
/** An orphan has a grace of 5 s and is cancelled with the next audit, 5 s later at most (playbook 1.4); one audit more is room enough. */
const DISMISSED_NS = 15 * NS_PER_S;
const TOLD = 4;

/** What audits, and the comparisons that they asked for, have found over the run. */
interface Found {
  pending: number;
  stuckCancels: number;
  orphans: number;
  staleLocal: number;
  readonly evidence: string[];
  firstNs: number;
}

export const orderLifecycle: Step = {
  step: '1.4',
  look({ entries, endNs }, { unheardOrders: unheard, userLosses }) {
    const found = findAudits(entries);
    const { evidence } = found;
    const strangers = findStrangers(entries, endNs);
    evidence.push(...strangers.evidence);
    const { foreign, dismissed, renamed } = strangers;
    const say = (
      status: StepFinding['status'],
      score: number,
      firstEvidenceNs: number,
      resolution: string,
    ): StepFinding => ({
      step: '1.4',
      status,
      score,
      evidence,
      firstEvidenceNs,
      resolution,
    });
    if (renamed > 0 && found.pending > 0) {
      const firstNs = Math.min(found.firstNs, strangers.firstNs);
      return say(
        'cause',
        0.97,
        firstNs,
        'Orders come back under CLOIDs that were never sent: CLOID mismatch, check dedup.',
      );
    }
    if (found.pending > 0 && unheard.length > 0) {
      const oids = unheard.slice(0, TOLD).map(({ oid }) => oid);
      evidence.push(
        `${unheard.length} orders were given up and stood at the exchange: ${oids.join(', ')}${unheard.length > TOLD ? ', …' : ''}`,
      );
      return say(
        'cause',
        0.95,
        found.firstNs,
        'Run a safety audit; orders stuck in Placed live at the exchange: check the WS executor.',
      );
    }
    // Over a connection that is gone no cancel is heard of: step 1.2.
    if (found.stuckCancels > 0 && found.staleLocal > 0 && userLosses.length === 0) {
      return say(
        'cause',
        0.97,
        found.firstNs,
        'Run a safety audit; cancels were carried out unheard: check the WS executor.',
      );
    }
    if (dismissed > 0) {
      return say(
        'cause',
        0.94,
        strangers.firstNs,
        'Orphan orders stand at the exchange and nobody cancels them: reconcile.',
      );
    }
    if (foreign + renamed > 0) {
      return say(
        'handled',
        0.65,
        strangers.firstNs,
        'The safety audit cancels orphan orders: see who else uses the account.',
      );
    }
    if (found.pending > 0 || found.stuckCancels > 0) {
      return say(
        'handled',
        0.5,
        found.firstNs,
        'Orders were stuck in Placed or on their way out: check the WS executor (step 1.2).',
      );
    }
    if (found.orphans > 0) return say('handled', 0.5, found.firstNs, 'Orphan orders were cancelled: see step 3.1.');
    return { step: '1.4', status: 'ok', score: 0, evidence };
  },
};

function findAudits(entries: readonly LogEntry[]): Found {
  const found: Found = {
    pending: 0,
    stuckCancels: 0,
    orphans: 0,
    staleLocal: 0,
    evidence: [],
    firstNs: Number.POSITIVE_INFINITY,
  };
  let unsyncedNs = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    if (entry.type === 'safety-audit') {
      const { atNs, isSynced, orphanOrders, staleLocalRemoved, stalePendingRemoved, stuckCancels } = entry;
      if (!isSynced) unsyncedNs = atNs;
      found.pending += stalePendingRemoved;
      found.stuckCancels = Math.max(found.stuckCancels, stuckCancels);
      found.orphans += orphanOrders;
      found.staleLocal += staleLocalRemoved;
      note(found, atNs, wordsOf(entry));
    } else if (entry.type === 'recovery' && entry.atNs - unsyncedNs < FOLLOWS_NS) {
      const { atNs, orphansCancelled, staleLocalRemoved } = entry;
      found.orphans += orphansCancelled;
      found.staleLocal += staleLocalRemoved;
      const counts = counted([
        [orphansCancelled, 'orphans cancelled'],
        [staleLocalRemoved, 'stale_local_removed'],
      ]);
      note(found, atNs, counts === '' ? '' : `reconciled at ${seconds(atNs)}: ${counts}`);
    }
  }
  return found;
}

function note(found: Found, atNs: number, words: string): void {
  if (words === '') return;
  found.firstNs = Math.min(found.firstNs, atNs);
  if (found.evidence.length < TOLD) found.evidence.push(words);
}

function wordsOf(audit: Extract<LogEntry, { type: 'safety-audit' }>): string {
  const counts = counted([
    [audit.stalePendingRemoved, 'stale_pending_removed (Placed for over 5 s)'],
    [audit.stuckCancels, 'stuck_cancels'],
    [audit.orphanOrders, 'orphan_orders'],
    [audit.staleLocalRemoved, 'stale_local_removed'],
  ]);
  return counts === '' ? '' : `safety audit at ${seconds(audit.atNs)}: ${counts}`;
}

function counted(counts: readonly (readonly [number, string])[]): string {
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

interface Strangers {
  /** Orders of nobody here without a CLOID, and those with one that was never sent. */
  foreign: number;
  renamed: number;
  /** Of both: those that stand for longer than the audit lets an orphan stand. */
  dismissed: number;
  readonly evidence: string[];
  firstNs: number;
}

function findStrangers(entries: readonly LogEntry[], endNs: number): Strangers {
  const strangers: Strangers = {
    foreign: 0,
    renamed: 0,
    dismissed: 0,
    evidence: [],
    firstNs: Number.POSITIVE_INFINITY,
  };
  /** By oid: since when each stands that nobody has dealt with. */
  const standing = new Map<number, number>();
  for (const entry of entries) {
    if (entry.type !== 'orphan-order') continue;
    const { atNs, cloid, oid, state } = entry;
    if (state !== 'candidate') {
      if (state === 'gone') dismiss(strangers, oid, standing.get(oid) ?? atNs, atNs);
      standing.delete(oid);
      continue;
    }
    standing.set(oid, atNs);
    strangers.firstNs = Math.min(strangers.firstNs, atNs);
    if (cloid === 0) strangers.foreign++;
    else strangers.renamed++;
    if (strangers.evidence.length < TOLD) {
      const name = cloid === 0 ? 'without a CLOID' : `with CLOID ${cloid}, which was never sent`;
      strangers.evidence.push(`order ${oid} ${name} at the exchange at ${seconds(atNs)}, not in local tracking`);
    }
  }
  for (const [oid, atNs] of standing) dismiss(strangers, oid, atNs, endNs);
  return strangers;
}

/** Counts an order that stood too long without being cancelled here. */
function dismiss(strangers: Strangers, oid: number, fromNs: number, toNs: number): void {
  if (toNs - fromNs <= DISMISSED_NS) return;
  strangers.dismissed++;
  if (strangers.dismissed > TOLD) return;
  strangers.evidence.push(`orphan order ${oid} stood for ${seconds(toNs - fromNs)} and was not cancelled`);
}
