/**
 * Playbook 3.2: fills that come across the cancel of their order, before it is acknowledged, or for no order that is known.
 *
 * Processed at once they are handled: the position swings and is right. They are the cause where the position was wrong by them:
 * told only after more than a second, dropped, or booked twice; and where their order's rest was lost.
 */
import type { LogEntry } from '../../../core/evidence.ts';
import type { StepFinding } from '../../verdict.ts';
import type { FillEntry } from '../position-signs.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

/** How many of many alike are told. */
const TOLD = 3;

export const orphanFills: Step = {
  step: '3.2',
  look({ entries }, { positions }) {
    const { bookedAgain, crossed, dropped, heldUp, late, mismatches } = positions;
    const races = entries.filter(entry => entry.type === 'cancel-fill-race');
    const costs: { atNs: number; text: string }[] = [
      ...late.map(fill => ({ atNs: fill.atNs, text: lateWords(fill) })),
      ...mismatches
        .filter(({ by }) => by === '3.2')
        .map(({ entry: { atNs, diffLots } }) => ({
          atNs,
          text: `position off by ${Math.abs(diffLots)} lots at ${seconds(atNs)}, the size of a fill that came across a cancel`,
        })),
      ...bookedAgain.map(({ atNs, fromLots, toLots }) => ({
        atNs,
        text: `position moved again from ${fromLots} to ${toLots} at ${seconds(atNs)}, with the fill that had moved it`,
      })),
      ...lostRests(entries, crossed),
    ];
    const signs = [
      ...races.map(({ atNs, oid, sinceCancelNs, sizeLots, whipsawLots }) => ({
        atNs,
        text:
          `cancel-fill race at ${seconds(atNs)}: ${sizeLots} lots of order ${oid}, ${seconds(sinceCancelNs)} after its ` +
          `cancel was sent, whipsaw ${whipsawLots} lots`,
      })),
      ...crossed
        .filter(({ tid }) => !races.some(race => race.tid === tid))
        .map(fill => ({ atNs: fill.atNs, text: crossedWords(fill) })),
      ...heldUp.map(fill => ({ atNs: fill.atNs, text: `${lateWords(fill)}, held up with all else: see 4.3 and 4.4` })),
      ...dropped.map(({ atNs, oid, sizeLots }) => ({
        atNs,
        text: `orphan fill at ${seconds(atNs)}: ${sizeLots} lots of order ${oid}, not booked`,
      })),
    ];
    const told = [...costs.slice(0, TOLD), ...signs.slice(0, TOLD)];
    const evidence = told.map(({ text }) => text);
    if (told.length === 0) return { step: '3.2', status: 'ok', score: 0, evidence };
    const finding: StepFinding = {
      step: '3.2',
      status: costs.length > 0 ? 'cause' : 'handled',
      score: costs.length > 0 ? 0.91 : 0.55,
      evidence,
      firstEvidenceNs: Math.min(...(costs.length > 0 ? costs : signs).map(({ atNs }) => atNs)),
      resolution:
        costs.length > 0
          ? 'Fills of orders that are being cancelled, or are gone, must move the position at once and once: check what becomes ' +
            'of them, and the time between cancels and fills.'
          : 'A known race, handled gracefully; where it is frequent, check the timing of cancels.',
    };
    return finding;
  },
};

function lateWords({ ageNs, atNs, oid, sizeLots }: FillEntry): string {
  return `fill of ${sizeLots} lots of order ${oid} came at ${seconds(atNs)}, ${seconds(ageNs)} after its match`;
}

function crossedWords({ atNs, oid, order, sizeLots }: FillEntry): string {
  const state = order === 'Placed' ? 'not acknowledged yet' : order === 'Unknown' ? 'not tracked' : order;
  return `fill at ${seconds(atNs)}: ${sizeLots} lots of order ${oid}, which was ${state}`;
}

/**
 * What was left of an order that was filled in part during its cancel turned up as an orphan. One that had been given up (Expired)
 * was lost by that, and not by its fill: see step 1.4.
 */
function lostRests(entries: readonly LogEntry[], crossed: readonly FillEntry[]): { atNs: number; text: string }[] {
  return entries
    .filter(entry => entry.type === 'orphan-order')
    .filter(
      ({ known, oid, state }) =>
        state === 'cancelled' && known !== null && known !== 'Expired' && crossed.some(fill => fill.oid === oid),
    )
    .map(({ atNs, oid }) => ({
      atNs,
      text: `order ${oid} was filled in part during its cancel, and its rest was an orphan at ${seconds(atNs)}`,
    }));
}
