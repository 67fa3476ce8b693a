/**
 * Playbook 2.4: estimators that never have enough data keep quotes away, or wide. Waiting at the start is by design, and
 * bounded: quoting begins when warm or after 10 s, whichever is first (playbook matrix, defaults).
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { METRICS } from '../../../core/infra/metrics/fields.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { lengthNs, type Spell, Spells, seconds, span } from '../spells.ts';
import type { Step } from '../step.ts';

/** The bounded wait, and one check of the warm-up more. */
const LONGEST_WAIT_NS = 11 * NS_PER_S;
/** Wide quotes are part of the design; for longer than this they deserve to be named. */
const LONG_WIDE_NS = 30 * NS_PER_S;
/** Fills of this session from which on the fill posterior may call itself warm. */
const POSTERIOR_FILLS = 10;
const FILLS = METRICS.findIndex(({ name }) => name === 'mm_fills_total');
const POSTERIOR_WARM = METRICS.findIndex(({ name }) => name === 'mm_fill_posterior_warm');
const BY_OWN_FILLS =
  'What a checkpoint brings is no measurement of this session: judge warm-up by the fills and the time of this session alone.';

export const warmUp: Step = {
  step: '2.4',
  look({ entries, endNs, metrics }, { stops }) {
    const states = new Spells<Extract<LogEntry, { type: 'warm-up' }>>();
    for (const entry of entries) if (entry.type === 'warm-up') states.change(entry, entry);
    const spells = states.all;
    const evidence = spells.map(
      s =>
        `${s.state} ${span(s)}: ${s.bookUpdates} book updates, ${s.trades} trades, sigma ` +
        `${s.sigmaReady ? 'ready' : 'not ready'}, kappa ${s.kappaReady ? 'ready' : 'not ready'}`,
    );
    const checkpoint = entries.find(entry => entry.type === 'checkpoint');
    const fills = metrics[FILLS];
    const isBelieved = checkpoint !== undefined && metrics[POSTERIOR_WARM] === 1 && fills < POSTERIOR_FILLS;
    if (checkpoint !== undefined) {
      const taken = isBelieved ? 'taken for warm by them' : 'not warm by them';
      evidence.unshift(`a checkpoint brought ${checkpoint.fills} fills, this session has ${fills}: ${taken}`);
    }
    const isTooLong = (spell: Spell, limitNs: number): boolean => lengthNs(spell, endNs) > limitNs;
    const blocked = stops.filter(stop => stop.reason === 'WarmingUp' && isTooLong(stop, LONGEST_WAIT_NS));
    for (const stop of blocked) evidence.push(`cycles stopped ${span(stop)}: WarmingUp`);
    const resolution =
      'A wait for estimators must be bounded: without enough data quote wide, and never wait to learn, which is a ' +
      'deadlock. See which estimator lacks data.';
    if (isBelieved) {
      const firstEvidenceNs = checkpoint.atNs;
      return { step: '2.4', status: 'cause', score: 0.93, evidence, firstEvidenceNs, resolution: BY_OWN_FILLS };
    }
    const endless = [...spells.filter(s => s.state === 'warming' && isTooLong(s, LONGEST_WAIT_NS)), ...blocked];
    if (endless.length > 0) {
      const firstEvidenceNs = Math.min(...endless.map(({ fromNs }) => fromNs));
      return { step: '2.4', status: 'cause', score: 0.9, evidence, firstEvidenceNs, resolution };
    }
    const wide = spells.find(s => s.state === 'wide' && isTooLong(s, LONG_WIDE_NS));
    if (wide !== undefined) {
      const lacking = wide.kappaReady ? 'sigma' : 'kappa';
      evidence.push(`quotes stayed wide for ${seconds(lengthNs(wide, endNs))} for want of ${lacking}; quoting went on`);
      return { step: '2.4', status: 'handled', score: 0.3, evidence, firstEvidenceNs: wide.fromNs, resolution };
    }
    if (checkpoint !== undefined) {
      const firstEvidenceNs = checkpoint.atNs;
      return { step: '2.4', status: 'handled', score: 0.25, evidence, firstEvidenceNs, resolution: BY_OWN_FILLS };
    }
    return { step: '2.4', status: 'ok', score: 0, evidence };
  },
};
