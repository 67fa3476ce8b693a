/**
 * One scenario, judged: the twin first, then the run with the cause, what was observed of both, and the verdict.
 *
 *     scenario + tape + seed ─→ plan ─┬─→ twin (no faults) ─→ quotes, symptoms, invariants ─┐
 *                                     └─→ run ─→ symptoms, evidence, effects, invariants ───┴─→ judge ─→ verdict
 *
 * The diagnosis is given the run's evidence and nothing else.
 */
import { createCore } from '../../core/core.ts';
import { ReplaybookError } from '../../core/errors.ts';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { SIDES } from '../../core/market.ts';
import type { CoreFactory } from '../../core/port.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { tapeEndNs } from '../../recordings/tape.ts';
import { diagnose } from '../../reports/diagnosis/diagnose.ts';
import type { Evidence } from '../../reports/diagnosis/evidence.ts';
import { EvidenceLog } from '../../reports/diagnosis/evidence-log.ts';
import { FaultEffects } from '../../reports/fault-effects.ts';
import { createInvariants } from '../../reports/invariants/invariants.ts';
import { judge } from '../../reports/judge.ts';
import { slotOf } from '../../reports/own-orders.ts';
import { QuoteSeries } from '../../reports/symptoms/quote-series.ts';
import { createSymptoms, intervalsOf } from '../../reports/symptoms/symptoms.ts';
import type { Verdict } from '../../reports/verdict.ts';
import { worldWith } from '../../scenarios/exchange-settings.ts';
import type { Scenario } from '../../scenarios/load.ts';
import { LONGEST_SYNTHETIC_NS } from '../../scenarios/market.ts';
import { type MarketSpan, type ResolvedScenario, resolveScenario } from '../../scenarios/resolve.ts';
import type { MarketPlan, RunPlan, RunResult, SimulationOptions } from '../run-plan.ts';
import { Simulation } from '../simulate.ts';
import type { Observer } from '../truth.ts';
import { RunDefect } from './failures.ts';

export type Phase = 'twin' | 'run';

export interface RunOptions {
  /** The command that makes this run again, for the message of a defect. */
  readonly command: string;
  /** Makes the core that is run; ours where it is not given. */
  readonly createCore?: CoreFactory<CoreSettings>;
  /** Is told every block of digest records of both, each in order; the bytes are valid during the call. */
  readonly onBlock?: (phase: Phase, block: number, bytes: Uint8Array) => void;
  /** Takes the place of `simulation.run()`: to tell how far it is, to stop half-way, or to go on from a snapshot. */
  readonly drive?: (phase: Phase, simulation: Simulation<CoreSettings>, plan: RunPlan<CoreSettings>) => RunResult;
}

/** All that is known of a run when it is over. */
export interface Judged {
  readonly scenario: ResolvedScenario;
  readonly verdict: Verdict;
  readonly run: RunResult;
  readonly twin: RunResult;
  readonly evidence: Evidence;
  readonly plan: RunPlan<CoreSettings>;
}

/** Throws a `scenario` error where the scenario does not fit the market, and a `RunDefect` where the program breaks. */
export function runScenario(scenario: Scenario, market: MarketPlan, seed: number, options: RunOptions): Judged {
  const resolved = resolveScenario(scenario, spanOf(market));
  const { fromNs, toNs, healNs, core, faults } = resolved;
  const world = worldWith(scenario.exchange);
  const plan: RunPlan<CoreSettings> = { seed, market, fromNs, toNs, healNs, core, world, faults };
  const { instruments } = 'tape' in market ? market.tape : market.synthetic;

  const twinQuotes = new QuoteSeries(instruments, fromNs);
  const twinSymptoms = createSymptoms(instruments, null);
  const maxInventoryUsd = Math.min(core.risk.maxInventoryUsd, core.account.equityUsd * core.account.leverage);
  const context = { instruments, maxInventoryUsd, metricFields: METRICS };
  const twinInvariants = createInvariants({ ...context, symptoms: twinSymptoms });
  const twinObservers = [twinQuotes, ...twinSymptoms, ...twinInvariants];
  const twin = simulate({ ...plan, faults: [] }, twinObservers, 'twin', resolved, options);

  const symptoms = createSymptoms(instruments, twinQuotes);
  const evidenceLog = new EvidenceLog();
  const effects = new FaultEffects();
  const healed = new HealTime();
  const invariants = createInvariants({ ...context, symptoms });
  const run = simulate(plan, [...symptoms, evidenceLog, effects, healed, ...invariants], 'run', resolved, options);

  const evidence = evidenceLog.evidence(run.metrics, toNs);
  const verdict = judge({
    scenario: resolved.id,
    playbook: resolved.playbook,
    seed,
    tape: 'tape' in market ? { name: market.tape.name, identity: market.tape.identity } : null,
    run: run.result,
    twin: twin.result,
    symptoms: { run: intervalsOf(symptoms), twin: intervalsOf(twinSymptoms) },
    twinAcceptedNs: instruments.flatMap((_, index) => SIDES.map(side => twinQuotes.acceptedNs(slotOf(index, side)))),
    gaps: instruments.map((_, instrument) => twinQuotes.gaps(instrument)),
    faults,
    effects: effects.effects(),
    healNs,
    lastFaultEndNs: healed.atNs,
    findings: diagnose(evidence),
    violations: invariants.flatMap(invariant => invariant.violations()),
    twinViolations: twinInvariants.flatMap(invariant => invariant.violations()),
    expect: resolved.expect,
  });
  return { scenario: resolved, verdict, run: run.result, twin: twin.result, evidence, plan };
}

function spanOf(market: MarketPlan): MarketSpan {
  if ('tape' in market) return { name: `the tape ${market.tape.name}`, endNs: tapeEndNs(market.tape) };
  return { name: 'a synthetic market', endNs: LONGEST_SYNTHETIC_NS };
}

/** Remembers when the last fault ended. */
class HealTime implements Observer {
  readonly name = 'heal-time';
  atNs: number | null = null;

  onFaultsHealed(atNs: number): void {
    this.atNs = atNs;
  }

  snapshot(): unknown {
    return this.atNs;
  }

  restore(state: unknown): void {
    this.atNs = state as number | null;
  }
}

function simulate(
  plan: RunPlan<CoreSettings>,
  observers: readonly Observer[],
  phase: Phase,
  scenario: ResolvedScenario,
  options: RunOptions,
): { result: RunResult; metrics: Float64Array } {
  const { onBlock } = options;
  const told: SimulationOptions = onBlock ? { onBlock: (block, bytes) => onBlock(phase, block, bytes) } : {};
  const simulation = new Simulation(plan, observers, options.createCore ?? createCore, told);
  try {
    const result = options.drive === undefined ? simulation.run() : options.drive(phase, simulation, plan);
    return { result, metrics: simulation.core.metrics };
  } catch (error) {
    if (error instanceof ReplaybookError && error.code !== 'internal') throw error;
    const where = { scenario: scenario.id, seed: plan.seed, phase, atNs: simulation.nowNs, event: simulation.event };
    throw new RunDefect(where, options.command, error);
  }
}
