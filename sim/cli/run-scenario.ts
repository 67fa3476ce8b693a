/**
 * One scenario, judged: the twin first, then the run with the cause, what was observed of both, and the verdict.
 *
 *     scenario + market + seed ─→ plan ─┬─→ twin (no cause) ─→ quotes, symptoms, invariants ─┐
 *                                       ├─→ run ─→ symptoms, evidence, effects, invariants ──┼─→ judge ─→ verdict
 *                                       └─→ run with the fix, where one is tried ─→ symptoms ┘
 *
 * The diagnosis is given the run's evidence and nothing else.
 */
import { coreOf, createCore, METRICS } from '../../core/core.ts';
import { ReplaybookError } from '../../core/errors.ts';
import type { Instrument } from '../../core/market.ts';
import type { CoreFactory } from '../../core/port.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { tapeEndNs } from '../../recordings/tape.ts';
import type { RunSummary } from '../../reports/checks/judge-input.ts';
import { defectOf } from '../../scenarios/defects/defects.ts';
import { worldWith } from '../../scenarios/exchange-settings.ts';
import type { Form } from '../../scenarios/forms.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { LONGEST_SYNTHETIC_NS } from '../../scenarios/market.ts';
import { type MarketSpan, type ResolvedScenario, resolveScenario } from '../../scenarios/resolve.ts';
import type { RunSettings } from '../../scenarios/settings-changes.ts';
import type { MarketPlan, RunPlan, RunResult, SimulationOptions } from '../run-plan.ts';
import { Simulation } from '../simulate.ts';
import type { Observer } from '../truth.ts';
import { RunDefect } from './failures.ts';
import { DigestLog, firstDifference } from './first-difference.ts';
import { type Phase, type RunFacts, type Scored, type Seen, score } from './judging.ts';
import { RunObservers, type RunSeen, TwinObservers } from './observers.ts';
import { isTwin, type Twin, TwinCache } from './twins.ts';

export type { Phase } from './judging.ts';

export interface RunOptions {
  /** The command that makes this run again, for the message of a defect. */
  readonly command: string;
  /** As it is (by default), or with its paired defect. */
  readonly form?: Form;
  /** A bug that is planted in the run whatever the scenario says. */
  readonly defect?: string;
  /** Twins that were run before. */
  readonly twins?: TwinCache;
  /** Makes the core that is run; ours where it is not given. */
  readonly createCore?: CoreFactory<CoreSettings>;
  /** Is told every block of digest records of twin and run, each in order; the bytes are valid during the call. */
  readonly onBlock?: (phase: Phase, block: number, bytes: Uint8Array) => void;
  /** Further observers of a phase, told after those that judge. A twin that was run before has none. */
  readonly observe?: (phase: Phase) => readonly Observer[];
  /** Takes the place of `simulation.run()`: to tell how far it is, to stop half-way, or to go on from a snapshot. */
  readonly drive?: (phase: Phase, simulation: Simulation<CoreSettings>, plan: RunPlan<CoreSettings>) => RunResult;
}

/** All that is known of a run when it is over. */
export interface Judged extends Scored {
  readonly run: RunResult;
  readonly twin: RunResult;
  readonly plan: RunPlan<CoreSettings>;
}

/** Throws a `scenario` error where the scenario does not fit the market, and a `RunDefect` where the program breaks. */
export function runScenario(scenario: Scenario, market: MarketPlan, seed: number, options: RunOptions): Judged {
  const resolved = resolveScenario(scenario, spanOf(market), options.form);
  const { fromNs, toNs, healNs, core, exchange, faults, operator } = resolved;
  const baseline = { seed, market, fromNs, toNs, healNs, core, world: worldWith(exchange), faults: [] };
  const phases = new Phases(resolved, options);
  const twin = (options.twins ?? new TwinCache(1)).of(baseline, () => phases.twin(baseline));
  const plan = { ...baseline, ...settingsOf(resolved.run), faults, operator };
  const defect = options.defect ?? resolved.defect;
  const { result: run, seen, records } = phases.run('run', plan, twin, defect);
  const fixed = fixOf(resolved, plan, baseline, twin, phases, options);
  const facts: RunFacts = {
    scenario: resolved,
    seed,
    ...marketFacts(market),
    run: summaryOf(run),
    twin: summaryOf(twin.result),
    difference: phases.wantsDifference
      ? firstDifference(
          { records: twin.records, entries: twin.seen.entries },
          { records, entries: seen.evidence.entries },
        )
      : null,
  };
  return { ...score(facts, { twin: twin.seen, run: seen, fixed }), run, twin: twin.result, plan };
}

function summaryOf({ digest, stats }: RunResult): RunSummary {
  return { digest, stats };
}

function marketFacts(market: MarketPlan): Pick<RunFacts, 'tape' | 'isRecorded' | 'synthetic'> {
  if ('tape' in market) {
    const { name, identity, source } = market.tape;
    return { tape: { name, identity }, isRecorded: source.recorded, synthetic: null };
  }
  const { name, instruments } = market.synthetic;
  const synthetic = [name, ...instruments.map(({ symbol }) => symbol)].join(', ');
  return { tape: null, isRecorded: false, synthetic };
}

function settingsOf({ core, exchange }: RunSettings): Pick<RunPlan<CoreSettings>, 'core' | 'world'> {
  return { core, world: worldWith(exchange) };
}

/** What is seen of a run with the fix, where the scenario tries one. A fix that leaves nothing of the cause makes the twin of it. */
function fixOf(
  { counterfactual, expect }: ResolvedScenario,
  plan: RunPlan<CoreSettings>,
  baseline: RunPlan<CoreSettings>,
  twin: Twin,
  phases: Phases,
  options: RunOptions,
): Seen['fixed'] {
  if (counterfactual === null || expect.symptom === null) return null;
  const fixed = { ...plan, ...settingsOf(counterfactual.settings) };
  const defect = options.defect ?? counterfactual.defect;
  if (defect === null && isTwin(fixed, baseline)) return twin.seen;
  return phases.run('fixed', fixed, twin, defect).seen;
}

/** Runs the phases of one scenario. */
class Phases {
  readonly #scenario: ResolvedScenario;
  readonly #options: RunOptions;

  constructor(scenario: ResolvedScenario, options: RunOptions) {
    this.#scenario = scenario;
    this.#options = options;
  }

  /** Where run and twin part tells when a setting or a bug took effect; faults tell themselves. */
  get wantsDifference(): boolean {
    return !this.#scenario.expect.heals;
  }

  twin(plan: RunPlan<CoreSettings>): Twin {
    const observers = new TwinObservers(instrumentsOf(plan), plan.core, plan.fromNs);
    // A twin that is kept may be compared with the run of another scenario.
    const records = new DigestLog(this.wantsDifference || this.#options.twins !== undefined);
    const { result } = this.#simulate('twin', plan, observers.all, records, null);
    return { result, seen: observers.seen(), records };
  }

  run(
    phase: Phase,
    plan: RunPlan<CoreSettings>,
    twin: Twin,
    defect: string | null,
  ): { result: RunResult; seen: RunSeen; records: DigestLog } {
    const observers = new RunObservers(instrumentsOf(plan), plan.core, twin.seen.quotes);
    const records = new DigestLog(phase === 'run' && this.wantsDifference);
    const { result, metrics } = this.#simulate(phase, plan, observers.all, records, defect);
    return { result, seen: observers.seen(metrics, plan.toNs), records };
  }

  #simulate(
    phase: Phase,
    plan: RunPlan<CoreSettings>,
    observers: readonly Observer[],
    records: DigestLog,
    defect: string | null,
  ): { result: RunResult; metrics: Float64Array } {
    const { onBlock, observe, drive, command } = this.#options;
    const told: SimulationOptions = {
      onBlock: (block, bytes) => {
        records.take(bytes);
        onBlock?.(phase, block, bytes);
      },
    };
    const simulation = new Simulation(plan, [...observers, ...(observe?.(phase) ?? [])], this.#coreWith(defect), told);
    try {
      const result = drive === undefined ? simulation.run() : drive(phase, simulation, plan);
      return { result, metrics: simulation.core.metrics };
    } catch (error) {
      if (error instanceof ReplaybookError && error.code !== 'internal') throw error;
      const { id } = this.#scenario;
      const where = { scenario: id, seed: plan.seed, phase, atNs: simulation.nowNs, event: simulation.event };
      throw new RunDefect(where, command, error);
    }
  }

  #coreWith(defect: string | null): CoreFactory<CoreSettings> {
    const given = this.#options.createCore;
    if (defect === null) return given === undefined ? createCore : withMetrics(given);
    if (given !== undefined) {
      throw new ReplaybookError(
        'usage',
        `the defect ${defect} is planted in Replaybook's own core, not in that of --core`,
      );
    }
    return coreOf(defectOf(defect).parts);
  }
}

/** A core of the user's own whose metrics can be read by their index in `METRICS`. */
function withMetrics(createOwn: CoreFactory<CoreSettings>): CoreFactory<CoreSettings> {
  return (host, settings, instruments) => {
    const core = createOwn(host, settings, instruments);
    const count = Number(core?.metrics?.length ?? 0);
    if (count >= METRICS.length) return core;
    throw new ReplaybookError(
      'usage',
      `the core of createCore has ${count} metrics: expected metrics = new Float64Array(METRICS.length), which is ` +
        `${METRICS.length}; what it does not know stays 0`,
    );
  };
}

function instrumentsOf({ market }: RunPlan<CoreSettings>): readonly Instrument[] {
  return 'tape' in market ? market.tape.instruments : market.synthetic.instruments;
}

function spanOf(market: MarketPlan): MarketSpan {
  if ('tape' in market) {
    const { name, instruments } = market.tape;
    return {
      name: `the tape ${name}`,
      isSynthetic: false,
      symbols: instruments.map(({ symbol }) => symbol),
      endNs: tapeEndNs(market.tape),
    };
  }
  const symbols = market.synthetic.instruments.map(({ symbol }) => symbol);
  return { name: 'a synthetic market', isSynthetic: true, symbols, endNs: LONGEST_SYNTHETIC_NS };
}
