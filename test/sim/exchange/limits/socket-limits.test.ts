import { describe, expect, it } from 'vitest';
import { NS_PER_S } from '../../../../core/scale.ts';
import { DEFAULT_LIMITS, type LimitSettings } from '../../../../sim/exchange/limits/settings.ts';
import { SocketLimits } from '../../../../sim/exchange/limits/socket-limits.ts';
import { decodeState, encodeState } from '../../../../sim/kernel/codec.ts';

const limits = (settings: Partial<LimitSettings> = {}) => new SocketLimits({ ...DEFAULT_LIMITS, ...settings });

describe('SocketLimits (hyperliquid, sections 1.2 and 1.3)', () => {
  it('takes 10 connections', () => {
    expect(limits().connect(0, 9)).toBe(true);
    expect(limits().connect(0, 10)).toBe(false);
  });

  it('takes 30 new connections a minute; those refused do not count', () => {
    const sockets = limits();
    for (let second = 0; second < 30; second++) expect(sockets.connect(second * NS_PER_S, 0)).toBe(true);
    expect(sockets.connect(30 * NS_PER_S, 0)).toBe(false);
    expect(sockets.connect(60 * NS_PER_S - 1, 0)).toBe(false);
    expect(sockets.connect(60 * NS_PER_S, 0)).toBe(true);
    expect(sockets.connect(60 * NS_PER_S, 0)).toBe(false);
  });

  it('takes 2,000 messages a minute', () => {
    const sockets = limits();
    for (let count = 0; count < 2_000; count++) expect(sockets.message(0)).toBeNull();
    expect(sockets.message(60 * NS_PER_S - 1)).toBe('Cannot send more than 2000 messages per minute.');
    expect(sockets.message(60 * NS_PER_S)).toBeNull();
  });

  it('takes 1,000 subscriptions', () => {
    expect(limits().subscription({ subscriptions: 999, users: 0 }, 0)).toBeNull();
    expect(limits().subscription({ subscriptions: 1_000, users: 0 }, 0)).toBe(
      'Cannot subscribe to more than 1000 channels.',
    );
  });

  it('tracks 15 accounts, as the server does; a further stream of one that is tracked is no new one', () => {
    expect(limits().subscription({ subscriptions: 0, users: 14 }, 1)).toBeNull();
    expect(limits().subscription({ subscriptions: 0, users: 15 }, 0)).toBeNull();
    expect(limits().subscription({ subscriptions: 0, users: 15 }, 1)).toBe('Cannot track more than 15 total users.');
    expect(limits({ users: 10 }).subscription({ subscriptions: 0, users: 10 }, 1)).toBe(
      'Cannot track more than 10 total users.',
    );
  });

  it('takes 100 posts that are not answered, and the next when one is', () => {
    const sockets = limits();
    for (let id = 1; id <= 100; id++) expect(sockets.postSent(id)).toBeNull();
    expect(sockets.postSent(101)).toBe('too many pending post requests id=101');
    sockets.postAnswered();
    expect(sockets.postSent(102)).toBeNull();
    expect(sockets.postSent(103)).not.toBeNull();
    sockets.postsDropped();
    expect(sockets.postSent(104)).toBeNull();
  });

  it('comes back as it was', () => {
    const sockets = limits({ newConnectionsPerMinute: 1, messagesPerMinute: 1, inFlightPosts: 1 });
    sockets.connect(5, 0);
    sockets.message(6);
    sockets.postSent(1);
    const restored = limits({ newConnectionsPerMinute: 1, messagesPerMinute: 1, inFlightPosts: 1 });
    restored.restore(decodeState(encodeState(sockets.snapshot())));
    expect(restored.connect(60 * NS_PER_S + 4, 0)).toBe(false);
    expect(restored.message(60 * NS_PER_S + 5)).not.toBeNull();
    expect(restored.postSent(2)).not.toBeNull();
    expect(restored.connect(60 * NS_PER_S + 5, 0)).toBe(true);
  });
});
