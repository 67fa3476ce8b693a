/**
 * Playbook 2.2: the data comes but is bad. Its mark is anomalies in the messages themselves, and a gate that they shut.
 *
 * A gate that shut because data was old with no bad message before it tells of silence, which is step 2.3. Lost or
 * out-of-order messages just after an outage are what an outage leaves behind.
 */
import type { CycleStopReason, LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { BAD_VALUES, isShutByBadData } from '../signs.ts';
import { isOfSame, lengthNs, seconds, span, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** Bad data that keeps the gate shut for longer than quotes may be missing is a cause (playbook matrix, stale-quotes). */
const LONG_SHUT_NS = 5 * NS_PER_S;
/** Messages lost in an outage are noticed with the first ones after it. */
const OUTAGE_AFTERMATH_NS = 2 * NS_PER_S;
/** What a bad message does it does with the next cycle, which comes within 5 s (playbook 2.1, fallback timer). */
const HARM_WITHIN_NS = 6 * NS_PER_S;
/** What a value that cannot be makes of the estimators. */
const POISONED: readonly CycleStopReason[] = ['KappaInvalid', 'SigmaInvalid', 'RegimeInvalid', 'EmptyLadder', 'NoBook'];
/** How many single anomalies are told one by one. */
const TOLD = 5;

export const dataQuality: Step = {
  step: '2.2',
  look({ entries, endNs }, { gates, outages }) {
    const shut = gates.filter(gate => isShutByBadData(entries, gate));
    const anomalies = entries
      .filter(entry => entry.type === 'anomaly')
      .filter(({ anomaly, atNs }) => {
        if (anomaly === 'StaleData') return false;
        const isOrder = anomaly === 'SequenceGap' || anomaly === 'TimestampRegression';
        return !(isOrder && within(outages, atNs, OUTAGE_AFTERMATH_NS));
      });
    const evidence = anomalies
      .slice(0, TOLD)
      .map(
        ({ anomaly, feed, atNs, value, limit }) =>
          `${anomaly} in ${feed} at ${seconds(atNs)}: ${short(value)}, limit ${short(limit)}`,
      );
    if (anomalies.length > TOLD) evidence.push(`and ${anomalies.length - TOLD} more anomalies`);
    const harm = harmOf(entries);
    evidence.unshift(...harm.slice(0, TOLD).map(({ text }) => text));
    for (const gate of shut) evidence.push(`gate shut ${span(gate)}: ${gate.reason.type}, while messages came in`);
    const resolution =
      'Messages arrive but cannot be trusted: a crossed book or bad values point to the feed or the exchange, sequence ' +
      'gaps to lost messages, so check the reconnections.';
    // Before what it led to, a kill by a price that never was for one (step 1.3).
    if (harm.length > 0) {
      const firstEvidenceNs = harm[0].atNs;
      return { step: '2.2', status: 'cause', score: 0.985, evidence, firstEvidenceNs, resolution };
    }
    const longShut = shut.find(gate => lengthNs(gate, endNs) > LONG_SHUT_NS);
    if (longShut !== undefined) {
      const firstEvidenceNs = longShut.fromNs;
      return { step: '2.2', status: 'cause', score: 0.92, evidence, firstEvidenceNs, resolution };
    }
    if (anomalies.length > 0 || shut.length > 0) {
      const firstEvidenceNs = Math.min(anomalies.at(0)?.atNs ?? Infinity, shut.at(0)?.fromNs ?? Infinity);
      return { step: '2.2', status: 'handled', score: 0.5, evidence, firstEvidenceNs, resolution };
    }
    return { step: '2.2', status: 'ok', score: 0, evidence };
  },
};

/**
 * What bad messages did though they were found: quoting stopped or was killed right after one, or quotes that were to be cancelled
 * for them stood on.
 */
function harmOf(entries: readonly LogEntry[]): { atNs: number; text: string }[] {
  const harm: { atNs: number; text: string }[] = [];
  const bad: Extract<LogEntry, { type: 'anomaly' }>[] = [];
  for (const entry of entries) {
    const { atNs } = entry;
    if (entry.type === 'anomaly' && BAD_VALUES.includes(entry.anomaly)) bad.push(entry);
    const text = harmWords(entry);
    if (text === null) continue;
    // What is of no instrument, as the kill switch is, may come of any.
    const last = bad.filter(one => !('instrument' in entry) || isOfSame(one, entry)).at(-1);
    if (last === undefined || atNs - last.atNs > HARM_WITHIN_NS) continue;
    harm.push({ atNs, text: `${text} at ${seconds(atNs)}, right after ${last.anomaly} in ${last.feed}` });
  }
  return harm;
}

function harmWords(entry: LogEntry): string | null {
  switch (entry.type) {
    case 'kill-switch':
      return entry.isKilled ? `kill switch thrown (${entry.reasons.join(', ')})` : null;
    case 'cycle-stopped':
      return POISONED.includes(entry.reason) ? `cycles stopped: ${entry.reason}` : null;
    case 'quotes-left':
      return entry.reason === 'DataQualityGate' ? `${entry.orders} orders stood on behind the shut gate` : null;
    default:
      return null;
  }
}

/** A measured value with at most four decimals. */
function short(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
