/**
 * What the core wrote, without what came to nothing, for a timeline that is read by people. In a quiet market nothing of
 * ours trades for minutes, and the supervisor says every time that user events are stale and then that all is well; the
 * diagnosis still counts them.
 */
import type { LogEntry } from '../../core/evidence.ts';

/** The entries in their order, without those that nothing followed from. */
export function withoutChatter(entries: readonly LogEntry[]): LogEntry[] {
  const idle = idleWarnings(entries);
  return entries.filter((entry, index) => !idle.has(index) && !isEmptyRecovery(entry));
}

function isEmptyRecovery(entry: LogEntry): boolean {
  return entry.type === 'recovery' && entry.orphansCancelled === 0 && entry.staleLocalRemoved === 0;
}

/** Indices of each `UserEventStale` after which the next thing said is `Healthy`, and no connection was lost, and of both. */
function idleWarnings(entries: readonly LogEntry[]): Set<number> {
  const idle = new Set<number>();
  let warned: number | null = null;
  for (const [index, entry] of entries.entries()) {
    if (entry.type === 'reconnection' && entry.state !== 'Connected') warned = null;
    if (entry.type !== 'supervisor') continue;
    if (entry.event === 'Healthy' && warned !== null) idle.add(warned).add(index);
    warned = entry.event === 'UserEventStale' ? index : null;
  }
  return idle;
}
