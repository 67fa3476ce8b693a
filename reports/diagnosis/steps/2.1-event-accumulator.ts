/**
 * Playbook 2.1: events pile up and no reconciliation follows. Its mark is old pending events while feeds are fresh and
 * nothing stops the cycles; events that wait because a gate is shut are a consequence of what shut it.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { ofSame, seconds, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** A debounce as long as the fallback timer's 5 s defeats the fallback (playbook 2.1, max staleness fallback). */
const FALLBACK_NS = 5 * NS_PER_S;
/** Twice the fallback: nothing that comes round in time leaves an event so old. */
const LONG_PENDING_NS = 2 * FALLBACK_NS;
/** What an outage or a shut gate leaves behind is a mid that seems to have jumped. */
const AFTERMATH_NS = 2 * NS_PER_S;
/** How many of many alike are told. */
const TOLD = 3;

function stormWords({ atNs, events, spanNs }: Extract<LogEntry, { type: 'event-storm' }>): string {
  return `a storm of events at ${seconds(atNs)}: ${events} within ${seconds(spanNs)}, taken as one reason to look at the quotes`;
}

export const eventAccumulator: Step = {
  step: '2.1',
  look({ entries }, { outages, gates, stops, riskPulls }) {
    const pending = entries
      .filter(entry => entry.type === 'events-pending')
      .filter(entry => {
        const excuses = [outages, ofSame(gates, entry), ofSame(stops, entry), ofSame(riskPulls, entry)];
        return !excuses.some(spells => within(spells, entry.atNs));
      });
    const isExcused = (atNs: number): boolean => [outages, gates].some(spells => within(spells, atNs, AFTERMATH_NS));
    const coped = entries.flatMap(entry => {
      if (entry.type === 'event-storm') return [{ atNs: entry.atNs, text: stormWords(entry) }];
      if (entry.type !== 'mid-jump' || isExcused(entry.atNs)) return [];
      return [
        {
          atNs: entry.atNs,
          text: `the mid jumped ${entry.moveBps.toFixed(1)} bps within ${seconds(entry.spanNs)}, at ${seconds(entry.atNs)}`,
        },
      ];
    });
    const evidence = pending.map(
      entry =>
        `${entry.events} events pending at ${seconds(entry.atNs)}, the oldest ${seconds(entry.oldestAgeNs)} old, ` +
        `debounce ${seconds(entry.debounceNs)}, feeds fresh and no cycle stopped`,
    );
    evidence.push(...coped.slice(0, TOLD).map(({ text }) => text));
    if (coped.length > TOLD) evidence.push(`and ${coped.length - TOLD} more of these`);
    if (pending.length === 0) {
      if (coped.length === 0) return { step: '2.1', status: 'ok', score: 0, evidence };
      const resolution = 'Quotes were asked for at once, and no more often than the debounce allows: nothing to do.';
      return { step: '2.1', status: 'handled', score: 0.3, evidence, firstEvidenceNs: coped[0].atNs, resolution };
    }
    const firstEvidenceNs = pending[0].atNs;
    const resolution =
      'Events arrive but trigger no reconciliation: check the debounce interval of the event accumulator against its ' +
      'fallback timer.';
    const isCause =
      pending.length > 1 ||
      pending.some(entry => entry.debounceNs >= FALLBACK_NS || entry.oldestAgeNs >= LONG_PENDING_NS);
    if (isCause) return { step: '2.1', status: 'cause', score: 0.9, evidence, firstEvidenceNs, resolution };
    return { step: '2.1', status: 'suspect', score: 0.4, evidence, firstEvidenceNs, resolution };
  },
};
