/**
 * A fresh process that goes on from a snapshot: `node dist/test/support/resume.js SCENARIO TAPE SEED SNAPSHOT`, where `-` for the tape
 * is the scenario's own market. It makes the twin anew, restores the run from the file, finishes it, and prints the verdict.
 */
import { processIo } from '../../sim/cli/io.ts';
import { openMarket } from '../../sim/cli/market.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { readSnapshotFile } from '../../sim/kernel/snapshot-file.ts';
import type { SimulationState } from '../../sim/simulate.ts';

const [name, tape, seed, snapshotFile] = process.argv.slice(2);
const scenario = openScenario(name, { tape: tape === '-' ? undefined : tape, set: [] });
const { plan } = await openMarket(scenario, false, processIo());
const state = readSnapshotFile(snapshotFile) as SimulationState;
const { verdict } = runScenario(scenario, plan, Number(seed), {
  command: 'npm test',
  drive: (phase, simulation) => {
    if (phase === 'run') simulation.restore(state);
    return simulation.run();
  },
});
process.stdout.write(JSON.stringify(verdict));
