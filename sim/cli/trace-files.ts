/** The files of a run's folder that hold what was observed, and what stands in them beside. */
import type { Phase, RunFacts } from './judging.ts';

export const TRACE_FILES: Readonly<Record<Phase, string>> = {
  run: 'trace.arrow',
  twin: 'twin.arrow',
  fixed: 'fixed.arrow',
};

/** Identity of a trace that belongs to a run. */
export type Companions = Readonly<Record<'twin', string> & Record<'fixed', string | null>>;

/** What a trace says beside its calls. The run's holds what judging needs, and names the traces that go with it. */
export type TraceFacts =
  | { readonly phase: 'twin' | 'fixed' }
  | { readonly phase: 'run'; readonly companions: Companions; readonly run: RunFacts };
