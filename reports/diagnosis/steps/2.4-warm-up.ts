/**
 * Playbook 2.4: estimators that never have enough data keep quotes away, or wide. Waiting at the start is by design, and
 * bounded: quoting begins when warm or after 10 s, whichever is first (playbook matrix, defaults).
 */
import { NS_PER_S } from '../../../core/scale.ts';
import { lengthNs, type Spell, seconds, span } from '../spells.ts';
import type { Step } from '../step.ts';

/** The bounded wait, and one check of the warm-up more. */
const LONGEST_WAIT_NS = 11 * NS_PER_S;
/** Wide quotes are part of the design; for longer than this they deserve to be named. */
const LONG_WIDE_NS = 30 * NS_PER_S;

export const warmUp: Step = {
  step: '2.4',
  look({ entries, endNs }, { stops }) {
    const states = entries.filter(entry => entry.type === 'warm-up');
    const spells = states.map((entry, index) => ({
      ...entry,
      fromNs: entry.atNs,
      toNs: index + 1 < states.length ? states[index + 1].atNs : null,
    }));
    const evidence = spells.map(
      s =>
        `${s.state} ${span(s)}: ${s.bookUpdates} book updates, ${s.trades} trades, sigma ` +
        `${s.sigmaReady ? 'ready' : 'not ready'}, kappa ${s.kappaReady ? 'ready' : 'not ready'}`,
    );
    const isTooLong = (spell: Spell, limitNs: number): boolean => lengthNs(spell, endNs) > limitNs;
    const blocked = stops.filter(stop => stop.reason === 'WarmingUp' && isTooLong(stop, LONGEST_WAIT_NS));
    for (const stop of blocked) evidence.push(`cycles stopped ${span(stop)}: WarmingUp`);
    const resolution =
      'A wait for estimators must be bounded: without enough data quote wide, and never wait to learn, which is a ' +
      'deadlock. See which estimator lacks data.';
    if (blocked.length > 0 || spells.some(s => s.state === 'warming' && isTooLong(s, LONGEST_WAIT_NS))) {
      return { step: '2.4', status: 'cause', score: 0.9, evidence, resolution };
    }
    const wide = spells.find(s => s.state === 'wide' && isTooLong(s, LONG_WIDE_NS));
    if (wide !== undefined) {
      const lacking = wide.kappaReady ? 'sigma' : 'kappa';
      evidence.push(`quotes stayed wide for ${seconds(lengthNs(wide, endNs))} for want of ${lacking}; quoting went on`);
      return { step: '2.4', status: 'handled', score: 0.3, evidence, resolution };
    }
    return { step: '2.4', status: 'ok', score: 0, evidence };
  },
};
