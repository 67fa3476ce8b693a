/**
 * Playbook 2.5: a stage of the quote cycle ends it again and again though nothing else is wrong. Stops for which another
 * step answers (silence, bad data, warm-up, risk, connection) are left to it, and so is a stop that shares its time.
 */
import type { CycleStopReason } from '../../../core/evidence.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { lengthNs, span, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** Stages that stop a cycle by their own judgement. */
const OWN: readonly CycleStopReason[] = ['NoBook', 'KappaInvalid', 'SigmaInvalid', 'RegimeInvalid', 'EmptyLadder'];
/** Cycles that stay stopped for longer than quotes may be missing are a cause (playbook matrix, stale-quotes). */
const LONG_STOP_NS = 5 * NS_PER_S;
/** A stage that stops cycles so often does it again and again. */
const MANY_STOPS = 3;

export const quoteEngine: Step = {
  step: '2.5',
  look({ endNs }, { stops, outages, gates, riskPulls, conservations, warmedUpNs }) {
    const own = stops.filter(
      ({ reason, fromNs }) =>
        OWN.includes(reason) &&
        warmedUpNs !== null &&
        fromNs >= warmedUpNs &&
        ![outages, gates, riskPulls, conservations].some(spells => within(spells, fromNs)),
    );
    const evidence = own.map(stop => `cycles stopped ${span(stop)}: ${stop.reason}, with fresh feeds and risk quiet`);
    if (own.length === 0) return { step: '2.5', status: 'ok', score: 0, evidence };
    const resolution =
      'Find the stage that ends the cycle; a threshold on kappa must compare the effective (blended) value, not the raw ' +
      'one of the book.';
    const stoppedNs = own.reduce((sum, stop) => sum + lengthNs(stop, endNs), 0);
    if (own.length >= MANY_STOPS || stoppedNs > LONG_STOP_NS) {
      return { step: '2.5', status: 'cause', score: 0.85, evidence, resolution };
    }
    return { step: '2.5', status: 'handled', score: 0.4, evidence, resolution };
  },
};
