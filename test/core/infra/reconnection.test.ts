import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionHealthMonitor, DEFAULT_RECONNECTION } from '../../../core/infra/reconnection.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { draws } from '../../support/draws.ts';
import { KeptLog } from './frames.ts';

/** `draws` are handed out in turn, then halves: no jitter. */
function monitor(draws: number[] = []) {
  const log = new KeptLog();
  const draw = () => draws.shift() ?? 0.5;
  return { log, monitor: new ConnectionHealthMonitor('market', DEFAULT_RECONNECTION, draw, log.write) };
}

describe('back-off', () => {
  it('tries at once after a loss, then after 1, 2, 4 … 32 s and never more than 60 s', () => {
    const { monitor: health } = monitor();
    health.connected(0);
    let nowNs = 100 * NS_PER_S;
    health.disconnected(nowNs, 'closed');
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      waits.push((health.nextAttemptNs - nowNs) / NS_PER_S);
      nowNs = health.nextAttemptNs;
      health.attempting(nowNs);
      health.disconnected(nowNs, 'refused');
    }
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('begins anew after a success', () => {
    const { monitor: health } = monitor();
    health.disconnected(0, 'closed');
    for (let i = 0; i < 5; i++) {
      health.attempting(0);
      health.disconnected(0, 'refused');
    }
    health.attempting(0);
    health.connected(0);
    expect(health).toMatchObject({ state: 'Connected', nextAttemptNs: Number.POSITIVE_INFINITY });
    health.disconnected(7, 'closed');
    expect(health.nextAttemptNs).toBe(7);
  });

  it('spreads each wait by a fifth either way, and draws only where there is a wait', () => {
    const draws = [0, 0.999_999_999, 0.25];
    const { monitor: health } = monitor(draws);
    health.disconnected(0, 'closed');
    expect(draws.length, 'the first attempt is not drawn for').toBe(3);
    health.attempting(0);
    health.disconnected(0, 'refused');
    expect(health.nextAttemptNs).toBe(0.8 * NS_PER_S);
    health.attempting(0);
    health.disconnected(0, 'refused');
    expect(health.nextAttemptNs / NS_PER_S).toBeCloseTo(2.4, 6);
    health.attempting(0);
    health.disconnected(0, 'refused');
    expect(health.nextAttemptNs).toBe(3.6 * NS_PER_S);
  });

  it('stays within its bounds whatever is drawn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (attempts, drawn) => {
          const log = new KeptLog();
          const health = new ConnectionHealthMonitor('user', DEFAULT_RECONNECTION, () => drawn, log.write);
          for (let i = 0; i < attempts; i++) {
            health.disconnected(0, 'closed');
            health.attempting(0);
          }
          health.disconnected(0, 'closed');
          expect(health.nextAttemptNs).toBeGreaterThanOrEqual(0.8 * NS_PER_S);
          expect(health.nextAttemptNs).toBeLessThanOrEqual(72 * NS_PER_S);
          expect(Number.isInteger(health.nextAttemptNs)).toBe(true);
        },
      ),
      draws(1, 200),
    );
  });
});

describe('states', () => {
  it('go round: connected, disconnected, reconnecting, connected', () => {
    const { log, monitor: health } = monitor();
    health.connected(1);
    health.disconnected(2, 'closed');
    health.attempting(3);
    health.disconnected(4, 'refused');
    health.attempting(5);
    health.connected(6);
    expect(log.of('reconnection').map(({ state, attempt, atNs }) => [state, attempt, atNs])).toEqual([
      ['Connected', 0, 1],
      ['Disconnected', 0, 2],
      ['Reconnecting', 1, 3],
      ['Disconnected', 1, 4],
      ['Reconnecting', 2, 5],
      ['Connected', 0, 6],
    ]);
    expect(log.of('reconnection')[3]).toMatchObject({ reason: 'refused', backoffNs: NS_PER_S });
  });

  it('never skip a step, and repeat nothing, whatever is called', () => {
    const calls = fc.array(fc.constantFrom('connected', 'disconnected', 'attempting', 'opened'), { maxLength: 50 });
    const follows = {
      Connected: ['Disconnected'],
      Disconnected: ['Reconnecting'],
      Reconnecting: ['Connected', 'Disconnected'],
    };
    fc.assert(
      fc.property(calls, names => {
        const { log, monitor: health } = monitor();
        let before: keyof typeof follows = health.state;
        for (const name of names) {
          if (name === 'connected') health.connected(0);
          else if (name === 'disconnected') health.disconnected(0, 'closed');
          else if (name === 'attempting') health.attempting(0);
          else health.opened(0);
          expect(health.nextAttemptNs < Number.POSITIVE_INFINITY).toBe(health.state === 'Disconnected');
        }
        for (const { state } of log.of('reconnection')) {
          // A second attempt while the first is not answered.
          if (!(before === 'Reconnecting' && state === 'Reconnecting')) expect(follows[before]).toContain(state);
          before = state;
        }
      }),
      draws(1, 300),
    );
  });

  it('come back from a snapshot', () => {
    const one = monitor().monitor;
    one.disconnected(5, 'closed');
    one.attempting(6);
    one.disconnected(7, 'refused');
    const two = monitor().monitor;
    two.restore(structuredClone(one.snapshot()));
    expect(two).toMatchObject({ state: 'Disconnected', attemptNs: 6, nextAttemptNs: 7 + NS_PER_S });
    two.attempting(8);
    two.disconnected(9, 'refused');
    expect(two.nextAttemptNs, 'the third attempt').toBe(9 + 2 * NS_PER_S);
    two.connected(10);
    const three = monitor().monitor;
    three.restore(structuredClone(two.snapshot()));
    expect(three).toMatchObject({ state: 'Connected', nextAttemptNs: Number.POSITIVE_INFINITY });
  });
});
