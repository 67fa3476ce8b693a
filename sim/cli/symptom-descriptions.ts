/** What makes each symptom hot, in words and numbers, for `list symptoms`. The numbers are those that runs are judged by. */
import type { Symptom } from '../../core/playbook.ts';
import {
  HIGH_LATENCY,
  ORDERS_NOT_SENDING,
  POSITION_MISMATCH,
  STALE_QUOTES,
} from '../../reports/symptoms/thresholds.ts';
import { formatDuration } from '../../scenarios/duration.ts';

export interface SymptomDescription {
  readonly symptom: Symptom;
  /** The playbook's chapter. */
  readonly family: string;
  readonly hotWhen: string;
  readonly coldWhen: string;
  /** Lengths of time as text with a unit. */
  readonly thresholds: Readonly<Record<string, string | number>>;
}

export const SYMPTOM_DESCRIPTIONS: readonly SymptomDescription[] = [
  ordersNotSending(),
  staleQuotes(),
  positionMismatch(),
  highLatency(),
];

function ordersNotSending(): SymptomDescription {
  const { quietNs, twinAcceptances, twinApartNs, distanceBps } = ORDERS_NOT_SENDING;
  const quiet = formatDuration(quietNs);
  const twinApart = formatDuration(twinApartNs);
  return {
    symptom: 'orders-not-sending',
    family: '1',
    hotWhen:
      `on a side: more than ${quiet} without a placement or modification that the exchange accepted, while in the twin ` +
      `there were at least ${twinAcceptances} in that span, ${twinApart} or more apart, and our best order there is absent or its ` +
      `distance to the true mid differs from the twin's by ${distanceBps} bps or more (where they hold other positions, the mid must have moved as far since)`,
    coldWhen: 'the exchange accepts the next one there',
    thresholds: { quiet, twinAcceptances, twinApart, distanceBps },
  };
}

function staleQuotes(): SymptomDescription {
  const { quoteAgeNs, midMoveBps, reactionNs, bareNs } = STALE_QUOTES;
  const quoteAge = formatDuration(quoteAgeNs);
  const bare = formatDuration(bareNs);
  const reaction = formatDuration(reactionNs);
  return {
    symptom: 'stale-quotes',
    family: '2',
    hotWhen:
      `on a side where the run has quoted and its twin has an order resting: an own order rests whose side’s last ` +
      `accepted action is more than ${quoteAge} ago while the true mid has been ${midMoveBps} bps or more away ` +
      `for ${reaction}; or nothing of ours has rested there for more than ${bare}, and something of the twin's for ${reaction}`,
    coldWhen: 'a quote rests there that was placed or modified after it began',
    thresholds: { quoteAge, midMoveBps, reaction, bare },
  };
}

function positionMismatch(): SymptomDescription {
  const { positionNs, orderNs, rateOff, rateFillsOff, rateFills, rateWindow, rateNs, horizonNs } = POSITION_MISMATCH;
  const position = formatDuration(positionNs);
  const order = formatDuration(orderNs);
  const rate = formatDuration(rateNs);
  const horizon = formatDuration(horizonNs);
  return {
    symptom: 'position-mismatch',
    family: '3',
    hotWhen:
      `the local position differs from the exchange's, net of fills inside their normal delivery time, for more than ${position}; ` +
      `or an order is in one book of record and not in the other for more than ${order}; or the reported adverse-selection rate ` +
      `differs from the true one by more than ${rateOff.toFixed(2)}, and more than ${rateFillsOff} fills, over ${rateFills} fills or ` +
      `more, for more than ${rate}. What the core believes is its accountView: a core that offers none is not judged, one without a rate not by the rate`,
    coldWhen: 'none of these holds',
    thresholds: { position, order, rateOff, rateFillsOff, rateFills, rateWindow, rate, horizon },
  };
}

function highLatency(): SymptomDescription {
  const { windowNs, cycleNs, criticalCycleNs, slowCycles, slowPercent, arenaCycles, arenaPercent } = HIGH_LATENCY;
  const { roundTrips, roundTripNs, queueNs, queuePercent } = HIGH_LATENCY;
  const window = formatDuration(windowNs);
  const cycle = formatDuration(cycleNs);
  const criticalCycle = formatDuration(criticalCycleNs);
  const roundTrip = formatDuration(roundTripNs);
  const queue = formatDuration(queueNs);
  return {
    symptom: 'high-latency',
    family: '4',
    hotWhen:
      `in the last ${window}: more than ${slowPercent} % and at least ${slowCycles} quote cycles took over ${cycle} (critical: ` +
      `${criticalCycle}); or at least ${arenaPercent} % of ${arenaCycles} cycles or more outgrew their arena; or the median of ` +
      `${roundTrips} round trips or more on the websocket is over ${roundTrip}, one without a reply counting as its age; or more than ` +
      `${queuePercent} % of the messages waited over ${queue} for the CPU`,
    coldWhen: 'none of these holds',
    thresholds: {
      window,
      cycle,
      criticalCycle,
      slowCycles,
      slowPercent,
      arenaCycles,
      arenaPercent,
      roundTrips,
      roundTrip,
      queue,
      queuePercent,
    },
  };
}
