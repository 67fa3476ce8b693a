/**
 * The full quoting core with scoring on: the cost of an event on a busy tape, and an hour of one coin with its twin, from
 * the tape in a warm process and from the recording's bytes in a fresh one.
 */
import { execFileSync } from 'node:child_process';
import { importFile } from '../../recordings/importers/import.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE } from '../support/data.ts';
import { type Bench, check, measure, secondsOf } from './bench.ts';

const SILENCE = '2-stale-quotes/2.3-all-feeds-silent';
const NO_CAUSE = 'healthy/tape';
const CLI = 'dist/bundle/cli/main.js';

export const coreBench: Bench = {
  name: 'full core with scoring, Binance capture',
  unit: 'M events/s',
  better: 'higher',
  goal: 1,
  async run() {
    const { tape } = await importFile(BINANCE_CAPTURE);
    const scenario = openScenario(NO_CAUSE, { tape: BINANCE_CAPTURE, set: [] });
    let events = 0;
    const digests = new Set<string>();
    const run = (): number => {
      const seconds = secondsOf(() => {
        const { verdict, twin } = runScenario(scenario, { tape }, 1, { command: 'npm run bench' });
        check('verdict', verdict.verdict, 'pass');
        digests.add(verdict.digest);
        events = verdict.stats.events + twin.stats.events;
      });
      return events / seconds / 1e6;
    };
    run();
    const measurement = measure(5, run, `${events} events, run and twin`);
    check('digests of all runs', digests.size, 1);
    return measurement;
  },
};

export const hourBench: Bench = {
  name: 'an hour of BTC with its twin, from the tape, warm',
  unit: 'ms',
  better: 'lower',
  goal: 150,
  async run() {
    const { tape } = await importFile(ARCHIVE_HOUR);
    const scenario = openScenario(SILENCE, { tape: ARCHIVE_HOUR, set: [] });
    const run = (): number =>
      secondsOf(() => {
        const { verdict } = runScenario(scenario, { tape }, 1, { command: 'npm run bench' });
        check('verdict', verdict.verdict, 'pass');
      }) * 1e3;
    run();
    run();
    return measure(5, run, '5587 books');
  },
};

function fresh(args: readonly string[]): number {
  const call = ['run', SILENCE, '--json', ...args];
  return secondsOf(() => {
    const output = execFileSync(process.execPath, [CLI, ...call], { encoding: 'utf8' });
    check('verdict', JSON.parse(output).verdict, 'pass');
  });
}

export const coldHourBench: Bench = {
  name: 'an hour of BTC with its twin, recording to verdict, fresh process',
  unit: 'ms',
  better: 'lower',
  goal: 400,
  async run() {
    return measure(5, () => fresh(['--tape', ARCHIVE_HOUR, '--no-cache']) * 1e3, 'LZ4 archive, imported on the fly');
  },
};

export const startBench: Bench = {
  name: 'command line, start to first verdict',
  unit: 'ms',
  better: 'lower',
  goal: 300,
  async run() {
    return measure(5, () => fresh([]) * 1e3, 'sample tape, 180 s');
  },
};
