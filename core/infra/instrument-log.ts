/** Log entries of one of several instruments carry its number; of a core with one they do not need it. */
import type { LogEntry } from '../evidence.ts';

/** Where `instrument` writes, of a core with so many `instruments`. */
export function logOf(
  instrument: number,
  instruments: number,
  log: (entry: LogEntry) => void,
): (entry: LogEntry) => void {
  if (instruments === 1) return log;
  return entry => {
    switch (entry.type) {
      case 'reconnection':
      case 'feed-staleness':
      case 'cycle-stopped':
      case 'cycle-resumed':
      case 'quotes-pulled':
      case 'quotes-left':
      case 'quote-gate':
      case 'anomaly':
      case 'warm-up':
      case 'risk':
      case 'position-zone':
      case 'side-empty':
      case 'events-pending':
      case 'order-rejected':
      case 'rejection-backoff':
      case 'fill':
      case 'orphan-fill':
      case 'position-adjusted':
        return log({ ...entry, instrument });
      default:
        return log(entry);
    }
  };
}
