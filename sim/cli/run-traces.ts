/** Records what is observed of a run, its twin and the run with a fix, and makes files of it. */
import { ReplaybookError } from '../../core/errors.ts';
import { encodeTrace } from '../trace/trace-encode.ts';
import { TraceRecorder } from '../trace/trace-recorder.ts';
import type { Observer } from '../truth.ts';
import type { Phase, RunFacts } from './judging.ts';
import { version } from './paths.ts';
import { TRACE_FILES, type TraceFacts } from './trace-files.ts';

export class RunTraces {
  readonly #recorders = new Map<Phase, TraceRecorder>();

  /** The observer that records a phase. */
  observer(phase: Phase): Observer {
    const recorder = new TraceRecorder();
    this.#recorders.set(phase, recorder);
    return recorder;
  }

  /** The files by their names. */
  async files(run: RunFacts): Promise<Record<string, Uint8Array>> {
    const arrow = await import('apache-arrow');
    const program = version();
    const files: Record<string, Uint8Array> = {};
    const keep = (phase: Phase, facts: TraceFacts): string => {
      const recorder = this.#recorders.get(phase);
      if (recorder === undefined) throw new ReplaybookError('internal', `nothing was recorded of the ${phase}`);
      const { bytes, identity } = encodeTrace(arrow, recorder.trace(), program, facts);
      files[TRACE_FILES[phase]] = bytes;
      return identity;
    };
    const twin = keep('twin', { phase: 'twin' });
    const fixed = this.#recorders.has('fixed') ? keep('fixed', { phase: 'fixed' }) : null;
    keep('run', { phase: 'run', companions: { twin, fixed }, run });
    return files;
  }
}
