/** The exchange's days and hours are those of UTC, wherever in a day a tape or a synthetic market begins. */
import { expect, it } from 'vitest';
import { NS_PER_S } from '../../../core/scale.ts';
import type { LedgerTruth } from '../../../sim/exchange/ledger/margin-account.ts';
import { syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import type { MarketPlan } from '../../../sim/run-plan.ts';
import { Simulation } from '../../../sim/simulate.ts';
import type { Observer } from '../../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../../sim/world.ts';
import { probe } from '../../support/probe-core.ts';
import { type ScriptedFrame, scriptedTape } from '../../support/tapes.ts';

/** A run of an account that holds 0.01 BTC from the start, and what it has received for funding by a moment. */
function holding(market: MarketPlan, seconds: number): (untilNs: number) => number {
  const exchange = { ...DEFAULT_WORLD.exchange, startPositionLots: [1_000] };
  let ledger: { truth(): LedgerTruth } | undefined;
  const observer: Observer = {
    name: 'ledger',
    onStart: context => {
      ledger = context.ledger;
    },
    snapshot: () => null,
    restore: () => undefined,
  };
  const toNs = seconds * NS_PER_S;
  const world = { ...DEFAULT_WORLD, exchange };
  const plan = { seed: 1, market, fromNs: 0, toNs, healNs: toNs, core: null, world, faults: [] };
  const simulation = new Simulation<unknown>(plan, [observer], probe(() => {}).createCore);
  return untilNs => {
    simulation.runUntil(untilNs);
    return ledger?.truth().fundingUsd ?? Number.NaN;
  };
}

it('pays funding at the full hour of a tape that begins ten seconds before it', () => {
  // Scripted tapes count from 12:00:00, so this one begins at 12:59:50.
  const frames: ScriptedFrame[] = Array.from({ length: 40 }, (_, at) => ({
    atMs: 3_590_000 + 500 * at,
    book: [999_990, 1_000_010],
  }));
  const fundingAt = holding({ tape: scriptedTape(frames) }, 20);
  expect(fundingAt(9.99 * NS_PER_S)).toBe(0);
  // $1,000 at the interest of one hour, which longs pay, with the first frame after it.
  expect(fundingAt(10.5 * NS_PER_S)).toBe(-0.0125);
  expect(fundingAt(20 * NS_PER_S)).toBe(-0.0125);
});

it('pays it at the full hour of a synthetic market, which begins at midnight', () => {
  const fundingAt = holding({ synthetic: syntheticPlan('calm', ['BTC']) }, 3_602);
  expect(fundingAt(3_599.9 * NS_PER_S)).toBe(0);
  // With the first block after it.
  expect(fundingAt(3_600.1 * NS_PER_S)).not.toBe(0);
});
