/**
 * A run restored from disk in a fresh process dispatches exactly the remaining events: it ends with the digest and the
 * verdict of the run that was never stopped.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFile } from '../../recordings/importers/import.ts';
import { type Tape, tapeEndNs } from '../../recordings/tape.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { RandomStreams } from '../../sim/kernel/random.ts';
import { writeSnapshotFile } from '../../sim/kernel/snapshot-file.ts';
import { BINANCE_CAPTURE, HAVE_DATA } from '../support/data.ts';

const SCENARIO = '2-stale-quotes/2.3-all-feeds-silent';
const SEED = 3;
const MOMENTS = 20;

describe.skipIf(!HAVE_DATA)('a run stopped at a drawn moment and restored in a fresh process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replaybook-restore-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const momentsNs: number[] = [];
  let tape: Tape;
  let uninterrupted: string;

  beforeAll(async () => {
    ({ tape } = await importFile(BINANCE_CAPTURE));
    const draws = new RandomStreams('restore').stream('moments');
    for (let index = 0; index < MOMENTS; index++) momentsNs.push(draws.int(tapeEndNs(tape)));
    // Some where much is under way: around the silence's begin, the closed gate, and the return of the feed.
    momentsNs.splice(0, 4, 60.1e9, 71.05e9, 80e9, 90.05e9);
    momentsNs.sort((a, b) => a - b);
    // The run that takes all the snapshots on its way is the one that was never stopped: taking one changes nothing.
    const scenario = openScenario(SCENARIO, { tape: BINANCE_CAPTURE, set: [] });
    const stopped = runScenario(scenario, tape, SEED, {
      command: 'npm test',
      drive: (phase, simulation) => {
        momentsNs.forEach((momentNs, index) => {
          if (phase !== 'run') return;
          simulation.runUntil(momentNs);
          writeSnapshotFile(join(folder, `${index}.snapshot`), simulation.snapshot());
        });
        return simulation.run();
      },
    });
    const straight = runScenario(scenario, tape, SEED, { command: 'npm test' });
    expect(stopped.verdict).toEqual(straight.verdict);
    uninterrupted = JSON.stringify(straight.verdict);
  }, 120_000);

  it.each(Array.from({ length: MOMENTS }, (_, index) => index))('moment %i', index => {
    const args = [
      'dist/test/support/resume.js',
      SCENARIO,
      BINANCE_CAPTURE,
      String(SEED),
      join(folder, `${index}.snapshot`),
    ];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe(uninterrupted);
  });
});
