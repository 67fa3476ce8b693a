/**
 * Makes the runs of a suite on several worker processes. Whatever happens in one of them, the others go on: a worker that dies
 * takes the run down that it was at, and another takes its place; one that does not answer in time is ended.
 */
import { ReplaybookError } from '../../core/errors.ts';
import { NS_PER_MS } from '../../core/scale.ts';
import type { RunOutcome } from '../../reports/suite-run.ts';
import { formatDuration } from '../../scenarios/duration.ts';
import { systemReason } from '../system-reason.ts';
import { type Complaints, type Line, openLine } from './line.ts';
import { SUITE_WORKER } from './paths.ts';
import { type Task, TaskQueue } from './suite-tasks.ts';
import type { RunOrder, RunReply, SuiteOrder } from './suite-worker.ts';

export interface PoolOptions extends SuiteOrder {
  /** Workers at a time. */
  readonly jobs: number;
  /** A run with its twin may take so long by the wall clock, ms; a worker that takes longer is ended. Infinity: as long as it likes. */
  readonly limitMs: number;
  /** Folder for a run that goes wrong; null: none. */
  readonly outOf: (task: Task) => string | null;
  /** Is told each result as it comes, in no order that can be relied on. */
  readonly onResult: (task: Task, result: RunOutcome) => void;
}

export interface TimedOutcome {
  readonly result: RunOutcome;
  /** From when a worker was asked until it answered, by the wall clock, in ms: with its start, and the twin, where the run needed these. */
  readonly wallMs: number;
}

export interface Pool {
  /** Results in the order of the tasks, whatever the number of workers. */
  readonly results: Promise<TimedOutcome[]>;
  /** Ends all workers at once. The results never come. */
  stop(): void;
}

export function runTasks(tasks: readonly Task[], options: PoolOptions): Pool {
  const { core, useCache, jobs, limitMs, outOf, onResult } = options;
  const queue = new TaskQueue(tasks);
  const results: TimedOutcome[] = new Array(tasks.length);
  const open = new Set<Line<RunOrder>>();
  let isStopped = false;

  const start = (): Line<RunOrder> => {
    const order: SuiteOrder = { core, useCache };
    const line = openLine<RunOrder>(process.execPath, [SUITE_WORKER, JSON.stringify(order)], COMPLAINTS);
    open.add(line);
    return line;
  };

  const work = async (): Promise<void> => {
    let line: Line<RunOrder> | null = null;
    let lastKey: string | null = null;
    for (let index = queue.next(lastKey); index !== null && !isStopped; index = queue.next(lastKey)) {
      const task = tasks[index];
      lastKey = task.twinKey;
      const startMs = performance.now();
      let result: RunOutcome;
      try {
        line ??= start();
        const reply = (await within(limitMs, line, line.next(orderOf(task, outOf(task))))) as RunReply;
        result = reply.ok
          ? { kind: 'verdict', verdict: reply.verdict }
          : { kind: 'error', code: reply.code, message: reply.message };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        result = { kind: 'error', code: 'internal', message };
        if (line !== null) open.delete(line);
        line = null;
      }
      results[index] = { result, wallMs: performance.now() - startMs };
      if (!isStopped) onResult(task, result);
    }
    line?.hangUp();
  };

  const lanes = Array.from({ length: Math.min(jobs, tasks.length) }, work);
  return {
    results: Promise.all(lanes).then(() => (isStopped ? new Promise<never>(() => undefined) : results)),
    stop: () => {
      isStopped = true;
      for (const line of open) line.kill();
    },
  };
}

/** The answer, if it comes in time; else the worker is ended. */
async function within(limitMs: number, line: Line<RunOrder>, answer: Promise<unknown>): Promise<unknown> {
  if (limitMs === Number.POSITIVE_INFINITY) return answer;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    line.kill();
  }, limitMs);
  try {
    return await answer;
  } catch (error) {
    if (!isLate) throw error;
    const limit = formatDuration(limitMs * NS_PER_MS);
    throw new ReplaybookError('internal', `the run was ended after ${limit}: it hangs, or needs a longer --run-limit`);
  } finally {
    clearTimeout(timer);
  }
}

function orderOf({ name, planned, defect }: Task, out: string | null): RunOrder {
  const { form, seed, varied, command } = planned;
  return { scenario: name, form, seed, varied, defect, command, out };
}

const COMPLAINTS: Complaints = {
  cannotRun: cause => new ReplaybookError('internal', `a worker cannot be started: ${systemReason(cause)}`, {}, cause),
  noAnswer: (how, stderr) => new ReplaybookError('internal', `the worker ${how}${lastWords(stderr)}`),
};

/** Of what a dying process wrote the line that names the error; most of it is a stack. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map(line => line.trim());
  const telling =
    lines.find(line => /^(FATAL ERROR|[\w.]*Error\b)/.test(line)) ?? lines.filter(line => line !== '').at(-1);
  return telling === undefined ? '' : `: ${telling}`;
}
