/**
 * Playbook 4.1: quote cycles take over 1 ms, or over 5 ms, again and again. It is the step's own where all parts of the cycle are slow
 * alike, by too many levels or a slow machine; where one part takes nearly all of the time the chain goes on to 4.3 and 4.5.
 *
 * A latency that is reported and never measured is found here too: without it every other step is looked for in the dark.
 */
import { latencyMetrics, METRIC } from '../../../core/infra/metrics/fields.ts';
import { isSustained, mainPart, microseconds, percent, type SlowCycle, slowCycles, slowestStage } from '../latency.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

/** A latency of so many samples that is the same to the last digit in all of them was never measured. */
const ENOUGH_SAMPLES = 20;
/** The default cycle, and what the arena is budgeted for: 10 levels in all (playbook 4.2). */
const USUAL_LEVELS = 10;
const TOLD = 3;

const WHERE = {
  log: 'its log entries, which are waited for: see step 4.3',
  stage: 'one stage that waits: see step 4.3',
  model: 'the models: see step 4.5',
} as const;

export const quoteCycle: Step = {
  step: '4.1',
  look({ entries, metrics }) {
    const unmeasured = neverMeasured(metrics);
    if (unmeasured.length > 0) {
      return {
        step: '4.1',
        status: 'cause',
        score: 0.95,
        evidence: unmeasured,
        resolution:
          'A latency metric is never updated: measure it where the work is done, before any other step is judged by it.',
      };
    }
    const slow = slowCycles(entries);
    const evidence = slow.slice(0, TOLD).map(words);
    if (slow.length === 0) return { step: '4.1', status: 'ok', score: 0, evidence };
    const sustained = slow.filter(isSustained);
    const found = { step: '4.1', evidence, firstEvidenceNs: (sustained[0] ?? slow[0]).atNs };
    if (sustained.length === 0) {
      const resolution = 'Single slow cycles: worth watching, no pattern.';
      return { ...found, status: 'suspect', score: 0.2, resolution };
    }
    const part = mainPart(sustained);
    if (part !== 'all') {
      const where = WHERE[part ?? 'stage'];
      evidence.push(`nearly all of it in ${where}`);
      return { ...found, status: 'suspect', score: 0.5, resolution: `The quote cycle is slow because of ${where}.` };
    }
    // Orders of so many levels use up budgets, too (1.1): that follows from their number.
    const score = sustained[0].levels > USUAL_LEVELS ? 0.955 : 0.9;
    return { ...found, status: 'cause', score, resolution: resolutionFor(sustained) };
  },
};

function words(cycle: SlowCycle): string {
  const { atNs, cycles, level, levels, us } = cycle;
  const stage = slowestStage(cycle);
  return (
    `quote_cycle_us ${Math.round(us)} at ${seconds(atNs)} (${level}), ${cycle.slowCycles} of ${cycles} cycles of ten seconds over 1 ms; ` +
    `${percent(cycle.stagesUs[stage] / us)} of it in ${stage}, ${levels} levels in all`
  );
}

function resolutionFor(cycles: readonly SlowCycle[]): string {
  const { levels } = cycles[0];
  if (levels > USUAL_LEVELS) return `Every stage works on ${levels} levels: see whether so many are needed.`;
  return 'All stages are slow alike, for an ordinary number of levels: the machine is too slow or shared. See what else runs on it.';
}

/** Latencies that are shown and were never measured, in sentences. */
function neverMeasured(metrics: Float64Array): string[] {
  const sentences: string[] = [];
  const cycles = metrics[METRIC.quoteCycles];
  if (cycles >= ENOUGH_SAMPLES && metrics[latencyMetrics('quoteCycle').max] === 0) {
    sentences.push(`mm_quote_cycle_us has no value after ${cycles} quote cycles: it is never updated`);
  }
  const { p50, p99, max } = latencyMetrics('wsRoundtrip');
  const answered = metrics[METRIC.ordersPlaced] + metrics[METRIC.ordersModified] + metrics[METRIC.ordersCancelled];
  const isConstant = metrics[max] > 0 && metrics[p50] === metrics[max] && metrics[p99] === metrics[max];
  if (answered >= ENOUGH_SAMPLES && isConstant) {
    sentences.push(
      `mm_ws_roundtrip_us is ${microseconds(metrics[max])} at every percentile, for ${answered} orders: it is not measured`,
    );
  }
  return sentences;
}
