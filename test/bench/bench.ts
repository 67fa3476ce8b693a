/** What a benchmark is: a figure, and a check that what was measured is right. */

export interface Measurement {
  /** What was measured, in the unit of the bench. */
  readonly value: number;
  /** The sample it is the best and the median of. */
  readonly samples: readonly number[];
  /** Sizes and the like: `4.9 M rows`. */
  readonly detail: string;
}

export interface Bench {
  readonly name: string;
  readonly unit: string;
  /** Which way is better. */
  readonly better: 'higher' | 'lower';
  /** What the project aims at, in the same unit. */
  readonly goal: number;
  /** Measures. Throws where the result is not right: a wrong answer has no speed. */
  run(): Promise<Measurement>;
}

/** Fails the bench where a result is not what it has to be. */
export function check(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)} where ${String(expected)} is right`);
}

/** Seconds that a call takes. */
export function secondsOf(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Repeats a measurement and takes the median, which a noisy machine moves least. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

export function measure(times: number, sample: () => number, detail: string): Measurement {
  const samples = Array.from({ length: times }, sample);
  return { value: median(samples), samples, detail };
}
