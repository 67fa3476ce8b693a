import { describe, expect, it } from 'vitest';
import type { LogEntry, SupervisorEvent } from '../../core/evidence.ts';
import { withoutChatter } from '../../sim/cli/story.ts';

function supervisor(atNs: number, event: SupervisorEvent): LogEntry {
  return {
    type: 'supervisor',
    atNs,
    event,
    timeSinceMarketDataNs: 0,
    timeSinceUserEventNs: 0,
    consecutiveStaleCount: 0,
    isReconnecting: false,
  };
}

function lost(atNs: number): LogEntry {
  return {
    type: 'reconnection',
    atNs,
    target: 'user',
    state: 'Disconnected',
    attempt: 0,
    backoffNs: 0,
    reason: 'closed',
  };
}

function recovery(atNs: number, orphansCancelled: number): LogEntry {
  const figures = { localPositionLots: 0, exchangePositionLots: 0, localOrders: 0, exchangeOrders: 0 };
  return { type: 'recovery', atNs, ...figures, orphansCancelled, staleLocalRemoved: 0 };
}

describe('the story of a run', () => {
  it.each<[string, LogEntry[], number[]]>([
    ['leaves out warnings that nothing followed from', [supervisor(1, 'UserEventStale'), supervisor(2, 'Healthy')], []],
    ['keeps one that does not end', [supervisor(1, 'UserEventStale')], [1]],
    [
      'keeps one that something followed from',
      [supervisor(1, 'UserEventStale'), supervisor(2, 'ReconnectRecommended'), supervisor(3, 'Healthy')],
      [1, 2, 3],
    ],
    [
      'keeps one in which a connection was lost',
      [supervisor(1, 'UserEventStale'), lost(2), supervisor(3, 'Healthy')],
      [1, 2, 3],
    ],
    ['keeps warnings of market data', [supervisor(1, 'MarketDataStale'), supervisor(2, 'Healthy')], [1, 2]],
    ['leaves out a recovery that had nothing to do', [recovery(1, 0), recovery(2, 1)], [2]],
  ])('%s', (_, entries, kept) => {
    expect(withoutChatter(entries).map(({ atNs }) => atNs)).toEqual(kept);
  });
});
