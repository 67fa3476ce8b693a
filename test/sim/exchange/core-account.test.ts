/** The account that the exchange keeps for a core is the one that the core's settings speak of. */
import { describe, expect, it } from 'vitest';
import { createCore } from '../../../core/core.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { worldWith } from '../../../scenarios/exchange-settings.ts';
import { openScenario } from '../../../sim/cli/open-scenario.ts';
import { syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';
import type { Observer } from '../../../sim/truth.ts';

/** Fills, and how often the exchange missed margin, in two minutes of a volatile market. */
function play(set: readonly string[]): { fills: number; withoutMargin: number } {
  const { core, exchange } = openScenario('healthy/volatile', { set });
  let withoutMargin = 0;
  const observer: Observer = {
    name: 'margin refusals',
    onRejected: (_atNs, _event, _type, error) => {
      if (error.includes('margin')) withoutMargin++;
    },
    snapshot: () => null,
    restore: () => undefined,
  };
  const toNs = 120 * NS_PER_S;
  const market = { synthetic: syntheticPlan('volatile', ['BTC']) };
  const plan = { seed: 1, market, fromNs: 0, toNs, healNs: toNs, core, world: worldWith(exchange), faults: [] };
  const { stats } = new Simulation(plan, [observer], createCore).run();
  return { fills: stats.fills, withoutMargin };
}

describe('a core with more money than by default', () => {
  const RICHER = ['core.account.equityUsd=100000', 'core.risk.maxInventoryUsd=100000'];
  const LARGER = ['core.strategy.ladder.levelUsd=10000'];

  it('gets its orders: the exchange’s account is as large', () => {
    const { fills, withoutMargin } = play([...RICHER, ...LARGER]);
    expect(fills).toBeGreaterThan(0);
    expect(withoutMargin).toBe(0);
  });

  it('asks for no more than the exchange’s account can carry where the scenario gives that less', () => {
    const { fills, withoutMargin } = play([...RICHER, ...LARGER, 'exchange.account.equityUsd=1000']);
    expect(fills).toBeGreaterThan(0);
    expect(withoutMargin).toBe(0);
  });
});

describe('the account at the exchange', () => {
  const account = (...set: string[]) => openScenario('healthy/volatile', { set }).exchange.account;

  it('has the core’s equity and leverage, each unless it is set', () => {
    expect(account()).toEqual({ equityUsd: 1_000, leverage: 3, isCross: true });
    const core = ['core.account.equityUsd=500', 'core.account.leverage=10'];
    expect(account(...core)).toEqual({ equityUsd: 500, leverage: 10, isCross: true });
    expect(account(...core, 'exchange.account.equityUsd=70')).toMatchObject({ equityUsd: 70, leverage: 10 });
    expect(account(...core, 'exchange.account.leverage=2')).toMatchObject({ equityUsd: 500, leverage: 2 });
  });

  it('has the next whole leverage, which is all that the exchange knows', () => {
    expect(account('core.account.leverage=2.5').leverage).toBe(3);
    expect(account('core.account.leverage=0.5').leverage).toBe(1);
    expect(() => account('exchange.account.leverage=2.5')).toThrow(
      'exchange.account.leverage: expected a whole number of 1 or more',
    );
    expect(() => account('exchange.account.leverage=0')).toThrow('expected a whole number of 1 or more');
  });
});
