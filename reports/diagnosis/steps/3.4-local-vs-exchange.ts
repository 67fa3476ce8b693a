/**
 * Playbook 3.4: the local position is another one than the exchange's. Fills that were missed and came by a query or snapshot, and
 * discrepancies that neither a race (3.2) nor a double booking (3.3) explains, are the cause. Fills out of order and old pictures
 * of the position that did no harm are handled; so is what another step explains.
 */
import type { StepFinding } from '../../verdict.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

const TOLD = 3;

interface Sign {
  readonly atNs: number;
  readonly text: string;
}

export const localVsExchange: Step = {
  step: '3.4',
  look({ entries }, { positions }) {
    const { mismatches, missed, overwritten } = positions;
    const costs: Sign[] = [
      ...missed.map(({ ageNs, atNs, sizeLots, via }) => ({
        atNs,
        text: `fill of ${sizeLots} lots missed: a ${via} told of it at ${seconds(atNs)}, ${seconds(ageNs)} after its match`,
      })),
      ...mismatches
        .filter(({ by }) => by === '3.4')
        .map(({ entry: { atNs, exchangeLots, localLots, trigger } }) => ({
          atNs,
          text: `position discrepancy at ${seconds(atNs)} (${trigger}): local ${localLots} lots, exchange ${exchangeLots}`,
        })),
      ...overwritten.map(({ atNs, fromLots, toLots }) => ({
        atNs,
        text: `position set back from ${fromLots} to ${toLots} lots at ${seconds(atNs)}, over fills that had been processed`,
      })),
    ];
    const explained = mismatches.filter(({ by }) => by !== '3.4');
    const signs: Sign[] = [
      ...explained.map(({ entry: { atNs, diffLots }, by }) => ({
        atNs,
        text: `position discrepancy of ${diffLots} lots at ${seconds(atNs)}: see step ${by}`,
      })),
      ...entries
        .filter(entry => entry.type === 'fill-out-of-order')
        .map(({ atNs, expectedLots, startPositionLots }) => ({
          atNs,
          text: `fill out of order at ${seconds(atNs)}: it began at ${startPositionLots} lots, the one before ended at ${expectedLots}`,
        })),
      ...entries
        .filter(entry => entry.type === 'snapshot-lag')
        .filter(({ isLagging, request }) => isLagging && request === 'clearinghouseState')
        .map(({ atNs, lagNs }) => ({ atNs, text: `position's snapshot ${seconds(lagNs)} old at ${seconds(atNs)}` })),
    ];
    const told = [...costs.slice(0, TOLD), ...signs.slice(0, TOLD)];
    const evidence = told.map(({ text }) => text);
    if (told.length === 0) return { step: '3.4', status: 'ok', score: 0, evidence };
    const isCause = costs.length > 0;
    // Set to where an old fill had ended, with the message that told of it: it needs no race to explain it.
    const isReversed = overwritten.some(({ atNs }) =>
      entries.some(entry => entry.type === 'fill-out-of-order' && entry.atNs === atNs),
    );
    const finding: StepFinding = {
      step: '3.4',
      status: isCause ? 'cause' : 'handled',
      score: !isCause ? 0.52 : isReversed ? 0.93 : 0.89,
      evidence,
      firstEvidenceNs: Math.min(...(costs.length > 0 ? costs : signs).map(({ atNs }) => atNs)),
      resolution: isCause
        ? 'Trust the exchange as the ground truth, set the local position to it, and look for the root: lost fills or their dedup.'
        : explained.length > 0
          ? `The exchange was believed; the root is in step ${[...new Set(explained.map(({ by }) => by))].join(' and ')}.`
          : 'Local and exchange agreed: nothing to do. An old snapshot must not overwrite what is known to be newer.',
    };
    return finding;
  },
};
