/**
 * A fresh process that goes on from a snapshot: `node dist/test/support/resume.js SCENARIO TAPE SEED SNAPSHOT`. It makes the
 * twin anew, restores the run from the file, finishes it, and prints the verdict.
 */
import { importFile } from '../../recordings/importers/import.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { readSnapshotFile } from '../../sim/kernel/snapshot-file.ts';
import type { SimulationState } from '../../sim/simulate.ts';

const [scenario, tapeFile, seed, snapshotFile] = process.argv.slice(2);
const { tape } = await importFile(tapeFile);
const state = readSnapshotFile(snapshotFile) as SimulationState;
const { verdict } = runScenario(openScenario(scenario, { tape: tapeFile, set: [] }), tape, Number(seed), {
  command: 'npm test',
  drive: (phase, simulation) => {
    if (phase === 'run') simulation.restore(state);
    return simulation.run();
  },
});
process.stdout.write(JSON.stringify(verdict));
