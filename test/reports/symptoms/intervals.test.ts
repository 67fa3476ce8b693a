import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, intersect, overlap, type Span, subtract, union } from '../../../reports/symptoms/intervals.ts';
import { draws } from '../../support/draws.ts';

const END = 60;
const span = fc
  .record({ fromNs: fc.nat(40), length: fc.nat(15), isOpen: fc.boolean() })
  .map(({ fromNs, length, isOpen }): Span => ({ fromNs, toNs: isOpen && length > 13 ? null : fromNs + length }));
const spans = fc.array(span, { maxLength: 8 });
const RUNS = draws(1, 500);

const MOMENTS = Array.from({ length: END }, (_, ns) => ns);

function covers(list: readonly Span[], ns: number): boolean {
  return list.some(s => s.fromNs <= ns && ns < endOf(s));
}

/** The moments that a list covers. */
function covered(list: readonly Span[]): number[] {
  return MOMENTS.filter(ns => covers(list, ns));
}

describe('intervals', () => {
  it('makes unions of the same moments, disjoint and in order', () => {
    fc.assert(
      fc.property(spans, list => {
        const merged = union(list);
        expect(covered(merged)).toEqual(covered(list));
        expect(merged.every((s, i) => i === 0 || s.fromNs > endOf(merged[i - 1]))).toBe(true);
      }),
      RUNS,
    );
  });

  it('subtracts moment by moment', () => {
    fc.assert(
      fc.property(spans, spans, (list, holes) => {
        const left = subtract(list, holes);
        expect(covered(left)).toEqual(covered(list).filter(ns => !covers(holes, ns)));
        expect(left.every(piece => piece.fromNs < endOf(piece))).toBe(true);
      }),
      RUNS,
    );
  });

  it('splits every span between what is inside and what is outside', () => {
    fc.assert(
      fc.property(spans, spans, (list, windows) => {
        const inside = intersect(list, windows);
        expect(covered(inside)).toEqual(covered(list).filter(ns => covers(windows, ns)));
        expect(union([...inside, ...subtract(list, windows)])).toEqual(union(list));
      }),
      RUNS,
    );
  });

  it('does not overlap where spans only touch', () => {
    expect(overlap({ fromNs: 0, toNs: 5 }, { fromNs: 5, toNs: 9 })).toBe(false);
    expect(overlap({ fromNs: 0, toNs: 6 }, { fromNs: 5, toNs: 9 })).toBe(true);
    expect(overlap({ fromNs: 0, toNs: null }, { fromNs: 5, toNs: 9 })).toBe(true);
  });

  it('keeps what an item says in each of its pieces', () => {
    const item = { fromNs: 0, toNs: null, why: 'silence' };
    expect(subtract([item], [{ fromNs: 3, toNs: 5 }])).toEqual([
      { fromNs: 0, toNs: 3, why: 'silence' },
      { fromNs: 5, toNs: null, why: 'silence' },
    ]);
  });
});
