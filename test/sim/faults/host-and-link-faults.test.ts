import { beforeAll, describe, expect, it } from 'vitest';
import { createCore } from '../../../core/core.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import type { CoreSettings } from '../../../core/settings.ts';
import { parseScenario } from '../../../scenarios/load.ts';
import { processIo } from '../../../sim/cli/io.ts';
import { openMarket } from '../../../sim/cli/market.ts';
import { type Judged, runScenario } from '../../../sim/cli/run-scenario.ts';
import { decodeState, encodeState } from '../../../sim/kernel/codec.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';

const AT_NS = 12 * NS_PER_S;
const END_NS = 22 * NS_PER_S;

/** A run of 40 s with one fault from 12 s to 22 s. */
function scenario(fault: string) {
  const text = `
title: A fault of the host or of a link
playbook: "4.1"
baseline:
  market: { synthetic: volatile, instrument: BTC }
  duration: 40s
cause:
  faults:
    - { ${fault}, at: 12s, for: 10s }
expect: { outcome: decoy, notDiagnosed: ["2.5"] }
resolution: { selfHeal: true, healFor: 10s }
`;
  return parseScenario(text, 'a.yaml');
}

async function judged(fault: string): Promise<Judged> {
  const loaded = scenario(fault);
  const { plan } = await openMarket(loaded, false, processIo());
  return runScenario(loaded, plan, 1, { command: 'npm test' });
}

const KINDS = [
  ['cost-multiplier', 'kind: cost-multiplier, params: { factor: 20 }', true],
  ['cost-multiplier of one stage', 'kind: cost-multiplier, target: model, params: { factor: 100 }', true],
  ['slow-handler', 'kind: slow-handler, target: trades, probability: 0.5', true],
  ['blocked-loop', 'kind: blocked-loop', true],
  ['blocked-loop by its share', 'kind: blocked-loop, params: { every: 1s, share: 0.5 }', true],
  ['arena-pressure', 'kind: arena-pressure, params: { bytes: 8192 }', true],
  ['link-latency', 'kind: link-latency, params: { added: 150ms, jitter: 50ms }', true],
  ['link-latency of the market', 'kind: link-latency, target: market, params: { added: 150ms, jitter: 50ms }', false],
  ['lossy-link', 'kind: lossy-link, params: { loss: 0.7 }', true],
  ['lossy-link of the market', 'kind: lossy-link, target: market', false],
] as const;

describe.each(KINDS)('%s', (_name, fault, isHot) => {
  let seen: Promise<Judged>;
  beforeAll(() => {
    seen = judged(fault);
  });

  it('takes effect in its time only, and what it turns hot is cold again after it', async () => {
    const { verdict, plan } = await seen;
    const [taken] = verdict.checks.causeTookEffect.faults;
    expect(taken.count).toBeGreaterThan(0);
    expect(taken.atNs).toBeGreaterThanOrEqual(AT_NS);
    const intervals = verdict.symptoms['high-latency'] ?? [];
    expect(intervals.length > 0).toBe(isHot);
    for (const { fromNs, toNs } of intervals) {
      expect(fromNs).toBeGreaterThanOrEqual(AT_NS);
      expect(toNs).toBeLessThan(plan.toNs);
    }
    expect(verdict.twin.digest === verdict.digest).toBe(false);
  });

  it('goes on from a snapshot in its middle as it would have', async () => {
    const { plan, run } = await seen;
    const stopped = simulation(plan);
    for (const atNs of [AT_NS + 2.503 * NS_PER_S, END_NS - 0.0101 * NS_PER_S]) {
      stopped.runUntil(atNs);
      const resumed = simulation(plan);
      resumed.restore(decodeState(encodeState(stopped.snapshot())) as ReturnType<typeof stopped.snapshot>);
      expect(resumed.run().digest).toBe(run.digest);
    }
  });
});

function simulation(plan: RunPlan<CoreSettings>): Simulation<CoreSettings> {
  return new Simulation(plan, [], createCore);
}

describe('what a fault of the host or of a link may be', () => {
  it.each([
    ['kind: cost-multiplier, params: { factor: 1 }', /factor: expected .*1\.1 to 1000/],
    ['kind: cost-multiplier, target: everything', /target: expected one of all, decode/],
    ['kind: slow-handler', /target: is missing/],
    ['kind: slow-handler, target: book, params: { extra: 11s }', /extra: expected .*1ms to 10s/],
    ['kind: blocked-loop, params: { share: 1 }', /share: expected .*0 to 0\.99/],
    ['kind: blocked-loop, target: user', /target: has no place/],
    ['kind: arena-pressure, params: { bytes: 0 }', /bytes: expected/],
    ['kind: link-latency, params: { added: 6s }', /added: expected .*0ns to 5s|added: expected .*0s to 5s/],
    ['kind: link-latency, probability: 0.5', /probability: has no place/],
    ['kind: lossy-link, params: { loss: 0.95 }', /loss: expected .*0\.3 to 0\.9/],
  ])('is refused beyond its limits: %s', (fault, message) => {
    expect(() => scenario(fault)).toThrow(message);
  });
});

it.each(['kind: link-latency, atLeast: 0, params: { added: 0s }', 'kind: arena-pressure, params: { bytes: 1 }'])(
  'nothing shows of what is too little to matter: %s',
  async fault => {
    const { verdict } = await judged(fault);
    expect(verdict.symptoms['high-latency']).toEqual([]);
    expect(verdict.diagnosis.filter(({ step, status }) => step.startsWith('4.') && status !== 'ok')).toEqual([]);
  },
);
