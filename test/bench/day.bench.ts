/**
 * An hour and a day: the archive's hour 24 times over as one tape, against the hour by itself. What a row costs, and what is
 * held in memory, must not grow with the length of a tape.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NS_PER_S } from '../../core/scale.ts';
import { importFile } from '../../recordings/importers/import.ts';
import type { Tape } from '../../recordings/tape.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { type RunOptions, runScenario } from '../../sim/cli/run-scenario.ts';
import { encodeState } from '../../sim/kernel/codec.ts';
import { synthesize } from '../../sim/market/synthesize.ts';
import { syntheticPlan } from '../../sim/market/synthetic-plan.ts';
import { ARCHIVE_HOUR } from '../support/data.ts';
import { repeatTape } from '../support/tapes.ts';
import { type Bench, check, type Measurement, secondsOf } from './bench.ts';
import { checkAgainstNaive, replay } from './replay.bench.ts';

const HOURS = 24;
const HOUR_NS = 3_600 * NS_PER_S;
const ROUNDS = 3;
const BYTES_PER_MB = 1e6;

interface Sample {
  readonly rows: number;
  readonly seconds: number;
}

/** How many times what a row of an hour costs a row of the day does. They take turns: a busy machine slows both. */
function dayAgainstHour(hour: () => Sample, day: () => Sample): Measurement {
  const { rows } = hour();
  const rounds = Array.from({ length: ROUNDS }, () => {
    let seconds = 0;
    for (let copy = 0; copy < HOURS; copy++) seconds += hour().seconds;
    const ofDay = day();
    return { hour: seconds / (HOURS * rows), day: ofDay.seconds / ofDay.rows };
  });
  // What else the machine does can only add to a sample.
  const hourCost = Math.min(...rounds.map(round => round.hour));
  const dayCost = Math.min(...rounds.map(round => round.day));
  return {
    value: dayCost / hourCost,
    samples: rounds.map(round => round.day / round.hour),
    detail: `${rows} rows an hour; ${nanoseconds(hourCost)} a row of an hour, ${nanoseconds(dayCost)} of a day`,
  };
}

function nanoseconds(seconds: number): string {
  return `${(seconds * 1e9).toPrecision(3)} ns`;
}

async function hourAndDay(): Promise<{ hour: Tape; day: Tape }> {
  const { tape } = await importFile(ARCHIVE_HOUR);
  return { hour: tape, day: repeatTape(tape, HOURS) };
}

export const dayReplayBench: Bench = {
  name: 'a row of a day against a row of an hour, two books, no strategy',
  unit: 'times',
  better: 'lower',
  goal: 1.1,
  async run() {
    const { hour, day } = await hourAndDay();
    checkAgainstNaive(day);
    return dayAgainstHour(
      () => replay(hour, []),
      () => replay(day, []),
    );
  },
};

/** The full core with scoring, run and twin. */
function judged(tape: Tape, options: Partial<RunOptions> = {}): Sample {
  const scenario = openScenario('healthy/tape', { tape: ARCHIVE_HOUR, set: [] });
  let rows = 0;
  const seconds = secondsOf(() => {
    const { verdict, twin } = runScenario(scenario, { tape }, 1, { command: 'npm run bench', ...options });
    check('verdict', verdict.verdict, 'pass');
    check('digest of the twin, which is the same run', twin.digest, verdict.digest);
    rows = verdict.stats.rows + twin.stats.rows;
  });
  return { rows, seconds };
}

export const dayCoreBench: Bench = {
  name: 'a row of a day against a row of an hour, full core with scoring',
  unit: 'times',
  better: 'lower',
  goal: 1.1,
  async run() {
    const { hour, day } = await hourAndDay();
    judged(day);
    return dayAgainstHour(
      () => judged(hour),
      () => judged(day),
    );
  },
};

export const dayMemoryBench: Bench = {
  name: 'memory at the end of a day against that after its first hour, full core with scoring',
  unit: 'MB more',
  better: 'lower',
  goal: 10,
  async run() {
    const { hour, day } = await hourAndDay();
    judged(hour);
    const before = heldMb();
    const afterHour: Record<string, number> = {};
    const afterDay: Record<string, number> = {};
    judged(day, {
      drive: (phase, simulation, plan) => {
        simulation.runUntil(plan.fromNs + HOUR_NS);
        afterHour[phase] = heldMb() - before;
        simulation.runUntil(plan.toNs);
        afterDay[phase] = heldMb() - before;
        return simulation.run();
      },
    });
    const phases = ['twin', 'run'] as const;
    const samples = phases.map(phase => afterDay[phase] - afterHour[phase]);
    const told = phases.map(phase => `${phase} ${afterHour[phase].toFixed(1)} then ${afterDay[phase].toFixed(1)}`);
    return { value: Math.max(...samples), samples, detail: `MB besides the tape: ${told.join(', ')}` };
  },
};

/** What is held when all garbage is gone: objects, and the memory of typed arrays. */
function heldMb(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // Memory of typed arrays that the first collection finds free is given back in the background: the second waits for it.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / BYTES_PER_MB;
}

/**
 * An hour in which orders are filled, and where memory stands after a tenth, a half, and all of it. What the exchange remembers of past
 * orders, up to 10,000 of them, and the twin's quotes, which the run is held against, are all that may grow: the core's own state may not.
 */
export const hourMemoryBench: Bench = {
  name: 'memory at the end of a volatile hour against that after half of it, full core with scoring',
  unit: 'MB more',
  better: 'lower',
  goal: 4,
  async run() {
    const volatile = syntheticPlan('volatile', ['BTC']);
    const tape = synthesize(volatile, 1, HOUR_NS, { bookCadence: 'july-2026' });
    judged(tape);
    const before = heldMb();
    const held: Record<string, number[]> = {};
    const coreBytes: Record<string, number[]> = {};
    judged(tape, {
      drive: (phase, simulation, { fromNs, toNs }) => {
        held[phase] = [];
        coreBytes[phase] = [];
        for (const share of [0.1, 0.5, 1]) {
          simulation.runUntil(fromNs + share * (toNs - fromNs));
          held[phase].push(heldMb() - before);
          coreBytes[phase].push(encodeState(simulation.core.snapshot()).length);
        }
        return simulation.run();
      },
    });
    const phases = ['twin', 'run'] as const;
    for (const phase of phases)
      check('core no larger than half-way', coreBytes[phase][2] <= 1.1 * coreBytes[phase][1], true);
    const samples = phases.map(phase => held[phase][2] - held[phase][1]);
    const told = phases.map(phase => `${phase} ${held[phase].map(mb => mb.toFixed(1)).join(', ')} MB`);
    const core = coreBytes.run.map(bytes => (bytes / 1e3).toFixed(0)).join(', ');
    return {
      value: Math.max(...samples),
      samples,
      detail: `at 10, 50 and 100 %: ${told.join('; ')}; the core's state ${core} kB`,
    };
  },
};
