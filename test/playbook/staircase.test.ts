/**
 * The staleness staircase of the playbook matrix, on the recorded hour: a silence, counted from the last delivered frame,
 * climbs cautious (over 5 s), reconnect recommended (second reading over 10 s), gate (over 15 s) and stale (over 30 s).
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import type { LogEntry } from '../../core/evidence.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { type Tape, tapeEndNs } from '../../recordings/tape.ts';
import { RandomStreams } from '../../sim/kernel/random.ts';
import { Simulation } from '../../sim/simulate.ts';
import type { Observer } from '../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../sim/world.ts';
import { ARCHIVE_HOUR, HAVE_DATA } from '../support/data.ts';
import { fault } from '../support/faults.ts';

const STEPS = ['cautious', 'reconnect recommended', 'gate', 'stale'] as const;
const START_TIMES = 50;
const BEFORE_NS = 15 * NS_PER_S;
const AFTER_NS = 5 * NS_PER_S;

/** The step that a log entry climbs, or null. */
function stepOf(entry: LogEntry): (typeof STEPS)[number] | null {
  if (entry.type === 'risk' && entry.spreadFactor > 1) return 'cautious';
  if (entry.type === 'supervisor' && entry.event === 'ReconnectRecommended') return 'reconnect recommended';
  if (entry.type === 'quote-gate' && entry.reason?.type === 'StaleData') return 'gate';
  if (entry.type === 'anomaly' && entry.anomaly === 'StaleData') return 'stale';
  return null;
}

function climbed(tape: Tape, atNs: number, silenceNs: number): string[] {
  const steps: string[] = [];
  const observer: Observer = {
    name: 'staircase',
    onEvidence: entry => {
      const step = stepOf(entry);
      if (step !== null && entry.atNs >= atNs && !steps.includes(step)) steps.push(step);
    },
    snapshot: () => null,
    restore: () => undefined,
  };
  const toNs = atNs + silenceNs + AFTER_NS;
  const plan = {
    seed: 1,
    market: { tape },
    fromNs: atNs - BEFORE_NS,
    toNs,
    healNs: toNs,
    core: DEFAULT_SETTINGS,
    world: DEFAULT_WORLD,
    faults: [fault('feed-silence', { target: 'all', atNs, forNs: silenceNs })],
  };
  new Simulation(plan, [observer], createCore).run();
  return steps;
}

describe.skipIf(!HAVE_DATA)('staleness staircase on the archive hour', () => {
  let tape: Tape;
  let startsNs: number[];
  beforeAll(async () => {
    ({ tape } = await importFile(ARCHIVE_HOUR));
    const draws = new RandomStreams('staircase').stream('start');
    const rangeNs = tapeEndNs(tape) - BEFORE_NS - 60 * NS_PER_S;
    startsNs = Array.from({ length: START_TIMES }, () => BEFORE_NS + draws.int(rangeNs));
  });

  it.each([
    [4.9, 0],
    [7, 1],
    [12.5, 2],
    [20, 3],
    [40, 4],
  ])('a silence of %d s climbs %i steps, in order, whenever it begins', (seconds, count) => {
    for (const startNs of startsNs) {
      expect(climbed(tape, startNs, seconds * NS_PER_S), `silence at ${startNs} ns`).toEqual(STEPS.slice(0, count));
    }
  });
});
