/** A line on a terminal's standard error while something takes longer than a second. */
import type { RunPlan, RunResult } from '../run-plan.ts';
import type { Io } from './io.ts';

/** What is driven through a run: `Simulation`. */
interface Runnable {
  runUntil(untilNs: number): void;
  run(): RunResult;
}

/** Runs to the end and says a hundred times on the way what share of the virtual time has passed. */
export function runInSteps(
  simulation: Runnable,
  { fromNs, toNs }: Pick<RunPlan, 'fromNs' | 'toNs'>,
  tick: (percent: number) => void,
): RunResult {
  for (let percent = 1; percent < 100; percent++) {
    simulation.runUntil(fromNs + Math.floor(((toNs - fromNs) * percent) / 100));
    tick(percent);
  }
  return simulation.run();
}

const AFTER_MS = 1_000;

/**
 * Does `work`, which runs in the foreground and calls `tick` now and then with what it is at. Nothing is shown in the first
 * second, and nothing at all where standard error is no terminal; the line is gone when the work is done. `say` writes to
 * standard error what is to stay there, in the place of the line.
 */
export async function withProgress<T>(
  io: Io,
  work: (tick: (text: string) => void, say: (text: string) => void) => T | Promise<T>,
): Promise<T> {
  if (!io.errIsTerminal)
    return work(
      () => {},
      text => io.err(text),
    );
  const startMs = performance.now();
  let shownMs = 0;
  let isShown = false;
  const tick = (text: string): void => {
    const nowMs = performance.now();
    if (nowMs - startMs < AFTER_MS || nowMs - shownMs < 100) return;
    shownMs = nowMs;
    isShown = true;
    io.err(`\r\u001b[K${text}`);
  };
  const clear = (): void => {
    if (isShown) io.err('\r\u001b[K');
    isShown = false;
  };
  const say = (text: string): void => {
    clear();
    io.err(text);
  };
  try {
    return await work(tick, say);
  } finally {
    clear();
  }
}
