/** Faults as written in a scenario, checked against their registry and made into the plan of a run. */
import { BOOK_FEEDS, FEEDS, type Feed, MARKET_FEEDS } from '../core/market.ts';
import { CONNECTIONS, type Connection } from '../core/port.ts';
import type { Fault, FaultInfo } from '../sim/faults/plan.ts';
import { FAULTS } from '../sim/faults/registry.ts';
import type { Complaints, Path } from './complaints.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import type { FaultText } from './schema.ts';

/** What the registry says of a written fault. The schema has seen to it that the kind exists. */
export function infoOf(fault: FaultText): FaultInfo {
  const info = FAULTS.find(candidate => candidate.kind === fault.kind);
  if (info === undefined) throw new TypeError(`no fault ${fault.kind} in the registry`);
  return info;
}

/** Adds what does not hold, whatever the market: the target, and the shortest and longest length. */
export function checkFault(fault: FaultText, path: Path, complaints: Complaints): void {
  const info = infoOf(fault);
  if (fault.target === undefined) {
    complaints.add([...path, 'target'], `is missing: expected one of ${info.targets.join(', ')}`);
  } else if (!info.targets.includes(fault.target)) {
    const guess = didYouMean(fault.target, info.targets);
    complaints.add([...path, 'target'], `expected one of ${info.targets.join(', ')}${guess}`);
  }
  const length = parseDuration(fault.for);
  const { min, max } = info.forNs;
  if (length.ok && (length.ns < min || length.ns > max)) {
    complaints.add([...path, 'for'], `expected ${formatDuration(min)} to ${formatDuration(max)}`);
  }
}

/** The fault of a plan. The target has been checked. */
export function toFault(fault: FaultText, atNs: number, forNs: number): Fault {
  switch (fault.kind) {
    case 'feed-silence':
      return { kind: fault.kind, feeds: feedsOf(fault.target), atNs, forNs };
    case 'connection-close':
      return { kind: fault.kind, connection: connectionOf(fault.target), atNs, forNs };
  }
}

/** `all` market feeds, those of the `book`, or one. */
function feedsOf(target: string | undefined): readonly Feed[] {
  if (target === 'all') return MARKET_FEEDS;
  if (target === 'book') return BOOK_FEEDS;
  return FEEDS.filter(feed => feed === target);
}

function connectionOf(target: string | undefined): Connection {
  const connection = CONNECTIONS.find(name => name === target);
  if (connection === undefined) throw new TypeError(`no connection ${target}`);
  return connection;
}
