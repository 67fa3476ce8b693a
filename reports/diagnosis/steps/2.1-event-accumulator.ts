/**
 * Playbook 2.1: events pile up and no reconciliation follows. Its mark is old pending events while feeds are fresh and
 * nothing stops the cycles; events that wait because a gate is shut are a consequence of what shut it.
 */
import { NS_PER_S } from '../../../core/scale.ts';
import { seconds, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** A debounce as long as the fallback timer's 5 s defeats the fallback (playbook 2.1, max staleness fallback). */
const FALLBACK_NS = 5 * NS_PER_S;
/** Twice the fallback: nothing that comes round in time leaves an event so old. */
const LONG_PENDING_NS = 2 * FALLBACK_NS;

export const eventAccumulator: Step = {
  step: '2.1',
  look({ entries }, { outages, gates, stops, riskPulls }) {
    const pending = entries
      .filter(entry => entry.type === 'events-pending')
      .filter(({ atNs }) => ![outages, gates, stops, riskPulls].some(spells => within(spells, atNs)));
    const evidence = pending.map(
      entry =>
        `${entry.events} events pending at ${seconds(entry.atNs)}, the oldest ${seconds(entry.oldestAgeNs)} old, ` +
        `debounce ${seconds(entry.debounceNs)}, feeds fresh and no cycle stopped`,
    );
    if (pending.length === 0) return { step: '2.1', status: 'ok', score: 0, evidence };
    const resolution =
      'Events arrive but trigger no reconciliation: check the debounce interval of the event accumulator against its ' +
      'fallback timer.';
    const isCause =
      pending.length > 1 ||
      pending.some(entry => entry.debounceNs >= FALLBACK_NS || entry.oldestAgeNs >= LONG_PENDING_NS);
    if (isCause) return { step: '2.1', status: 'cause', score: 0.9, evidence, resolution };
    return { step: '2.1', status: 'suspect', score: 0.4, evidence, resolution };
  },
};
