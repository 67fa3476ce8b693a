/**
 * Playbook 4.5: the models take too long. `optimal_quotes` has 100 µs; it grows with the levels, and fits of models belong into idle
 * time: the regime model's every 500 returns, the weights of signals at 200, 400, 800 … values.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import { METRIC } from '../../../core/infra/metrics/fields.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { isSustained, LEVEL_BUDGET_US, mainPart, microseconds, percent, slowCycles, slowPart } from '../latency.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

/** By design a model is fitted some minutes apart; so many fits within ten seconds are on the way of messages. */
const MANY_FITS = 5;
const WINDOW_NS = 10 * NS_PER_S;
const TOLD = 3;

export const model: Step = {
  step: '4.5',
  look({ entries, metrics }) {
    const driftBps = metrics[METRIC.expectedDriftBps];
    const skewBps = metrics[METRIC.predictiveSkewBps];
    if (driftBps * skewBps > 0) {
      const evidence = [
        `the last quotes were shifted ${skewBps > 0 ? 'down' : 'up'} (mm_predictive_skew_bps ${skewBps.toFixed(3)}) although the price was ` +
          `expected to ${driftBps > 0 ? 'rise' : 'fall'} (mm_expected_drift_bps ${driftBps.toFixed(3)})`,
      ];
      const resolution = 'The predictive skew has the wrong sign: quotes lean into the move that is expected.';
      return { step: '4.5', status: 'cause', score: 0.8, evidence, resolution };
    }
    const sustained = slowCycles(entries).filter(isSustained);
    const byModel = sustained.filter(cycle => slowPart(cycle) === 'model');
    const fits = manyFits(entries);
    const evidence = byModel
      .slice(0, TOLD)
      .map(
        ({ atNs, levels, modelUs, us }) =>
          `the models took ${microseconds(modelUs)} of a cycle of ${microseconds(us)} at ${seconds(atNs)} (${percent(modelUs / us)}), ` +
          `for ${levels} levels; their limit is 100 µs`,
      );
    evidence.push(...fits.map(({ words }) => words));
    if (byModel.length === 0 && fits.length === 0) return { step: '4.5', status: 'ok', score: 0, evidence };
    const firstEvidenceNs = Math.min(...byModel.map(({ atNs }) => atNs), ...fits.map(({ atNs }) => atNs));
    const found = { step: '4.5', evidence, firstEvidenceNs };
    if (mainPart(sustained) === 'model') {
      const [{ levels, modelUs }] = byModel;
      const isByLevels = fits.length === 0 && modelUs <= LEVEL_BUDGET_US * levels;
      const resolution =
        fits.length > 0
          ? `Move the fit of ${fits[0].model} out of the quote cycle, into idle time, at its schedule.`
          : isByLevels
            ? `The models go over every level: see whether ${levels} are needed.`
            : 'See what the models do beside the formulas for the levels.';
      // Orders of so many levels use up budgets, too (1.1): that follows from their number.
      return { ...found, status: 'cause', score: isByLevels ? 0.96 : 0.93, resolution };
    }
    if (fits.length > 0) {
      const resolution = 'Fits of models come more often than by their schedule: see who asks for them.';
      return { ...found, firstEvidenceNs: fits[0].atNs, status: 'handled', score: 0.4, resolution };
    }
    const resolution = 'Some cycles were slow for the models, most for something else: see step 4.1.';
    return { ...found, status: 'suspect', score: 0.4, resolution };
  },
};

/** Models that are fitted again and again, each in a sentence. */
function manyFits(entries: readonly LogEntry[]): { atNs: number; model: string; words: string }[] {
  return (['hmm', 'mutual-information'] as const).flatMap(name => {
    const fits = entries.filter(entry => entry.type === 'recalibration').filter(({ model: fitted }) => fitted === name);
    const first = fits.findIndex((fit, at) => (fits[at + MANY_FITS - 1]?.atNs ?? Infinity) - fit.atNs < WINDOW_NS);
    if (first < 0) return [];
    const words = `${name} was fitted ${fits.length} times, ${MANY_FITS} of them within ten seconds from ${seconds(fits[first].atNs)} on`;
    return [{ atNs: fits[first].atNs, model: name, words }];
  });
}
