/**
 * Playbook 2.3: market data stops coming, on the whole connection or on one feed.
 *
 * Silence that cost the quotes (gate shut for old data, pulled by a staleness monitor, no book) is the cause. Silence that
 * was noticed and healed before that is handled. One stale reading that passed is at most suspect. A lost user connection
 * is step 1.2's story and only suspect here; silent user events (`UserEventStale`) are this step's own.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { StepFinding } from '../../verdict.ts';
import type { Outage } from '../outages.ts';
import { type GateSpell, isShutByBadData, type Signs } from '../signs.ts';
import { seconds, span, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** Quotes are lost to an outage until shortly after its end: the gate is read again at the next check, 1 s later. */
const AFTER_NS = NS_PER_S;
/** How many of many alike are told. */
const TOLD = 3;

export const connectionSupervisor: Step = {
  step: '2.3',
  look({ entries }, signs) {
    const evidence: string[] = [];
    let worst: Pick<StepFinding, 'status' | 'score'> = { status: 'ok', score: 0 };
    let firstEvidenceNs = Infinity;
    // The first evidence is that of what weighs most: an earlier silence that healed is another story.
    const raise = (status: StepFinding['status'], score: number, atNs: number): void => {
      if (status === worst.status) firstEvidenceNs = Math.min(firstEvidenceNs, atNs);
      else if (score > worst.score) firstEvidenceNs = atNs;
      if (score > worst.score) worst = { status, score };
    };
    for (const outage of signs.outages) {
      const loss = lossIn(outage, entries, signs);
      // What it cost comes first: a report may not have room for everything.
      if (loss !== null) evidence.push(loss);
      evidence.push(...outage.notes);
      if (loss !== null) {
        raise('cause', 0.9 + (outage.recommended ? 0.03 : 0) + (outage.critical ? 0.03 : 0), outage.notedNs);
      } else if (outage.recommended || outage.escalated) {
        raise('handled', outage.critical ? 0.6 : 0.55, outage.notedNs);
      } else {
        raise('suspect', 0.25, outage.notedNs);
      }
    }
    for (const gate of unseenSilences(entries, signs)) {
      evidence.push(
        `gate shut ${span(gate)}: ${gate.reason.type}, and the supervisor saw nothing: look at each feed’s own age`,
      );
      raise('cause', 0.93, gate.fromNs);
    }
    for (const { atNs, text } of silentUserEvents(entries)) {
      evidence.push(text);
      raise('handled', 0.5, atNs);
    }
    for (const { fromNs, reason } of signs.userLosses) {
      evidence.push(`user connection: Disconnected at ${seconds(fromNs)} (${reason}); see step 1.2`);
      raise('suspect', 0.35, fromNs);
    }
    if (worst.status === 'ok') evidence.push(...cautions(entries));
    const finding: StepFinding = { step: '2.3', ...worst, evidence };
    if (worst.status !== 'ok') {
      finding.resolution = resolutionFor(signs.outages);
      finding.firstEvidenceNs = firstEvidenceNs;
    }
    return finding;
  },
};

/** How this outage cost the quotes, in a sentence; null where it did not. */
function lossIn(outage: Outage, entries: readonly LogEntry[], signs: Signs): string | null {
  const lastNs = (outage.toNs ?? Number.POSITIVE_INFINITY) + AFTER_NS;
  const isIn = (ns: number): boolean => ns >= outage.fromNs && ns <= lastNs;
  const gate = signs.gates.find(g => isIn(g.fromNs) && g.reason.type !== 'CrossedBook');
  if (gate !== undefined && !isShutByBadData(entries, gate)) {
    return `gate shut ${span(gate)} for ${gate.reason.type}: no quotes`;
  }
  if (gate !== undefined) return null;
  const pull = signs.riskPulls.find(p => isIn(p.fromNs) && p.pulledBy.some(name => /stale/i.test(name)));
  if (pull !== undefined) return `risk pulled the quotes ${span(pull)}: ${pull.monitors.join(', ')}`;
  const stop = signs.stops.find(s => isIn(s.fromNs) && s.reason === 'NoBook');
  return stop === undefined ? null : `cycles stopped ${span(stop)}: ${stop.reason}`;
}

/** Gates that old data shut while no outage was noticed: one age for all feeds hides a book that is dead. */
function unseenSilences(entries: readonly LogEntry[], { gates, outages }: Signs): GateSpell[] {
  return gates.filter(
    gate =>
      gate.reason.type === 'StaleData' && !isShutByBadData(entries, gate) && !within(outages, gate.fromNs, AFTER_NS),
  );
}

interface Told {
  readonly atNs: number;
  readonly text: string;
}

/** Times at which user events were stale while orders were open, the first of them, in sentences. */
function silentUserEvents(entries: readonly LogEntry[]): Told[] {
  return entries
    .filter(entry => entry.type === 'supervisor')
    .filter(entry => entry.event === 'UserEventStale')
    .slice(0, TOLD)
    .map(({ atNs, timeSinceUserEventNs }) => ({
      atNs,
      text: `supervisor: UserEventStale at ${seconds(atNs)}, user events ${seconds(timeSinceUserEventNs)} old`,
    }));
}

/** Cautious quoting without any stale reading: worth a word, nothing more. */
function cautions(entries: readonly LogEntry[]): string[] {
  return entries
    .filter(entry => entry.type === 'risk' && entry.monitors.some(name => /stale/i.test(name)))
    .slice(0, TOLD)
    .map(entry => `cautious at ${seconds(entry.atNs)}: data was late, no stale reading followed`);
}

function resolutionFor(outages: readonly Outage[]): string {
  if (outages.some(outage => outage.critical)) {
    return 'Market data was silent beyond the critical age: check the feed and the exchange; a restart may be needed.';
  }
  if (outages.some(outage => outage.recommended)) {
    return 'The supervisor recommended a reconnect, which should heal by itself: check the network if it comes again.';
  }
  if (outages.some(outage => outage.isSilence)) {
    return 'Check whether the stale feed is disconnected; if all are connected, check the state of the exchange.';
  }
  if (outages.length > 0) return 'Check the connection named above; quoting goes on by itself once it is back.';
  return (
    'User events were silent while orders rested, or the user connection was lost: natural in a quiet market, else check ' +
    'the user connection (step 1.2).'
  );
}
