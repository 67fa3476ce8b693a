/**
 * Limits of the settings that memory or the number of timers hang on: beyond them the core could not be built, or a run would
 * not end. Every other setting may have any value of its kind: what comes of a bad one is what a run is to show.
 */
import { NS_PER_MS, NS_PER_S } from '../core/scale.ts';
import type { CoreSettings } from '../core/settings.ts';
import type { Complaints, Path } from './complaints.ts';
import { formatDuration } from './duration.ts';

interface Limit {
  /** As it is written in a scenario. */
  readonly path: Path;
  readonly of: (settings: CoreSettings) => number;
  readonly min: number;
  readonly max: number;
  readonly kind: 'count' | 'durationNs';
}

const LIMITS: readonly Limit[] = [
  // Room for the orders of all levels is set aside in advance.
  { path: ['strategy', 'ladder', 'levels'], of: s => s.strategy.ladder.levels, min: 1, max: 1_000, kind: 'count' },
  {
    path: ['execution', 'orderLifecycle', 'closedKept'],
    of: s => s.execution.orderLifecycle.closedKept,
    min: 1,
    max: 1_000_000,
    kind: 'count',
  },
  { path: ['fills', 'dedupCapacity'], of: s => s.fills.dedupCapacity, min: 1, max: 1_000_000, kind: 'count' },
  {
    path: ['infra', 'arena', 'capacityBytes'],
    of: s => s.infra.arena.capacityBytes,
    min: 64,
    max: 1_073_741_824,
    kind: 'count',
  },
  {
    path: ['stochastic', 'beliefs', 'hmm', 'bufferSize'],
    of: s => s.stochastic.beliefs.hmm.bufferSize,
    min: 1,
    max: 1_000_000,
    kind: 'count',
  },
  {
    path: ['strategy', 'signals', 'mutualInformation', 'bufferSize'],
    of: s => s.strategy.signals.mutualInformation.bufferSize,
    min: 1,
    max: 1_000_000,
    kind: 'count',
  },
  {
    path: ['execution', 'fillTracker', 'windowFills'],
    of: s => s.execution.fillTracker.windowFills,
    min: 1,
    max: 1_000_000,
    kind: 'count',
  },
  {
    path: ['infra', 'supervisor', 'checkInterval'],
    of: s => s.infra.supervisor.checkIntervalNs,
    min: NS_PER_MS,
    max: 3_600 * NS_PER_S,
    kind: 'durationNs',
  },
];

/** Adds each setting that is outside its limits. `root`: where the settings stand in the scenario. */
export function checkLimits(settings: CoreSettings, root: Path, complaints: Complaints): void {
  for (const { path, of, min, max, kind } of LIMITS) {
    const value = of(settings);
    if (value >= min && value <= max && Number.isInteger(value)) continue;
    const expected =
      kind === 'count'
        ? `a whole number from ${min} to ${max}`
        : `a duration from ${formatDuration(min)} to ${formatDuration(max)}`;
    complaints.add([...root, ...path], `expected ${expected}`);
  }
}
