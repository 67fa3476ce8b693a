/** Every scenario of the repository gives the verdict that it is there for, on the sample and on a recorded market. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../core/evidence.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { samplePath } from '../../recordings/samples/samples.ts';
import { readTape } from '../../recordings/tape-file.ts';
import { reasonsOf, standingOf } from '../../reports/suite-run.ts';
import { scenarioIds } from '../../scenarios/catalogue.ts';
import { nameOf } from '../../scenarios/forms.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runInSteps } from '../../sim/cli/progress.ts';
import { type RunOptions, runScenario } from '../../sim/cli/run-scenario.ts';
import { planSuite } from '../../sim/cli/suite-plan.ts';
import { runTasks, type TimedOutcome } from '../../sim/cli/suite-pool.ts';
import type { MarketPlan } from '../../sim/run-plan.ts';
import { ARCHIVE_HOUR, HAVE_DATA } from '../support/data.ts';

const IDS = scenarioIds('scenarios');
const SEEDS = [1, 2, 3];

/** Verdict and reasons of one run, so that a failing test says what failed. */
function judge(scenario: Scenario, market: MarketPlan, seed: number): { verdict: string; wrong: string[] } {
  const { verdict } = runScenario(scenario, market, seed, {
    command: `npx replaybook run ${scenario.id} --seed ${seed}`,
  });
  const wrong = Object.entries(verdict.checks).filter(([, check]) => check.status !== 'pass');
  return { verdict: verdict.verdict, wrong: wrong.map(([name, { reason }]) => `${name}: ${reason}`) };
}

// By the workers of the suite, as users have them made. With other seeds CI does the same.
describe('on its own market', () => {
  const { tasks } = planSuite(IDS, { seeds: [1], form: 'both', core: undefined, variations: 0 }, false);
  let results: readonly TimedOutcome[];
  beforeAll(async () => {
    const unused = { outOf: () => null, onResult: () => undefined };
    results = await runTasks(tasks, {
      core: null,
      useCache: true,
      jobs: 2,
      limitMs: Number.POSITIVE_INFINITY,
      ...unused,
    }).results;
  }, 600_000);

  it.each(tasks.map(({ planned }, index) => [nameOf(planned.scenario, planned.form), index] as const))(
    '%s is right',
    (_name, index) => {
      const run = { ...tasks[index].planned, ...results[index] };
      expect([standingOf(run), ...reasonsOf(run)]).toEqual(['pass']);
    },
  );
});

it('a run that tells its progress is the same run', async () => {
  const tape = await readTape(samplePath('btc-busy') ?? '');
  const told: string[] = [];
  const judged = (options: Partial<RunOptions>) =>
    runScenario(openScenario('2.3-all-feeds-silent'), { tape }, 1, { command: '', ...options });
  const quiet = judged({});
  const watched = judged({
    drive: (phase, simulation, plan) => runInSteps(simulation, plan, percent => told.push(`${phase} ${percent}`)),
  });
  expect(watched.verdict).toEqual(quiet.verdict);
  expect(watched.run.blocks).toEqual(quiet.run.blocks);
  expect([told.length, told[0], told.at(-1)]).toEqual([198, 'twin 1', 'run 99']);
});

describe('the staleness staircase (playbook matrix)', async () => {
  const tape = await readTape(samplePath('btc-busy') ?? '');

  it.each([
    ['4.9s', []],
    ['7s', ['cautious']],
    ['12.5s', ['cautious', 'reconnect']],
    ['20s', ['cautious', 'reconnect', 'gate']],
    ['40s', ['cautious', 'reconnect', 'gate', 'stale']],
  ])('a silence of %s raises %j, in this order', (length, raised) => {
    for (const seed of SEEDS) {
      const scenario = openScenario('2.3-all-feeds-silent', { set: [`cause.faults.0.for=${length}`] });
      const { evidence } = runScenario(scenario, { tape }, seed, { command: '' });
      const steps = evidence.entries.filter(({ atNs }) => atNs >= 60 * NS_PER_S).map(stairOf);
      expect([...new Set(steps.filter(step => step !== null))]).toEqual(raised);
    }
  });
});

/** The step of the staircase that an entry is, or null. */
function stairOf(entry: LogEntry): string | null {
  if (entry.type === 'risk' && entry.monitors.includes('data-staleness')) return 'cautious';
  if (entry.type === 'supervisor' && entry.event === 'ReconnectRecommended') return 'reconnect';
  if (entry.type === 'quote-gate' && entry.reason?.type === 'StaleData') return 'gate';
  if (entry.type === 'anomaly' && entry.anomaly === 'StaleData') return 'stale';
  return null;
}

describe.skipIf(!HAVE_DATA)('on three minutes of a recorded market', async () => {
  if (!HAVE_DATA) return;
  const { tape } = await importFile(ARCHIVE_HOUR);
  it.each(IDS.filter(id => 'tape' in openScenario(id).market))('%s passes', id => {
    const scenario = openScenario(id, { set: ['baseline.duration=180s'] });
    for (const seed of SEEDS) expect(judge(scenario, { tape }, seed)).toEqual({ verdict: 'pass', wrong: [] });
  });
});
