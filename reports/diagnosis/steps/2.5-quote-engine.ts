/**
 * Playbook 2.5: a stage of the quote cycle ends it again and again though nothing else is wrong. Stops for which another
 * step answers (silence, bad data, warm-up, risk, connection) are left to it, and so is a stop that shares its time.
 */
import type { CycleStopReason, LogEntry, LogType } from '../../../core/evidence.ts';
import { METRICS } from '../../../core/infra/metrics/fields.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { lengthNs, ofSame, seconds, span, within } from '../spells.ts';
import type { Step } from '../step.ts';

/** Stages that stop a cycle by their own judgement. */
const OWN: readonly CycleStopReason[] = ['NoBook', 'KappaInvalid', 'SigmaInvalid', 'RegimeInvalid', 'EmptyLadder'];
/** Cycles that stay stopped for longer than quotes may be missing are a cause (playbook matrix, stale-quotes). */
const LONG_STOP_NS = 5 * NS_PER_S;
/** A stage that stops cycles so often does it again and again. */
const MANY_STOPS = 3;
/** Requests that failed so shortly before explain why cancels did not get through. */
const FAILED_WITHIN_NS = 10 * NS_PER_S;
const RAW = METRICS.findIndex(({ name }) => name === 'mm_kappa_raw');
const EFFECTIVE = METRICS.findIndex(({ name }) => name === 'mm_kappa_effective');

/** Orders that stood on after a pull though no request had failed: nobody cancelled them. */
function quotesLeft(entries: readonly LogEntry[]): Extract<LogEntry, { type: 'quotes-left' }>[] {
  const left: Extract<LogEntry, { type: 'quotes-left' }>[] = [];
  let failedNs = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    const isLost = entry.type === 'reconnection' && entry.target === 'user' && entry.state !== 'Connected';
    if (FAILURES.includes(entry.type) || isLost) failedNs = entry.atNs;
    else if (entry.type === 'quotes-left' && entry.atNs - failedNs > FAILED_WITHIN_NS) left.push(entry);
  }
  return left;
}

const FAILURES: readonly LogType[] = ['request-timeout', 'request-rejected', 'order-rejected', 'rate-limit-error'];

export const quoteEngine: Step = {
  step: '2.5',
  look({ entries, endNs, metrics }, { stops, outages, gates, riskPulls, conservations, warmedUpNs }) {
    const own = stops.filter(
      stop =>
        OWN.includes(stop.reason) &&
        stop.fromNs >= (warmedUpNs.get(stop.instrument ?? 0) ?? Infinity) &&
        ![outages, conservations, ofSame(gates, stop), ofSame(riskPulls, stop)].some(spells =>
          within(spells, stop.fromNs),
        ),
    );
    const evidence = own.map(stop => `cycles stopped ${span(stop)}: ${stop.reason}, with fresh feeds and risk quiet`);
    const left = quotesLeft(entries);
    const isKappa = own.some(({ reason }) => reason === 'KappaInvalid');
    if (isKappa) {
      evidence.push(`kappa at the end: ${metrics[RAW].toFixed(0)} raw, ${metrics[EFFECTIVE].toFixed(0)} effective`);
    }
    for (const { atNs, orders, reason, sinceNs } of left) {
      evidence.push(
        `${orders} orders stood on at ${seconds(atNs)}, ${seconds(sinceNs)} after all were to be cancelled for ${reason}`,
      );
    }
    if (own.length === 0 && left.length === 0) return { step: '2.5', status: 'ok', score: 0, evidence };
    const firstEvidenceNs = Math.min(own.at(0)?.fromNs ?? Infinity, left.at(0)?.atNs ?? Infinity);
    const advice: string[] = [];
    if (left.length > 0) advice.push('Quotes that are pulled must be cancelled until none stands: see who does it.');
    if (own.length > 0) advice.push('Find the stage that ends the cycle.');
    if (isKappa)
      advice.push('A threshold on kappa must compare the effective (blended) value, not the raw one of the book.');
    const resolution = advice.join(' ');
    const stoppedNs = own.reduce((sum, stop) => sum + lengthNs(stop, endNs), 0);
    if (left.length > 0 || own.length >= MANY_STOPS || stoppedNs > LONG_STOP_NS) {
      return { step: '2.5', status: 'cause', score: 0.85, evidence, firstEvidenceNs, resolution };
    }
    return { step: '2.5', status: 'handled', score: 0.4, evidence, firstEvidenceNs, resolution };
  },
};
