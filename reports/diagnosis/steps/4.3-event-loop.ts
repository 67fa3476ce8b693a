/**
 * Playbook 4.3: the event loop stands still. Its marks are messages that wait though there is little to do, handlers over 5 ms, and
 * quote cycles of which one stage takes nearly everything: what is slow there does not compute, it waits.
 *
 * Messages that wait for quote cycles that are slow as a whole are a consequence of those (4.1, 4.5).
 */
import type { LogEntry } from '../../../core/evidence.ts';
import {
  isLoopBlocked,
  isSustained,
  isWaiting,
  type Lag,
  lags,
  mainPart,
  microseconds,
  percent,
  slowCycles,
  slowestStage,
  slowPart,
  whoBlocked,
} from '../latency.ts';
import { seconds } from '../spells.ts';
import type { Step } from '../step.ts';

const TOLD = 3;

export const eventLoop: Step = {
  step: '4.3',
  look({ entries }) {
    const waits = lags(entries);
    const slow = slowCycles(entries);
    const waiting = slow.filter(isSustained).filter(cycle => isWaiting(slowPart(cycle)));
    const isCycleBlocked = isWaiting(mainPart(slow.filter(isSustained)));
    const blocked = waits.filter(isLoopBlocked).filter(lag => whoBlocked(lag) !== 'quoteCycle');
    const slowHandlers = handlersOf(entries);
    const evidence: string[] = [];
    if (isCycleBlocked) {
      evidence.push(
        ...waiting.slice(0, TOLD).map(cycle => {
          const stage = slowestStage(cycle);
          const isLog = slowPart(cycle) === 'log';
          const share = percent((isLog ? cycle.logUs : cycle.stagesUs[stage]) / cycle.us);
          const where = isLog ? 'in writing its log' : `in the stage ${stage}`;
          return `a quote cycle took ${microseconds(cycle.us)} at ${seconds(cycle.atNs)}, ${share} of it ${where}`;
        }),
      );
    }
    evidence.push(...slowHandlers.map(({ words }) => words));
    evidence.push(...(blocked.length > 0 ? blocked : waits).slice(0, TOLD).map(words));
    if (evidence.length === 0) return { step: '4.3', status: 'ok', score: 0, evidence };
    const causes = [...blocked, ...(isCycleBlocked ? waiting : [])];
    const times = (causes.length > 0 ? causes : [...waits, ...slowHandlers]).map(({ atNs }) => atNs);
    const found = { step: '4.3', evidence, firstEvidenceNs: Math.min(...times) };
    if (isCycleBlocked) {
      const resolution =
        'A stage of the quote cycle waits for something, a disk, a lock or a log: move it to a task in the background, off the way ' +
        'of a message.';
      return { ...found, status: 'cause', score: 0.92, resolution };
    }
    if (blocked.length === 0)
      return { ...found, status: 'handled', score: 0.3, resolution: 'Messages waited now and then.' };
    return { ...found, status: 'cause', score: 0.92, resolution: resolutionFor(blocked) };
  },
};

/** Slow handlers, the longest first, in sentences. */
function handlersOf(entries: readonly LogEntry[]): { atNs: number; us: number; words: string }[] {
  const found = new Map<string, { atNs: number; us: number; times: number }>();
  for (const entry of entries) {
    if (entry.type !== 'handler-slow') continue;
    const before = found.get(entry.handler);
    if (before === undefined) found.set(entry.handler, { atNs: entry.atNs, us: entry.us, times: 1 });
    else {
      before.us = Math.max(before.us, entry.us);
      before.times++;
    }
  }
  return [...found]
    .map(([handler, { atNs, times, us }]) => {
      const often = times === 1 ? 'once' : `told of ${times} times`;
      return {
        atNs,
        us,
        words: `the handler ${handler} took up to ${microseconds(us)}, first at ${seconds(atNs)}, ${often}`,
      };
    })
    .sort((a, b) => b.us - a.us);
}

function words(lag: Lag): string {
  const who = whoBlocked(lag);
  const why =
    who === 'outside'
      ? 'in which the core itself did next to nothing'
      : who === 'work'
        ? 'behind many other messages'
        : `of which ${who} took ${microseconds(lag.busiestUs)}`;
  return (
    `a message waited ${microseconds(lag.waitedUs)} until ${seconds(lag.atNs)}, ${why}; ${lag.late} of ${lag.messages} messages of ten ` +
    `seconds waited over 5 ms`
  );
}

function resolutionFor(blocked: readonly Lag[]): string {
  const of = (who: string): number => blocked.filter(lag => whoBlocked(lag) === who).length;
  if (2 * of('outside') >= blocked.length) {
    return 'Nothing that the core does took so long: see what else holds its CPU (memory collection, other processes, the host).';
  }
  const handler = blocked.map(whoBlocked).find(who => who !== 'outside' && who !== 'work') ?? 'many handlers';
  return `Profile ${handler}: look for anything in it that waits, and move it to a task in the background.`;
}
