import { beforeAll, describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { METRICS } from '../../core/infra/metrics/fields.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../core/settings.ts';
import { samplePath } from '../../recordings/samples/samples.ts';
import type { Tape } from '../../recordings/tape.ts';
import { diagnose } from '../../reports/diagnosis/diagnose.ts';
import { EvidenceLog } from '../../reports/diagnosis/evidence-log.ts';
import { FaultEffects } from '../../reports/fault-effects.ts';
import { createInvariants } from '../../reports/invariants/invariants.ts';
import { QuoteSeries } from '../../reports/symptoms/quote-series.ts';
import { createSymptoms } from '../../reports/symptoms/symptoms.ts';
import type { RunPlan } from '../../sim/run-plan.ts';
import { Simulation } from '../../sim/simulate.ts';
import { DEFAULT_WORLD } from '../../sim/world.ts';
import { fault } from '../support/faults.ts';
import { loadMarketFile } from '../support/load-market.ts';
import { S } from './support.ts';

let tape: Tape;

beforeAll(async () => {
  ({ tape } = await loadMarketFile(samplePath('btc-busy') ?? ''));
});

function planOf(faults: RunPlan['faults']): RunPlan<CoreSettings> {
  const times = { fromNs: 0, toNs: 130 * S, healNs: 95 * S };
  return { seed: 1, market: { tape }, ...times, core: DEFAULT_SETTINGS, world: DEFAULT_WORLD, faults };
}

/** All observers of this folder around one simulation. */
function observed(plan: RunPlan<CoreSettings>, twin: QuoteSeries | null) {
  const { instruments } = tape;
  const series = new QuoteSeries(instruments);
  const symptoms = createSymptoms(instruments, twin);
  const log = new EvidenceLog();
  const effects = new FaultEffects();
  const { maxInventoryUsd } = plan.core.risk;
  const invariants = createInvariants({ instruments, maxInventoryUsd, metricFields: METRICS, symptoms });
  const simulation = new Simulation(plan, [series, ...symptoms, log, effects, ...invariants], createCore);
  const found = () => ({
    digest: simulation.run().digest,
    intervals: symptoms.flatMap(symptom => symptom.intervals()),
    accepted: series.acceptedNs(0),
    gaps: series.gaps(0),
    effects: effects.effects(),
    findings: diagnose(log.evidence(simulation.core.metrics, plan.toNs)),
    violations: invariants.flatMap(invariant => invariant.violations()),
  });
  return { simulation, series, found };
}

describe('observers of a real run', () => {
  it('go on from a snapshot, in a new run, as if nothing had been', () => {
    const twin = observed(planOf([]), null);
    twin.found();
    const plan = planOf([fault('connection-close', { target: 'market', atNs: 60 * S, forNs: 30 * S })]);
    const whole = observed(plan, twin.series).found();
    expect(whole.intervals.some(interval => interval.why.startsWith('nothing of ours rests'))).toBe(true);
    expect(whole.findings[0]).toMatchObject({ step: '2.3', status: 'cause' });
    expect(whole.effects[0].count).toBeGreaterThan(1);
    expect(whole.violations).toEqual([]);
    // Before the fault, while quotes are lost, and in the heal phase.
    for (const cutS of [33, 82, 110]) {
      const before = observed(plan, twin.series);
      before.simulation.runUntil(cutS * S);
      const state = structuredClone(before.simulation.snapshot());
      const after = observed(plan, twin.series);
      after.simulation.restore(state);
      expect(after.found()).toEqual(whole);
    }
  });

  it('sees a run that recovers from a lost user connection keep every promise', () => {
    const twin = observed(planOf([]), null);
    twin.found();
    const plan = planOf([fault('connection-close', { target: 'user', atNs: 60 * S, forNs: 20 * S })]);
    const { violations, findings } = observed(plan, twin.series).found();
    expect(violations).toEqual([]);
    // The story of step 1.2: this chain must not claim it.
    expect(findings.find(finding => finding.step === '2.3')?.status).toBe('suspect');
  });
});
