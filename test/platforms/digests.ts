/**
 * Prints the digests of a scenario, twin and run, a line for each seed: all in this one process, so that a slow machine
 * starts Node once. The lines hold nothing of the machine, and can be compared between any two.
 *
 *     path/to/any/node dist/test/platforms/digests.js SCENARIO SEEDS [path=value...]
 */
import { processIo } from '../../sim/cli/io.ts';
import { openMarket } from '../../sim/cli/market.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { parseSeeds } from '../../sim/cli/seeds.ts';
import { isMain } from '../checks/findings.ts';

export interface Digests {
  readonly seed: number;
  readonly twin: string;
  readonly run: string;
}

/**
 * `scenario`: an id, a part of one, or a path; `set`: changes to it, as on the command line. Samples, tapes and synthetic
 * markets only: nothing is kept of an imported recording.
 */
export async function digestsOf(
  scenario: string,
  seeds: readonly number[],
  set: readonly string[] = [],
): Promise<Digests[]> {
  const opened = openScenario(scenario, { set });
  const { plan } = await openMarket(opened, false, processIo());
  return seeds.map(seed => {
    const { twin, run } = runScenario(opened, plan, seed, { command: `npx replaybook run ${scenario} --seed ${seed}` });
    return { seed, twin: twin.digest, run: run.digest };
  });
}

if (isMain(import.meta.url)) {
  const [scenario, seeds, ...set] = process.argv.slice(2);
  for (const { seed, twin, run } of await digestsOf(scenario, parseSeeds(seeds), set)) {
    console.log(`${seed} ${twin} ${run}`);
  }
}
