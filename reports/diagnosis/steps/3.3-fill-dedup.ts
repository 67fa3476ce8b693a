/**
 * Playbook 3.3: the same fill is processed twice. Where the deduplicator caught it that is handled; a trade id that was booked twice,
 * or an estimator that learnt from more fills than there were, is the cause.
 */
import type { FillSource } from '../../../core/evidence.ts';
import { METRIC } from '../../../core/infra/metrics/fields.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

const TOLD = 3;

/** What told of a fill. */
const SOURCES: Readonly<Record<FillSource, string>> = {
  stream: 'the stream',
  snapshot: 'a snapshot of fills',
  query: 'the answer to a query',
};

export const fillDedup: Step = {
  step: '3.3',
  look({ entries, metrics }, { positions }) {
    const { doubled, fills } = positions;
    const caught = entries.filter(entry => entry.type === 'duplicate-fill');
    const evidence = doubled.slice(0, TOLD).map(({ atNs, sizeLots, tid }) => {
      const first = fills.findIndex(fill => fill.tid === tid);
      const again = fills.findIndex((fill, at) => at > first && fill.tid === tid);
      return `fill ${tid} of ${sizeLots} lots booked again at ${seconds(atNs)}, after ${again - first - 1} newer ones`;
    });
    const learnt = metrics[METRIC.kappaOwnFills];
    const isLearntTwice = learnt > metrics[METRIC.fills];
    if (isLearntTwice)
      evidence.push(`kappa learnt from ${learnt} own fills, of ${metrics[METRIC.fills]} that there were`);
    for (const { atNs, tid, via } of caught.slice(0, TOLD))
      evidence.push(`duplicate of fill ${tid} caught at ${seconds(atNs)}, told by ${SOURCES[via]}`);
    if (caught.length > TOLD) evidence.push(`and ${caught.length - TOLD} more duplicates caught`);
    if (doubled.length > 0 || isLearntTwice) {
      const first = doubled.at(0) ?? fills.at(0);
      return {
        step: '3.3',
        status: 'cause',
        score: 0.93,
        evidence,
        ...(first === undefined ? {} : { firstEvidenceNs: first.atNs }),
        resolution:
          'Have every path of fills go through the one deduplicator, before any effect; and check that its capacity is enough for ' +
          'the volume of fills.',
      };
    }
    if (caught.length === 0) return { step: '3.3', status: 'ok', score: 0, evidence };
    return {
      step: '3.3',
      status: 'handled',
      score: 0.5,
      evidence,
      firstEvidenceNs: caught[0].atNs,
      resolution:
        'Nothing to do: the deduplicator caught them, as it should. A snapshot and a query tell of old fills by their nature, the ' +
        'stream only where something repeats itself.',
    };
  },
};
