/** An observer that writes down all it is told, and plans of runs in which much happens. */
import { createHash } from 'node:crypto';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../../core/settings.ts';
import { sampleTape } from '../../../sim/cli/sample-tape.ts';
import type { FaultPlan } from '../../../sim/faults/plan.ts';
import { syntheticPlan } from '../../../sim/market/synthetic-plan.ts';
import type { RunPlan } from '../../../sim/run-plan.ts';
import type { PresetName } from '../../../sim/synthetic/presets.ts';
import { HOOKS } from '../../../sim/trace/hooks.ts';
import type { Observer, RunContext } from '../../../sim/truth.ts';
import { DEFAULT_WORLD } from '../../../sim/world.ts';

export const S = 1_000_000_000;

/** What an observer was told, one line a call, and one hash of all that it could read of the core in each. */
export interface Told {
  readonly calls: string[];
  core(): string;
}

/** An observer with every hook there is. */
export function witness(): Observer & Told {
  const calls: string[] = [];
  const hash = createHash('sha256');
  let core: RunContext['core'] | null = null;
  const hooks = HOOKS.map(hook => {
    const note = (...args: unknown[]): void => {
      const [first] = args;
      if (hook === 'onStart') {
        core = (first as RunContext).core;
        const { core: _, ledger: __, ...context } = first as RunContext;
        calls.push(`${hook} ${text([context, core.accountView !== undefined])}`);
      } else {
        calls.push(`${hook} ${text(args.map(seen))}`);
      }
      if (core === null) throw new Error('not started');
      hash.update(core.metrics);
      if (hook !== 'onMarket' && hook !== 'onDelivered') hash.update(text(core.accountView?.().map(account) ?? null));
    };
    return [hook, note] as const;
  });
  return {
    ...Object.fromEntries(hooks),
    name: 'witness',
    calls,
    core: () => hash.copy().digest('hex'),
    snapshot: () => null,
    restore() {},
  };
}

/** Of an order of the exchange what observers are to see of it. */
function seen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('originalLots' in value)) return value;
  const { oid, cloid, instrument, side, priceTicks, originalLots, remainingLots, reduceOnly } = value as Record<
    string,
    unknown
  >;
  return { oid, cloid, instrument, side, priceTicks, originalLots, remainingLots, reduceOnly };
}

function account(view: {
  positionLots: number;
  orders: readonly { oid: number; cloid: number }[];
  adverseSelectionRate?: number;
}): unknown {
  return [view.positionLots, view.adverseSelectionRate, view.orders.map(({ oid, cloid }) => [oid, cloid])];
}

/** As JSON, and numbers that JSON knows nothing of by their name. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  );
}

const TIMES = { fromNs: 0, toNs: 120 * S, healNs: 90 * S };

export function tapePlan(faults: FaultPlan): RunPlan<CoreSettings> {
  return { seed: 1, market: { tape: sampleTape() }, ...TIMES, core: DEFAULT_SETTINGS, world: DEFAULT_WORLD, faults };
}

export function syntheticRun(preset: PresetName, faults: FaultPlan, symbols = ['BTC']): RunPlan<CoreSettings> {
  const market = { synthetic: syntheticPlan(preset, symbols) };
  return { seed: 2, market, ...TIMES, core: DEFAULT_SETTINGS, world: DEFAULT_WORLD, faults };
}
