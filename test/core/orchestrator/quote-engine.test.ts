/** Each stage of the pipeline stops a cycle with its one reason (playbook 2.5), by a part that makes it do so. */
import { describe, expect, it } from 'vitest';
import { type CoreParts, DEFAULT_PARTS, ReplaybookCore } from '../../../core/core.ts';
import { Kappa } from '../../../core/estimator/kappa.ts';
import { RegimeClassifier } from '../../../core/estimator/regime.ts';
import { Volatility } from '../../../core/estimator/volatility.ts';
import type { CycleStopReason } from '../../../core/evidence.ts';
import { CYCLE_STOP_REASONS, METRIC, stopMetric } from '../../../core/infra/metrics/fields.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { BTC, milliseconds, ScriptHost, seconds } from '../../support/script-host.ts';

function world(parts: CoreParts, settings: CoreSettings = DEFAULT_SETTINGS) {
  const host = new ScriptHost();
  const core = new ReplaybookCore(host, settings, [BTC], parts);
  host.start(core);
  host.run(seconds(12));
  return { host, core };
}

class RawKappa extends Kappa {
  override get effective(): number {
    return this.raw;
  }
}

class NoVolatility extends Volatility {
  override get sigma(): number {
    return Number.NaN;
  }
}

class NoRegime extends RegimeClassifier {
  override get valid(): boolean {
    return false;
  }
}

describe('a cycle', () => {
  it('that compares raw kappa with the threshold for effective kappa never quotes (incident I-7)', () => {
    const { host, core } = world({ ...DEFAULT_PARTS, kappa: ({ estimator }) => new RawKappa(estimator.kappa) });
    expect(core.metrics[METRIC.kappaRaw]).toBeGreaterThan(5_000);
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('cycle-stopped').at(-1)).toMatchObject({ stage: 'estimator', reason: 'KappaInvalid' });
    expect(world(DEFAULT_PARTS).host.openOrders.size).toBe(10);
  });

  it.each<[CycleStopReason, string, CoreParts]>([
    ['SigmaInvalid', 'estimator', { ...DEFAULT_PARTS, volatility: s => new NoVolatility(s.estimator.volatility) }],
    ['RegimeInvalid', 'estimator', { ...DEFAULT_PARTS, regime: s => new NoRegime(s.estimator.regime) }],
  ])('stops for %s in stage %s', (reason, stage, parts) => {
    const { host } = world(parts);
    expect(host.openOrders.size).toBe(0);
    expect(host.logged('cycle-stopped').at(-1)).toMatchObject({ stage, reason });
  });

  it('stops for an empty ladder', () => {
    const strategy = { ...DEFAULT_SETTINGS.strategy, ladder: { ...DEFAULT_SETTINGS.strategy.ladder, levels: 0 } };
    const { host } = world(DEFAULT_PARTS, { ...DEFAULT_SETTINGS, strategy });
    expect(host.logged('cycle-stopped').at(-1)).toMatchObject({ stage: 'ladder', reason: 'EmptyLadder' });
  });

  it('stops where the book has lost a side, and takes its quotes down', () => {
    const { host } = world(DEFAULT_PARTS);
    expect(host.openOrders.size).toBe(10);
    host.behaviour.book = false;
    const message = host.bookMessage();
    host.deliver({ ...message, count: message.count / 2 });
    host.run(host.nowNs + milliseconds(300));
    expect(host.logged('cycle-stopped').at(-1)).toMatchObject({ stage: 'strategy', reason: 'NoBook' });
    expect(host.openOrders.size).toBe(0);
    host.behaviour.book = true;
    host.run(host.nowNs + seconds(1));
    expect(host.openOrders.size).toBe(10);
  });

  it('has exactly one reason when it stops, and none when it sends', () => {
    const { host, core } = world(DEFAULT_PARTS);
    for (let step = 0; step < 20; step++) {
      host.midTicks += 150;
      host.run(host.nowNs + seconds(1));
    }
    const stops = CYCLE_STOP_REASONS.reduce((sum, reason) => sum + core.metrics[stopMetric(reason)], 0);
    const withPosts = host.handled.filter(({ message, commands }) => {
      // Replies may send cancels of their own; only cycles are counted here.
      return message.kind !== 'post-reply' && commands.some(({ kind }) => kind === 'post');
    });
    // A pause between two modifications stops a cycle of which a part has been sent.
    const paused = core.metrics[stopMetric('RateLimited')];
    expect(core.metrics[METRIC.quoteCycles] - stops + paused).toBeGreaterThanOrEqual(withPosts.length);
    expect(withPosts.length).toBeGreaterThan(10);
  });

  it('does not log that nothing had to change', () => {
    const { host, core } = world(DEFAULT_PARTS);
    host.run(seconds(40));
    expect(core.metrics[stopMetric('NothingToChange')]).toBeGreaterThan(3);
    expect(host.logged('cycle-stopped').some(({ reason }) => reason === 'NothingToChange')).toBe(false);
  });

  it('charges its work, and reports it as its own latency', () => {
    const { core } = world(DEFAULT_PARTS);
    expect(core.metrics[METRIC.quoteCycleUs]).toBeGreaterThan(0);
  });
});
