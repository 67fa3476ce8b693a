/**
 * A run's verdict from its stored traces: the observers that watched the run are driven again, and judged by the same judge.
 *
 *     twin.arrow ─→ twin's observers ─┐
 *     trace.arrow ─→ run's observers ─┼─→ judge ─→ verdict
 *     fixed.arrow ─→ …, if there ─────┘
 */
import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { ReplaybookError } from '../../core/errors.ts';
import type { CoreSettings } from '../../core/settings.ts';
import { systemReason } from '../system-reason.ts';
import type { StoredTrace } from '../trace/trace-decode.ts';
import { driveTrace, type OnProgress } from '../trace/trace-driver.ts';
import { readTrace } from '../trace/trace-file.ts';
import type { Observer } from '../truth.ts';
import { type Phase, type RunFacts, type Scored, type Seen, score } from './judging.ts';
import { RunObservers, type RunSeen, TwinObservers, type TwinSeen } from './observers.ts';
import { version } from './paths.ts';
import { TRACE_FILES, type TraceFacts } from './trace-files.ts';

const EXPECTED = 'expected the folder of a run that was made with --out and --trace';

/** Throws `usage`, `file` and `format` errors. `onProgress`: is told what is scored, and how far that is, ns of virtual time. */
export function scoreTraces(folder: string, onProgress: (phase: Phase, atNs: number) => void): Scored {
  checkFolder(folder);
  const run = openTrace(folder, 'run');
  const { companions, run: facts } = run.facts;
  const twin = companion(folder, 'twin', companions.twin);
  const fixed = companions.fixed === null ? null : companion(folder, 'fixed', companions.fixed);
  return new Scoring(folder, facts, onProgress).score(run.stored, twin, fixed);
}

function checkFolder(folder: string): void {
  if (!statsOf(folder, folder).isDirectory()) {
    throw new ReplaybookError('usage', `${folder}: is no folder: ${EXPECTED}`);
  }
  statsOf(join(folder, TRACE_FILES.run), `${folder}: ${TRACE_FILES.run}`);
}

function statsOf(path: string, what: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new ReplaybookError('file', `${what}: ${systemReason(cause)}: ${EXPECTED}`, { file: path }, cause);
  }
}

type FactsOf<P extends Phase> = Extract<TraceFacts, { phase: P }>;

/** What stands in a trace is as it was written, for its identity says so: only which one it is has to be looked at. */
function openTrace<P extends Phase>(folder: string, phase: P): { stored: StoredTrace; facts: FactsOf<P> } {
  const file = join(folder, TRACE_FILES[phase]);
  const stored = readTrace(file, version());
  const facts = stored.facts as TraceFacts;
  if (facts.phase === phase) return { stored, facts: facts as FactsOf<P> };
  const what = `is the trace of a ${facts.phase}, not of a ${phase}`;
  throw new ReplaybookError('format', `${file}: ${what}: put the run's own file there`, { file });
}

/** A trace that was written beside that of the run. */
function companion(folder: string, phase: 'twin' | 'fixed', identity: string): StoredTrace {
  const { stored } = openTrace(folder, phase);
  if (stored.identity === identity) return stored;
  const file = join(folder, TRACE_FILES[phase]);
  const what = `does not belong to ${TRACE_FILES.run}: it was written by another run`;
  throw new ReplaybookError('format', `${file}: ${what}; put the right one there, or run the scenario again`, { file });
}

/** Drives the observers of each phase. */
class Scoring {
  readonly #folder: string;
  readonly #facts: RunFacts;
  readonly #onProgress: (phase: Phase, atNs: number) => void;

  constructor(folder: string, facts: RunFacts, onProgress: (phase: Phase, atNs: number) => void) {
    this.#folder = folder;
    this.#facts = facts;
    this.#onProgress = onProgress;
  }

  score(run: StoredTrace, twin: StoredTrace, fixed: StoredTrace | null): Scored {
    const { run: ofRun, counterfactual } = this.#facts.scenario;
    const seenOfTwin = this.#twin(twin);
    const seenOfRun = this.#run('run', run, ofRun.core, seenOfTwin);
    const seenOfFixed = (): Seen['fixed'] => {
      if (counterfactual === null) return null;
      // With a fix that leaves nothing of the cause the twin was not run again.
      return fixed === null ? seenOfTwin : this.#run('fixed', fixed, counterfactual.settings.core, seenOfTwin);
    };
    return score(this.#facts, { twin: seenOfTwin, run: seenOfRun, fixed: seenOfFixed() });
  }

  #twin(twin: StoredTrace): TwinSeen {
    const { core, fromNs } = this.#facts.scenario;
    const observers = new TwinObservers(twin.trace.start.instruments, core, fromNs);
    this.#drive('twin', twin, observers.all);
    return observers.seen();
  }

  #run(phase: Phase, stored: StoredTrace, core: CoreSettings, twin: TwinSeen): RunSeen {
    const observers = new RunObservers(stored.trace.start.instruments, core, twin.quotes);
    const metrics = this.#drive(phase, stored, observers.all);
    return observers.seen(metrics, this.#facts.scenario.toNs);
  }

  #drive(phase: Phase, { trace }: StoredTrace, observers: readonly Observer[]): Float64Array {
    const told: OnProgress = atNs => this.#onProgress(phase, atNs);
    try {
      return driveTrace(trace, observers, told);
    } catch (error) {
      if (!(error instanceof ReplaybookError) || error.code !== 'format') throw error;
      const file = join(this.#folder, TRACE_FILES[phase]);
      throw new ReplaybookError('format', `${file}: ${error.message}`, { file }, error);
    }
  }
}
