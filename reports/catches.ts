/** Which scenarios catch a defect that was planted into the core. */
import { type SuiteRun, standingOf } from './suite-run.ts';

/** A scenario and seed, once without a defect and once with one. */
export interface DefectRun {
  readonly defect: string;
  /** The same run without the defect. */
  readonly healthy: SuiteRun;
  readonly run: SuiteRun;
}

export interface Catches {
  readonly defect: string;
  /** Runs that pass without the defect: only these can say anything of it. */
  readonly runs: number;
  /** Those of them that fail with it, or in which the core breaks. */
  readonly caught: number;
  /** Their scenarios, each once, in the order of the runs. */
  readonly scenarios: readonly string[];
  /** The command that shows the first of them. */
  readonly command: string | null;
}

/** In the order of `defects`. */
export function catchesOf(defects: readonly string[], runs: readonly DefectRun[]): Catches[] {
  return defects.map(defect => {
    const telling = runs.filter(run => run.defect === defect && standingOf(run.healthy) === 'pass');
    const caught = telling.filter(({ run }) => isCaught(run)).map(({ run }) => run);
    return {
      defect,
      runs: telling.length,
      caught: caught.length,
      scenarios: [...new Set(caught.map(({ scenario }) => scenario))],
      command: caught.at(0)?.command ?? null,
    };
  });
}

function isCaught(run: SuiteRun): boolean {
  return run.result.kind === 'error' ? run.result.code === 'internal' : standingOf(run) === 'fail';
}
