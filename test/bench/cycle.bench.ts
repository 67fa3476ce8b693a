/**
 * What a quote cycle really costs: a ladder of ten levels a side through a busy market, each message timed that brought a cycle
 * about, from its receipt to its last command. And the model by itself, without which no cycle has a price.
 *
 * A figure is the percentile over all such messages of one round, by the wall clock, with whatever the collector, the compiler and
 * the machine did meanwhile; of several rounds the median is taken. Beside it stands what is left where each cycle counts by the median
 * of its times in all rounds: what the core's own work makes of the tail, and no answer to the goal.
 */
import { createCore } from '../../core/core.ts';
import { METRIC } from '../../core/infra/metrics/fields.ts';
import type { CoreFactory } from '../../core/port.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../core/settings.ts';
import { HjbSolver } from '../../core/stochastic/hjb-solver.ts';
import type { Tape } from '../../recordings/tape.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { synthesize } from '../../sim/market/synthesize.ts';
import { syntheticPlan } from '../../sim/market/synthetic-plan.ts';
import { type Bench, check, type Measurement, median, secondsOf } from './bench.ts';

const LEVELS = 10;
const SPAN_NS = 600 * NS_PER_S;
const WARM_UPS = 3;
const ROUNDS = 7;
const NS_PER_US = 1_000;
/** Ten levels a side are more than the arena's default is made for (playbook 4.2), and an overflow costs virtual time. */
const SETTINGS = [`core.strategy.ladder.levels=${LEVELS}`, 'core.infra.arena.capacityBytes=16384'];

let tape: Tape | null = null;

/** Ten minutes of a volatile market, the same ones each time. */
function market(): Tape {
  tape ??= synthesize(syntheticPlan('volatile', ['BTC']), 1, SPAN_NS, { bookCadence: 'july-2026' });
  return tape;
}

/** Times of all messages that brought a cycle about, in the order of the run, ns. */
function timeCycles(): { times: number[]; digest: string } {
  const times: number[] = [];
  let cycles = 0;
  const timed: CoreFactory<CoreSettings> = (host, settings, instruments) => {
    const core = createCore(host, settings, instruments);
    const receive = core.receive.bind(core);
    core.receive = message => {
      const before = core.metrics[METRIC.quoteCycles];
      const start = process.hrtime.bigint();
      receive(message);
      const ns = Number(process.hrtime.bigint() - start);
      const run = core.metrics[METRIC.quoteCycles] - before;
      if (run > 0) times.push(ns);
      cycles += run;
    };
    return core;
  };
  const scenario = openScenario('healthy/tape', { tape: 'volatile', set: SETTINGS });
  const options = { command: 'npm run bench', createCore: timed };
  const { twin, verdict } = runScenario(scenario, { tape: market() }, 1, options);
  check('verdict', verdict.verdict, 'pass');
  check('digest of the twin, which is the same run', twin.digest, verdict.digest);
  check('at least a thousand cycles', cycles > 1_000, true);
  return { times, digest: verdict.digest };
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

let measured: { p50: Measurement; p99: Measurement } | null = null;

function measureCycles(): { p50: Measurement; p99: Measurement } {
  if (measured !== null) return measured;
  for (let round = 0; round < WARM_UPS; round++) timeCycles();
  const rounds = Array.from({ length: ROUNDS }, timeCycles);
  check('digests of all rounds', new Set(rounds.map(round => round.digest)).size, 1);
  const cycles = rounds[0].times.map((_, cycle) => median(rounds.map(round => round.times[cycle])));
  const each = Float64Array.from(cycles).sort();
  const single = rounds.map(round => Float64Array.from(round.times).sort());
  const figure = (share: number): Measurement => {
    const samples = single.map(sorted => percentile(sorted, share) / NS_PER_US);
    const own = (percentile(each, share) / NS_PER_US).toPrecision(3);
    const detail = `${cycles.length} messages a round, ${ROUNDS} rounds; ${own} µs with each cycle at its median of the rounds`;
    return { value: median(samples), samples, detail };
  };
  measured = { p50: figure(0.5), p99: figure(0.99) };
  return measured;
}

export const cycleMedianBench: Bench = {
  name: 'quote cycle of 10 levels a side, with the message that brought it about, p50',
  unit: 'µs',
  better: 'lower',
  goal: 50,
  run: async () => measureCycles().p50,
};

export const cycleTailBench: Bench = {
  name: 'quote cycle of 10 levels a side, with the message that brought it about, p99',
  unit: 'µs',
  better: 'lower',
  goal: 500,
  run: async () => measureCycles().p99,
};

const CALLS = 100_000;

export const optimalQuotesBench: Bench = {
  name: 'optimalQuotes() and the sizes of 10 levels a side',
  unit: 'µs',
  better: 'lower',
  goal: 100,
  async run() {
    const { stochastic, strategy } = DEFAULT_SETTINGS;
    const solver = new HjbSolver(stochastic.hjbSolver, strategy.glft, LEVELS);
    const depthsBps = Float64Array.from({ length: LEVELS }, (_, level) => 4 + 2 * level);
    const lots = new Float64Array(LEVELS);
    const sizes = { totalLots: 10_000, roomLots: 10_000, minLots: 10, maxLots: 2_500 };
    const input = {
      kappa: 3_250,
      sigma: 0.0001,
      gammaFactor: 1,
      regimeProbabilities: Float64Array.of(0.2, 0.5, 0.2, 0.1),
      inventory: 0,
      drift: 0,
      driftTrust: 0,
    };
    const sample = (): number => {
      let sum = 0;
      const seconds = secondsOf(() => {
        for (let call = 0; call < CALLS; call++) {
          input.inventory = (call % 200) / 100 - 1;
          solver.optimalQuotes(input);
          solver.spread(sizes, input.kappa, depthsBps, lots);
          solver.spread(sizes, input.kappa, depthsBps, lots);
          sum += lots.reduce((total, one) => total + one, 0);
        }
      });
      check('lots of all calls: none is lost by rounding', sum, CALLS * sizes.totalLots);
      return (seconds / CALLS) * 1e6;
    };
    sample();
    const samples = Array.from({ length: 5 }, sample);
    return { value: median(samples), samples, detail: `${CALLS} calls` };
  },
};
