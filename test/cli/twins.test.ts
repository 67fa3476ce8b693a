import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../sim/cli/io.ts';
import { openMarket } from '../../sim/cli/market.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { SCENARIOS } from '../../sim/cli/paths.ts';
import { type Phase, runScenario } from '../../sim/cli/run-scenario.ts';
import { TwinCache } from '../../sim/cli/twins.ts';

const SILENT: Io = { out: () => {}, err: () => {}, environment: {} } as unknown as Io;

/** Phases that are run of a scenario whose fix leaves nothing of the cause. */
async function phasesOf(defect?: string): Promise<Phase[]> {
  const scenario = openScenario('2.1-debounce-of-a-minute', { set: ['baseline.duration=40s'] });
  const { plan } = await openMarket(scenario, true, SILENT);
  const phases: Phase[] = [];
  const observe = (phase: Phase) => {
    phases.push(phase);
    return [];
  };
  runScenario(scenario, plan, 1, { command: '', observe, ...(defect && { defect }) });
  return phases;
}

async function judged(set: string[], seed: number, twins?: TwinCache) {
  const scenario = openScenario(join(SCENARIOS, '2-stale-quotes/2.3-all-feeds-silent.yaml'), { set });
  const market = await openMarket(scenario, true, SILENT);
  return runScenario(scenario, market.plan, seed, { command: '', ...(twins && { twins }) });
}

describe('a twin that was run before', () => {
  it('gives the verdict that one run anew gives', async () => {
    const twins = new TwinCache(2);
    const other = ['cause.faults.0.at=50s'];
    await judged([], 1, twins);
    expect((await judged(other, 1, twins)).verdict).toEqual((await judged(other, 1)).verdict);
  });

  it('is not taken for that of another seed, baseline or span', async () => {
    const twins = new TwinCache(10);
    const digests = [
      await judged([], 1, twins),
      await judged([], 2, twins),
      await judged(['core.strategy.ladder.levels=4'], 1, twins),
      await judged(['exchange.limits.addressStartQuota=0.01'], 1, twins),
      await judged(['baseline.duration=150s'], 1, twins),
    ].map(({ twin }) => twin.digest);
    expect(new Set(digests).size).toBe(5);
  });
});

it('a run with the fix is the twin, unless a bug is planted in both runs', async () => {
  expect(await phasesOf()).toEqual(['twin', 'run']);
  expect(await phasesOf('post-timeout-ignored')).toEqual(['twin', 'run', 'fixed']);
});
