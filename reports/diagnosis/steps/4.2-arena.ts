/**
 * Playbook 4.2: quote cycles outgrow their arena and open further chunks. Now and then is what the chunks are for; one cycle in twenty
 * is a capacity that is too small, a ladder that is too large, or something else that lives in the arena.
 */
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

/** So many cycles say something, and this share of them is regular (playbook matrix, `high-latency`). */
const ENOUGH_CYCLES = 20;
const REGULAR_PERCENT = 5;
/** What the default arena is budgeted for: 10 levels, quotes included (playbook 4.2). */
const USUAL_LEVELS = 10;
const TOLD = 3;

export const arena: Step = {
  step: '4.2',
  look({ entries }) {
    const overflows = entries.filter(entry => entry.type === 'arena-overflow');
    const regular = overflows.filter(
      ({ cycles, overflows: count }) => cycles >= ENOUGH_CYCLES && 100 * count >= REGULAR_PERCENT * cycles,
    );
    const shown = regular.length > 0 ? regular : overflows;
    const evidence = shown.slice(0, TOLD).map(entry => {
      const taken = entry.takenBytes === 0 ? '' : ` beside ${entry.takenBytes} that something else had taken`;
      return (
        `a cycle needed ${entry.usedBytes} bytes${taken} of an arena of ${entry.capacityBytes} at ${seconds(entry.atNs)}, for ` +
        `${entry.levels} levels and ${entry.orderSpecs} order specs: ${entry.chunks} further chunks; ${entry.overflows} of ` +
        `${entry.cycles} cycles of ten seconds overflowed`
      );
    });
    if (shown.length === 0) return { step: '4.2', status: 'ok', score: 0, evidence };
    const [{ atNs: firstEvidenceNs, levels, takenBytes }] = shown;
    const found = { step: '4.2', evidence, firstEvidenceNs };
    const resolution =
      takenBytes > 0
        ? 'Something else lives in the arena of the quote cycle: give it room of its own, or raise DEFAULT_ARENA_CAPACITY.'
        : levels > USUAL_LEVELS
          ? `Raise DEFAULT_ARENA_CAPACITY (infra.arena.capacityBytes), or see whether ${levels} levels are needed.`
          : 'Raise DEFAULT_ARENA_CAPACITY (infra.arena.capacityBytes).';
    if (regular.length === 0) return { ...found, status: 'handled', score: 0.3, resolution };
    return { ...found, status: 'cause', score: 0.88, resolution };
  },
};
