/** The main job on real recordings: a feed falls silent, the quotes go stale, step 2.3 is named, the quotes come back. */
import { describe, expect, it } from 'vitest';
import { createCore } from '../../core/core.ts';
import { ASK, BID } from '../../core/market.ts';
import { NS_PER_S } from '../../core/scale.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { tapeEndNs } from '../../recordings/tape.ts';
import { openScenario } from '../../sim/cli/open-scenario.ts';
import { runScenario } from '../../sim/cli/run-scenario.ts';
import { QUEUE_MODEL_NAMES } from '../../sim/exchange/replay/queue-models.ts';
import { Simulation } from '../../sim/simulate.ts';
import type { Observer, OrderTruth } from '../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../sim/world.ts';
import { ARCHIVE_HOUR, BINANCE_CAPTURE, HAVE_DATA, WS_CAPTURE } from '../support/data.ts';

const SEEDS = process.env.CI === 'true' ? [1, 2, 3, 4, 5] : [1, 2];

async function judge(scenario: string, file: string, seed: number) {
  const { tape } = await importFile(file);
  return runScenario(openScenario(scenario, { tape: file, set: [] }), { tape }, seed, { command: 'npm test' });
}

describe.skipIf(!HAVE_DATA)('30 s of silence on a recording', () => {
  it.each([
    ['the archive hour', ARCHIVE_HOUR],
    ['the Binance capture', BINANCE_CAPTURE],
  ])('%s: stale within 22 s, step 2.3, back within 5 s, at every seed', async (_name, file) => {
    for (const seed of SEEDS) {
      const { verdict, plan } = await judge('2-stale-quotes/2.3-all-feeds-silent', file, seed);
      expect(verdict).toMatchObject({ verdict: 'pass', seed, playbook: '2.3' });
      const { causeTookEffect, symptomAppeared, symptomResolved, diagnosed, twinClean } = verdict.checks;
      const causeNs = causeTookEffect.atNs ?? Infinity;
      expect((symptomAppeared.atNs ?? Infinity) - causeNs).toBeLessThanOrEqual(22 * NS_PER_S);
      expect(diagnosed.named[0]).toBe('2.3');
      const [fault] = plan.faults;
      expect((symptomResolved.atNs ?? Infinity) - (fault.atNs + fault.forNs)).toBeLessThanOrEqual(5 * NS_PER_S);
      expect(twinClean.inherent).toEqual([]);
    }
  });
});

describe.skipIf(!HAVE_DATA)('a recording without a fault', () => {
  it.each([
    ['the archive hour', ARCHIVE_HOUR],
    ['the Binance capture', BINANCE_CAPTURE],
    ['the websocket capture', WS_CAPTURE],
  ])('%s: no symptom hot, no invariant broken', async (_name, file) => {
    const { verdict, run, twin } = await judge('healthy/tape', file, 1);
    expect(verdict.verdict).toBe('pass');
    expect(verdict.symptoms).toEqual({
      'orders-not-sending': [],
      'stale-quotes': [],
      'position-mismatch': [],
      'high-latency': [],
    });
    expect(verdict.checks.invariants.violations).toEqual([]);
    expect(run.digest).toBe(twin.digest);
  });

  it.each(QUEUE_MODEL_NAMES)('the Binance capture, own orders filled by %s: the same', async queueModel => {
    const { tape } = await importFile(BINANCE_CAPTURE);
    const edits = { tape: BINANCE_CAPTURE, set: [`exchange.queueModel=${queueModel}`] };
    const { verdict } = runScenario(openScenario('healthy/tape', edits), { tape }, 1, { command: 'npm test' });
    expect(verdict.verdict).toBe('pass');
    expect(verdict.stats.fills).toBeGreaterThan(0);
  });

  it('the archive hour is quoted on both sides more than 95 % of the time after warm-up', async () => {
    const { tape } = await importFile(ARCHIVE_HOUR);
    const toNs = tapeEndNs(tape);
    const quoted = new QuotedTime();
    const plan = {
      seed: 1,
      market: { tape },
      fromNs: 0,
      toNs,
      healNs: toNs,
      core: DEFAULT_SETTINGS,
      world: DEFAULT_WORLD,
      faults: [],
    };
    new Simulation(plan, [quoted], createCore).run();
    const warmUpNs = DEFAULT_SETTINGS.estimator.warmUp.maxWaitNs;
    expect(quoted.bothSidesNs / (toNs - warmUpNs)).toBeGreaterThan(0.95);
  });
});

/** Adds up the time in which an own order rests on each side. */
class QuotedTime implements Observer {
  readonly name = 'quoted-time';
  bothSidesNs = 0;
  #sinceNs = 0;
  readonly #resting = [new Set<number>(), new Set<number>()];

  #pass(atNs: number): void {
    if (this.#resting[BID].size > 0 && this.#resting[ASK].size > 0) this.bothSidesNs += atNs - this.#sinceNs;
    this.#sinceNs = atNs;
  }

  onAccepted(atNs: number, _event: number, order: OrderTruth): void {
    this.#pass(atNs);
    this.#resting[order.side].add(order.oid);
  }

  onRemoved(atNs: number, _event: number, order: OrderTruth): void {
    this.#pass(atNs);
    this.#resting[order.side].delete(order.oid);
  }

  onEnd(atNs: number): void {
    this.#pass(atNs);
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {}
}
