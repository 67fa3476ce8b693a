/**
 * Playbook 3.5: the fill tracker is not fed. Of fills that are older than the time after which the price is looked at, it must know
 * the fill and the price after it. It is the cause where not one fill, or not one later price, was recorded: then the
 * adverse-selection rate is wrong.
 */
import { METRIC } from '../../../core/infra/metrics/fields.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

/** The price is looked at after 1 s (playbook 3.5), at the next check, and gauges are written once a second. */
const KNOWN_AFTER_NS = 4 * NS_PER_S;
/** So many fills that nothing is known of are no chance. */
const MANY = 5;

export const fillTracker: Step = {
  step: '3.5',
  look({ endNs, metrics }, { positions }) {
    const due = positions.fills.filter(({ atNs }) => atNs + KNOWN_AFTER_NS < endNs);
    const recorded = metrics[METRIC.fillsRecorded];
    const outcomes = metrics[METRIC.fillOutcomes];
    if (due.length === 0 || !(metrics[METRIC.fills] > 0) || (recorded > 0 && outcomes > 0))
      return { step: '3.5', status: 'ok', score: 0, evidence: [] };
    const missing = recorded === 0 ? 'recordFill' : 'updatePriceAfter';
    const isCause = due.length >= MANY;
    return {
      step: '3.5',
      status: isCause ? 'cause' : 'suspect',
      score: isCause ? 0.87 : 0.3,
      evidence: [
        `${due.length} fills from ${seconds(due[0].atNs)} on: the fill tracker has recorded ${recorded}, and knows the price after ` +
          `${outcomes}`,
      ],
      firstEvidenceNs: due[0].atNs,
      resolution: `Check that ${missing}() is called: without it the adverse-selection rate is not known.`,
    };
  },
};
