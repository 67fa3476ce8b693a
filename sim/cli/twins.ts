/**
 * Twins that were run already. Scenarios with the same market, baseline and seed have the same twin, so a suite runs it once. The
 * newest are kept: a suite asks for equal ones in a row. A cache is of one core: whoever runs several has one for each.
 */
import type { CoreSettings } from '../../core/settings.ts';
import type { RunPlan, RunResult } from '../run-plan.ts';
import type { DigestLog } from './first-difference.ts';
import type { TwinSeen } from './observers.ts';

/** A twin that is over. */
export interface Twin {
  readonly result: RunResult;
  readonly seen: TwinSeen;
  /** Its digest records, for finding where a run parts from it. */
  readonly records: DigestLog;
}

export class TwinCache {
  readonly #size: number;
  /** Oldest first. */
  readonly #twins = new Map<string, Twin>();

  /** `size`: how many are kept, 1 or more. One of two minutes of a busy market takes about 1 MB. */
  constructor(size: number) {
    this.#size = size;
  }

  /** The twin of such a plan; `run` runs it where it is not known. */
  of(plan: RunPlan<CoreSettings>, run: () => Twin): Twin {
    const key = twinKey(plan);
    const twin = this.#twins.get(key) ?? run();
    this.#twins.delete(key);
    this.#twins.set(key, twin);
    for (const oldest of this.#twins.keys()) {
      if (this.#twins.size <= this.#size) break;
      this.#twins.delete(oldest);
    }
    return twin;
  }
}

/** Whether a run of that plan, without a planted bug, would be its twin over again. */
export function isTwin(plan: RunPlan<CoreSettings>, baseline: RunPlan<CoreSettings>): boolean {
  const { faults, operator = [] } = plan;
  return faults.length === 0 && operator.length === 0 && twinKey(plan) === twinKey(baseline);
}

/** All that a twin hangs on. */
function twinKey({ seed, market, fromNs, toNs, core, world }: RunPlan<CoreSettings>): string {
  const source = 'tape' in market ? market.tape.identity : market.synthetic;
  return JSON.stringify([seed, source, fromNs, toNs, core, world]);
}
