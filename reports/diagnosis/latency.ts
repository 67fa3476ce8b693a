/**
 * Where time was lost, derived from what the core wrote: slow quote cycles and which part of them was slow, and messages that waited
 * and for what (playbook 4.1: "if the quote cycle is high, drill into steps 2 to 5").
 */
import { CYCLE_STAGES, type CycleStage, type LogEntry } from '../../core/evidence.ts';

export type SlowCycle = Extract<LogEntry, { type: 'quote-cycle-slow' }>;
export type Lag = Extract<LogEntry, { type: 'event-loop-lag' }>;

/** The part of a cycle that took its time: its log, one stage that waits, the models, or all parts in their usual proportions. */
export type SlowPart = 'log' | 'stage' | 'model' | 'all';

/** Playbook 4.1: three slow cycles, and more than one in a hundred, are no outlier. The same share of late messages. */
const SLOW_CYCLES = 3;
const TOO_MANY_PERCENT = 1;
/** What takes so much of a cycle is what makes it slow; a stage of a right core never takes more than half. */
const MOST_OF_A_CYCLE = 0.8;
const HALF = 0.5;
/** Playbook 4.1 and 4.5: a cycle over 1 ms is slow, and 100 µs for the ten levels of its budget are 10 µs a level. */
const WARNING_US = 1_000;
export const LEVEL_BUDGET_US = 10;

/** What took the time of a slow cycle. */
export function slowPart(cycle: SlowCycle): SlowPart {
  const { levels, logUs, modelUs, stagesUs, us } = cycle;
  if (logUs >= HALF * us) return 'log';
  if (modelUs >= HALF * us) return 'model';
  // At an ordinary pace, for more levels than can be computed in time.
  if (modelUs > WARNING_US && modelUs <= LEVEL_BUDGET_US * levels) return 'model';
  return stagesUs[slowestStage(cycle)] >= MOST_OF_A_CYCLE * us ? 'stage' : 'all';
}

export function slowestStage({ stagesUs }: SlowCycle): CycleStage {
  return CYCLE_STAGES.reduce((slowest, stage) => (stagesUs[stage] > stagesUs[slowest] ? stage : slowest));
}

/** All reports of slow cycles. */
export function slowCycles(entries: readonly LogEntry[]): SlowCycle[] {
  return entries.filter(entry => entry.type === 'quote-cycle-slow').filter(({ level }) => level !== 'normal');
}

/** Whether so many cycles were slow within ten seconds that it was no outlier. */
export function isSustained({ cycles, slowCycles: slow }: SlowCycle): boolean {
  return slow >= SLOW_CYCLES && 100 * slow > TOO_MANY_PERCENT * cycles;
}

/** What most of the reports say that the time was lost in; null where there are none. */
export function mainPart(cycles: readonly SlowCycle[]): SlowPart | null {
  const of = (part: SlowPart): number => cycles.filter(cycle => slowPart(cycle) === part).length;
  if (cycles.length === 0) return null;
  const parts = ['log', 'stage', 'model', 'all'] as const;
  return parts.reduce((most, part) => (of(part) > of(most) ? part : most));
}

/** Whether the time is lost in waiting, not in computing. */
export function isWaiting(part: SlowPart | null): boolean {
  return part === 'log' || part === 'stage';
}

export function lags(entries: readonly LogEntry[]): Lag[] {
  return entries.filter(entry => entry.type === 'event-loop-lag');
}

/** Whether more than one message in a hundred waited too long. */
export function isLoopBlocked({ late, messages }: Lag): boolean {
  return 100 * late > TOO_MANY_PERCENT * messages;
}

/** Who kept the loop busy: a handler or the quote cycle, many small pieces of work, or nothing that the core does itself. */
export function whoBlocked({ busiest, busiestUs, waitedUs, workUs }: Lag): string | 'work' | 'outside' {
  if (busiestUs >= HALF * waitedUs) return busiest;
  return workUs >= HALF * waitedUs ? 'work' : 'outside';
}

/** `1,234 µs`, or in milliseconds where that is easier to read. */
export function microseconds(us: number): string {
  return us >= 10_000 ? `${Math.round(us / 1_000)} ms` : `${Math.round(us)} µs`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
