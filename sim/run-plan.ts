/** What a run is made of, and what comes out of it. */
import type { OperatorAction } from '../core/port.ts';
import type { Tape } from '../recordings/tape.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { OnBlock } from './kernel/digest.ts';
import type { SyntheticPlan } from './market/synthetic-plan.ts';
import type { WorldSettings } from './world.ts';

/** Where the market comes from: a recording, or a program. */
export type MarketPlan = { readonly tape: Tape } | { readonly synthetic: SyntheticPlan };

/** A run is a pure function of its plan. `CoreSettings` is the core's own business: the world hands it through. */
export interface RunPlan<CoreSettings = unknown> {
  seed: number;
  market: MarketPlan;
  /** First and last moment of the run, ns since the market's origin, both included. */
  fromNs: number;
  toNs: number;
  /** When every fault has ended; from here to `toNs` the core has to converge. */
  healNs: number;
  core: CoreSettings;
  world: WorldSettings;
  faults: FaultPlan;
  /** What a person does to the running core, and when. */
  operator?: readonly PlannedAction[];
}

export interface PlannedAction {
  readonly atNs: number;
  readonly action: OperatorAction;
}

export interface RunStats {
  /** Dispatched events. */
  events: number;
  /** Rows of the frames that moved the true market. */
  rows: number;
  commands: number;
  fills: number;
  virtualNs: number;
}

export interface RunResult {
  /** `sha256:` and 64 hex digits. */
  digest: string;
  /** Hash after each full block of 1,024 records. */
  blocks: readonly string[];
  stats: RunStats;
}

export interface SimulationOptions {
  /** Is told every block of digest records, the open one at the end too, for finding the first event that differs. */
  onBlock?: OnBlock;
}
