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
  /** Runs that pass without the defect: only these can say anything of it. 0: nothing can be said. */
  readonly runs: number;
  /** Those of them that fail with it, or in which the core breaks. */
  readonly caught: number;
  /** Their scenarios, each once, in the order of the runs. */
  readonly scenarios: readonly string[];
  /** The command that shows the first run that catches it, else the first that should have; null where nothing can be said. */
  readonly command: string | null;
}

/** What came of planting defects. */
export interface DefectResults {
  readonly tried: readonly Catches[];
  /** Those that were planted nowhere, as no run is of their family. */
  readonly untried: readonly string[];
}

/** Whether nothing catches a defect that something could have caught. */
export function isMissed({ runs, caught }: Catches): boolean {
  return runs > 0 && caught === 0;
}

/** In the order of `defects`. */
export function defectResults(defects: readonly string[], runs: readonly DefectRun[]): DefectResults {
  const planted = new Set(runs.map(({ defect }) => defect));
  return {
    tried: catchesOf(
      defects.filter(defect => planted.has(defect)),
      runs,
    ),
    untried: defects.filter(defect => !planted.has(defect)),
  };
}

function catchesOf(defects: readonly string[], runs: readonly DefectRun[]): Catches[] {
  return defects.map(defect => {
    const telling = runs.filter(run => run.defect === defect && standingOf(run.healthy) === 'pass');
    const caught = telling.filter(({ run }) => isCaught(run)).map(({ run }) => run);
    return {
      defect,
      runs: telling.length,
      caught: caught.length,
      scenarios: [...new Set(caught.map(({ scenario }) => scenario))],
      command: (caught.at(0) ?? telling.at(0)?.run)?.command ?? null,
    };
  });
}

function isCaught(run: SuiteRun): boolean {
  return run.result.kind === 'error' ? run.result.code === 'internal' : standingOf(run) === 'fail';
}

/** `39 defects were not tried: …`; empty where all were. */
export function untriedLine({ untried }: DefectResults): string {
  const { length } = untried;
  if (length === 0) return '';
  const [what, whose] = length === 1 ? ['1 defect was', 'its'] : [`${length} defects were`, 'their'];
  return `${what} not tried: no scenario of ${whose} family is among these.`;
}
