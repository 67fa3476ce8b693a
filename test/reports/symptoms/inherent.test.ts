import { describe, expect, it } from 'vitest';
import { splitInherent } from '../../../reports/symptoms/inherent.ts';
import type { HotInterval } from '../../../reports/symptoms/symptom.ts';
import { S } from '../support.ts';

function hot(fromNs: number, toNs: number | null, changes: Partial<HotInterval> = {}): HotInterval {
  return { fromNs, toNs, side: 'bid', event: 1, why: '', instrument: 0, toEvent: 2, by: '', ...changes };
}

const GAPS = [[{ fromNs: 20 * S, toNs: 30 * S }]];

describe('inherent intervals', () => {
  it('takes out of both what the twin has in a gap or right after it', () => {
    const twin = [hot(30 * S, 30.2 * S)];
    const run = [hot(30 * S, 30.4 * S), hot(50 * S, 60 * S)];
    const split = splitInherent(run, twin, GAPS, 120 * S);
    expect(split.inherent).toEqual(twin);
    expect(split.twin).toEqual([]);
    expect(split.run).toEqual([run[1]]);
  });

  it('leaves to the run what the twin has not', () => {
    const run = [hot(30 * S, 30.4 * S)];
    expect(splitInherent(run, [], GAPS, 120 * S).run).toEqual(run);
    expect(splitInherent(run, [hot(30 * S, 31 * S, { side: 'ask' })], GAPS, 120 * S).run).toEqual(run);
  });

  it('holds against the twin what is outside gaps or outlasts them', () => {
    const split = splitInherent([], [hot(25 * S, 40 * S), hot(70 * S, null)], GAPS, 120 * S);
    expect(split.inherent).toMatchObject([{ fromNs: 25 * S, toNs: 35 * S }]);
    expect(split.twin).toMatchObject([
      { fromNs: 35 * S, toNs: 40 * S },
      { fromNs: 70 * S, toNs: null },
    ]);
  });

  it('lasts to the end where the gap, or what comes of it, does', () => {
    const open = [hot(118 * S, null)];
    const split = (toNs: number) => splitInherent(open, open, [[{ fromNs: 112 * S, toNs }]], 120 * S);
    expect(split(118.5 * S)).toEqual({ inherent: open, twin: [], run: [] });
    expect(split(115 * S)).toEqual({ inherent: open, twin: [], run: [] });
    expect(split(115 * S - 1).run).toEqual([hot(120 * S - 1, null)]);
  });
});
