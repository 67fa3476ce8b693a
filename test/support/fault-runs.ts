/** Short runs with faults as a scenario would write them, watched from outside. */
import { createCore } from '../../core/core.ts';
import type { LogEntry } from '../../core/evidence.ts';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import type { Fill } from '../../core/port.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../core/settings.ts';
import type { Tape } from '../../recordings/tape.ts';
import { createInvariants } from '../../reports/invariants/invariants.ts';
import { createSymptoms } from '../../reports/symptoms/symptoms.ts';
import { toFault } from '../../scenarios/faults.ts';
import type { FaultText } from '../../scenarios/schema.ts';
import { decodeState, encodeState } from '../../sim/kernel/codec.ts';
import { syntheticPlan } from '../../sim/market/synthetic-plan.ts';
import type { MarketPlan, RunPlan } from '../../sim/run-plan.ts';
import { Simulation, type SimulationState } from '../../sim/simulate.ts';
import type { PresetName } from '../../sim/synthetic/presets.ts';
import type { FaultEffect, Observer } from '../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../sim/world.ts';

/** A fault as written in a scenario; times in seconds, from the start of the run. */
export type FaultOf = Omit<FaultText, 'at' | 'for'> & { readonly at: number; readonly for: number };

export interface FaultRunOptions {
  readonly seed?: number;
  readonly preset?: PresetName;
  /** Instruments of the market that is made; BTC alone by default. */
  readonly symbols?: readonly string[];
  readonly tape?: Tape;
  readonly seconds?: number;
  readonly core?: CoreSettings;
}

/** The plan of a run in a synthetic market, or on a tape. */
export function faultPlan(faults: readonly FaultOf[], options: FaultRunOptions = {}): RunPlan<CoreSettings> {
  const { seed = 1, preset = 'busy', symbols = ['BTC'], seconds = 40, core = DEFAULT_SETTINGS, tape } = options;
  const market: MarketPlan = tape === undefined ? { synthetic: syntheticPlan(preset, symbols) } : { tape };
  const plain = faults.map(({ at, for: length, ...rest }) => {
    const text = { ...rest, at: `${at}s`, for: `${length}s` } as FaultText;
    const problems: string[] = [];
    const complaints = { add: (_path: unknown, problem: string) => problems.push(problem) };
    return toFault(text, at * NS_PER_S, length * NS_PER_S, symbols, [], complaints as never);
  });
  const toNs = seconds * NS_PER_S;
  const healNs = Math.max(0, ...plain.map(({ atNs, forNs }) => atNs + forNs));
  return { seed, market, fromNs: 0, toNs, healNs, core, world: DEFAULT_WORLD, faults: plain };
}

class Watch implements Observer {
  readonly name = 'watch';
  readonly effects: FaultEffect[] = [];
  readonly fills: Fill[] = [];
  readonly entries: LogEntry[] = [];

  onFault(effect: FaultEffect): void {
    this.effects.push(effect);
  }

  onFill(_atNs: number, _event: number, fill: Fill): void {
    this.fills.push(fill);
  }

  onEvidence(entry: LogEntry): void {
    this.entries.push(entry);
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {}
}

export interface FaultRun {
  readonly digest: string;
  readonly effects: readonly FaultEffect[];
  readonly fills: readonly Fill[];
  readonly entries: readonly LogEntry[];
  /** Lots that the core and the exchange hold at the end. */
  readonly positions: readonly [number, number];
  readonly hot: readonly string[];
  readonly violations: readonly string[];
}

/** Runs to the end. */
export function runFaults(plan: RunPlan<CoreSettings>): FaultRun {
  const watch = new Watch();
  const { instruments } = 'tape' in plan.market ? plan.market.tape : plan.market.synthetic;
  const symptoms = createSymptoms(instruments, null);
  const { account, risk } = plan.core;
  const maxInventoryUsd = Math.min(risk.maxInventoryUsd, account.equityUsd * account.leverage);
  const invariants = createInvariants({ instruments, maxInventoryUsd, metricFields: METRICS, symptoms });
  const simulation = new Simulation(plan, [watch, ...symptoms, ...invariants], createCore);
  const { digest } = simulation.run();
  return {
    digest,
    effects: watch.effects,
    fills: watch.fills,
    entries: watch.entries,
    positions: [
      simulation.core.accountView?.()[0].positionLots ?? 0,
      watch.fills.reduce((lots, { side, sizeLots }) => lots + (side === 0 ? sizeLots : -sizeLots), 0),
    ],
    hot: symptoms.filter(symptom => symptom.intervals().length > 0).map(({ symptom }) => symptom),
    violations: invariants.flatMap(invariant => invariant.violations().map(({ message }) => message)),
  };
}

/** The digest of a run that is stopped at each of these moments and goes on from its snapshot, in another simulation. */
export function digestOfResumed(plan: RunPlan<CoreSettings>, momentsNs: readonly number[]): string {
  let simulation = new Simulation(plan, [], createCore);
  for (const momentNs of momentsNs) {
    simulation.runUntil(momentNs);
    const state = decodeState(encodeState(simulation.snapshot())) as SimulationState;
    simulation = new Simulation(plan, [], createCore);
    simulation.restore(state);
  }
  return simulation.run().digest;
}
