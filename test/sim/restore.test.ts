/**
 * A run restored from disk in a fresh process dispatches exactly the remaining events: it ends with the digest and the
 * verdict of the run that was never stopped.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processIo } from '../../sim/cli/io.ts';
import { openMarket } from '../../sim/cli/market.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { RandomStreams } from '../../sim/kernel/random.ts';
import { writeSnapshotFile } from '../../sim/kernel/snapshot-file.ts';
import { BINANCE_CAPTURE, HAVE_DATA } from '../support/data.ts';

const SEED = 3;

interface Case {
  readonly market: string;
  readonly scenario: string;
  /** null: the scenario's own market. */
  readonly tape: string | null;
  readonly moments: number;
  /** Some moments where much is under way. */
  readonly chosenNs: readonly number[];
}

const CASES: readonly Case[] = [
  {
    market: 'a recorded market',
    scenario: '2-stale-quotes/2.3-all-feeds-silent',
    tape: BINANCE_CAPTURE,
    moments: process.env.CI ? 20 : 1,
    // Around the silence's begin, the closed gate, and the return of the feed.
    chosenNs: [60.1e9, 71.05e9, 80e9, 90.05e9],
  },
  {
    market: 'a synthetic market',
    scenario: 'healthy/cascade',
    tape: null,
    moments: process.env.CI ? 8 : 1,
    // Before the first block has been received, and while liquidations press the price.
    chosenNs: [0.02e9, 60.1e9, 75.05e9],
  },
];

describe.each(CASES)('a run in $market stopped at a drawn moment', ({ scenario: id, tape, moments, chosenNs }) => {
  const skip = tape !== null && !HAVE_DATA;
  const folder = mkdtempSync(join(tmpdir(), 'replaybook-restore-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let uninterrupted: string;

  beforeAll(async () => {
    if (skip) return;
    const scenario = openScenario(id, { tape: tape ?? undefined, set: [] });
    const { plan } = await openMarket(scenario, false, processIo());
    // The run that takes all the snapshots on its way is the one that was never stopped: taking one changes nothing.
    const stopped = runScenario(scenario, plan, SEED, {
      command: 'npm test',
      drive: (phase, simulation, { fromNs, toNs }) => {
        const draws = new RandomStreams('restore').stream('moments');
        const drawn = Array.from({ length: moments - chosenNs.length }, () => fromNs + draws.int(toNs - fromNs));
        const momentsNs = [...chosenNs, ...drawn].sort((a, b) => a - b);
        momentsNs.forEach((momentNs, index) => {
          if (phase !== 'run') return;
          simulation.runUntil(momentNs);
          writeSnapshotFile(join(folder, `${index}.snapshot`), simulation.snapshot());
        });
        return simulation.run();
      },
    });
    const straight = runScenario(scenario, plan, SEED, { command: 'npm test' });
    expect(stopped.verdict).toEqual(straight.verdict);
    uninterrupted = JSON.stringify(straight.verdict);
  }, 120_000);

  it.skipIf(skip).each(Array.from({ length: moments }, (_, index) => index))(
    'goes on in a fresh process: %i',
    index => {
      const snapshot = join(folder, `${index}.snapshot`);
      const args = ['dist/test/support/resume.js', id, tape ?? '-', String(SEED), snapshot];
      expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe(uninterrupted);
    },
  );
});
