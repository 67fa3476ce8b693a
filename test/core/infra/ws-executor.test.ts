import { describe, expect, it } from 'vitest';
import { DEFAULT_WS_POST, WsExecutor } from '../../../core/infra/ws-executor.ts';
import { milliseconds, seconds } from '../../support/script-host.ts';

function executor(maxLate = DEFAULT_WS_POST.maxLate): WsExecutor {
  return new WsExecutor({ ...DEFAULT_WS_POST, maxLate });
}

describe('posts', () => {
  it('have ids of their own, and nonces that grow with the time and never repeat', () => {
    const posts = executor();
    const first = posts.register(0, 'order', [1], [], seconds(2));
    const second = posts.register(0, 'cancel', [1], [], seconds(2));
    const third = posts.register(0, 'cancel', [1], [], seconds(3));
    expect([first.id, second.id, third.id]).toEqual([1, 2, 3]);
    expect([first.nonce, second.nonce, third.nonce]).toEqual([2_000, 2_001, 3_000]);
  });

  it('time out after exactly half a second', () => {
    const posts = executor();
    posts.register(0, 'order', [1], [], 0);
    expect(posts.nextTimeoutNs).toBe(milliseconds(500));
    expect(posts.expire(milliseconds(500) - 1)).toEqual([]);
    expect(posts.expire(milliseconds(500)).map(({ id }) => id)).toEqual([1]);
    expect(posts.nextTimeoutNs).toBe(Number.POSITIVE_INFINITY);
  });

  it('have one outcome: a reply is taken once, in time or late', () => {
    const posts = executor();
    posts.register(0, 'order', [1], [], 0);
    posts.register(0, 'order', [2], [], 0);
    expect(posts.takeInFlight(2)?.cloids).toEqual([2]);
    expect(posts.takeInFlight(2)).toBeNull();
    expect(posts.takeLate(2)).toBeNull();
    expect(posts.expire(seconds(1)).map(({ id }) => id)).toEqual([1]);
    expect(posts.takeInFlight(1)).toBeNull();
    expect(posts.takeLate(1)?.cloids).toEqual([1]);
    expect(posts.takeLate(1)).toBeNull();
  });

  it('all time out with their connection', () => {
    const posts = executor();
    posts.register(0, 'order', [1], [], 0);
    posts.register(0, 'batchModify', [1], [2], 0);
    expect(posts.connectionClosed().map(({ id }) => id)).toEqual([1, 2]);
    expect(posts.nextTimeoutNs).toBe(Infinity);
    expect(posts.connectionClosed()).toEqual([]);
  });

  it('are forgotten, oldest first, when too many are late', () => {
    const posts = executor(2);
    for (let cloid = 1; cloid <= 3; cloid++) posts.register(0, 'order', [cloid], [], 0);
    posts.connectionClosed();
    expect(posts.takeLate(1)).toBeNull();
    expect(posts.takeLate(3)?.id).toBe(3);
  });

  it('go on after a restore', () => {
    const posts = executor();
    posts.register(3, 'order', [1], [], seconds(9));
    posts.register(3, 'order', [2], [], seconds(10));
    posts.expire(seconds(9.5));
    const other = executor();
    other.restore(structuredClone(posts.snapshot()));
    expect(other.snapshot()).toEqual(posts.snapshot());
    expect(other.takeLate(1)?.instrument).toBe(3);
    expect(other.register(0, 'cancel', [], [], 0)).toMatchObject({ id: 3, nonce: 10_001 });
  });
});
