/** Fault-free runs of the default core in a synthetic market, and what a healthy one is held to. */
import { createCore } from '../../../core/core.ts';
import { METRICS } from '../../../core/infra/metrics/fields.ts';
import { SIDES } from '../../../core/market.ts';
import { DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { createInvariants } from '../../../reports/invariants/invariants.ts';
import { createSymptoms } from '../../../reports/symptoms/symptoms.ts';
import { syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';
import type { PresetName } from '../../../sim/synthetic/presets.ts';
import type { Observer, OrderRemoval, OrderTruth } from '../../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../../sim/world.ts';

/** Adds up the time in which an own order rests on each side, from `fromNs` on. */
export class QuotedTime implements Observer {
  readonly name = 'quoted-time';
  bothSidesNs = 0;
  readonly #resting = [0, 0];
  #sinceNs: number;

  constructor(fromNs: number) {
    this.#sinceNs = fromNs;
  }

  onAccepted(atNs: number, _event: number, order: OrderTruth): void {
    this.#changed(atNs, order.side, 1);
  }

  onRemoved(atNs: number, _event: number, order: OrderTruth, _why: OrderRemoval): void {
    this.#changed(atNs, order.side, -1);
  }

  onEnd(atNs: number): void {
    this.#changed(atNs, 0, 0);
  }

  #changed(atNs: number, side: number, by: number): void {
    if (atNs >= this.#sinceNs) {
      if (SIDES.every(each => this.#resting[each] > 0)) this.bothSidesNs += atNs - this.#sinceNs;
      this.#sinceNs = atNs;
    }
    this.#resting[side] += by;
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {}
}

export interface HealthyRun {
  readonly digest: string;
  /** Share of the time after the warm-up in which both sides had an order. */
  readonly quoted: number;
  readonly hot: readonly string[];
  readonly violations: readonly string[];
  readonly stats: { readonly events: number; readonly commands: number; readonly fills: number };
}

export function runHealthy(
  preset: PresetName,
  symbols: readonly string[],
  seed: number,
  durationNs: number,
): HealthyRun {
  const synthetic = syntheticPlan(preset, symbols);
  const { instruments } = synthetic;
  const plan: RunPlan<typeof DEFAULT_SETTINGS> = {
    seed,
    market: { synthetic },
    fromNs: 0,
    toNs: durationNs,
    healNs: durationNs,
    core: DEFAULT_SETTINGS,
    world: DEFAULT_WORLD,
    faults: [],
  };
  const { estimator, risk, account } = DEFAULT_SETTINGS;
  const warmUpNs = estimator.warmUp.maxWaitNs;
  const quoted = new QuotedTime(warmUpNs);
  const symptoms = createSymptoms(instruments, null);
  const invariants = createInvariants({
    instruments,
    maxInventoryUsd: Math.min(risk.maxInventoryUsd, account.equityUsd * account.leverage),
    metricFields: METRICS,
    symptoms,
  });
  const { digest, stats } = new Simulation(plan, [quoted, ...symptoms, ...invariants], createCore).run();
  return {
    digest,
    quoted: quoted.bothSidesNs / (durationNs - warmUpNs),
    hot: symptoms.flatMap(symptom => symptom.intervals()).map(interval => JSON.stringify(interval)),
    violations: invariants.flatMap(invariant => invariant.violations()).map(violation => JSON.stringify(violation)),
    stats,
  };
}
