/** What a run is made of, and what comes out of it. */
import type { Tape } from '../recordings/tape.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { WorldSettings } from './world.ts';

/** A run is a pure function of its plan. `CoreSettings` is the core's own business: the world hands it through. */
export interface RunPlan<CoreSettings = unknown> {
  seed: number;
  tape: Tape;
  /** First and last moment of the run, ns since the tape's origin, both included. */
  fromNs: number;
  toNs: number;
  /** When every fault has ended; from here to `toNs` the core has to converge. */
  healNs: number;
  core: CoreSettings;
  world: WorldSettings;
  faults: FaultPlan;
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
  /** Bytes of the block that `SimulationOptions.keepBlock` asked for. */
  keptBlock: Uint8Array | null;
  stats: RunStats;
}

export interface SimulationOptions {
  /** Number of a digest block whose records are kept, for finding the first event that differs. */
  keepBlock?: number;
}
