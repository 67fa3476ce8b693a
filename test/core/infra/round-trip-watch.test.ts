import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../core/evidence.ts';
import { RoundTripWatch } from '../../../core/infra/round-trip-watch.ts';
import { NS_PER_MS, NS_PER_S } from '../../../core/scale.ts';

function watch() {
  const told: LogEntry[] = [];
  return { made: new RoundTripWatch(entry => told.push(entry)), told };
}

/** So many posts half a second apart, each answered after so long. */
function posts(made: RoundTripWatch, count: number, tookMs: number): void {
  for (let id = 1; id <= count; id++) {
    made.sent(id, id * 0.5 * NS_PER_S);
    made.answered(id, id * 0.5 * NS_PER_S + tookMs * NS_PER_MS);
  }
}

describe('the watch over round trips', () => {
  it.each([
    [9, 200, 0],
    [9, 201, 1],
    [8, 400, 0],
  ])('of %d posts that take %d ms tells %d times', (count, tookMs, times) => {
    const { made, told } = watch();
    posts(made, count, tookMs);
    made.check(6 * NS_PER_S);
    expect(told).toHaveLength(times);
  });

  it('tells every five seconds, and when it is over', () => {
    const { made, told } = watch();
    posts(made, 19, 300);
    for (let second = 6; second < 30; second++) made.check(second * NS_PER_S);
    const slow = told.map(entry => (entry.type === 'ws-roundtrip' ? [entry.atNs / NS_PER_S, entry.isSlow] : []));
    expect(slow).toEqual([
      [6, true],
      [11, true],
      [16, false],
    ]);
  });

  it('takes a burst for one post, and leaves out what was never answered', () => {
    const { made, told } = watch();
    for (let id = 1; id <= 8; id++) made.sent(id, NS_PER_S + id);
    for (let id = 1; id <= 8; id++) made.answered(id, 2 * NS_PER_S);
    for (let id = 11; id <= 18; id++) made.sent(id, id * 0.3 * NS_PER_S);
    made.check(6 * NS_PER_S);
    expect(told).toEqual([]);
  });

  it('goes on from a snapshot', () => {
    const one = watch();
    posts(one.made, 9, 300);
    const two = watch();
    two.made.restore(one.made.snapshot());
    two.made.check(6 * NS_PER_S);
    expect(two.told).toMatchObject([{ isSlow: true, medianUs: 300_000, samples: 9 }]);
  });
});
