import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FillDeduplicator } from '../../../core/fills/dedup.ts';
import { draws } from '../../support/draws.ts';

describe('the edge of memory', () => {
  it('a fill is caught after 9,999 newer ones and missed after 10,000', () => {
    const dedup = new FillDeduplicator();
    dedup.markProcessed(1);
    for (let tid = 2; tid <= 10_000; tid++) expect(dedup.markProcessed(tid)).toBe(true);
    expect(dedup.markProcessed(1)).toBe(false);
    expect(dedup.markProcessed(10_001)).toBe(true);
    expect(dedup.markProcessed(2)).toBe(false);
    expect(dedup.markProcessed(1), 'missed by design').toBe(true);
    expect(dedup.snapshot()).toHaveLength(10_000);
  });

  it('a duplicate does not make an id younger', () => {
    const dedup = new FillDeduplicator(2);
    dedup.markProcessed(1);
    dedup.markProcessed(2);
    dedup.markProcessed(1);
    dedup.markProcessed(3);
    expect(dedup.snapshot()).toEqual(Float64Array.of(2, 3));
  });
});

it('holds trade ids of 50 bits apart', () => {
  const dedup = new FillDeduplicator();
  const tid = 1_125_899_906_842_623;
  dedup.markProcessed(tid);
  expect(dedup.markProcessed(tid - 1)).toBe(true);
  expect(dedup.markProcessed(tid)).toBe(false);
});

it('remembers exactly the newest ids, and goes on after a restore as it would have', () => {
  const tids = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 200 });
  fc.assert(
    fc.property(tids, fc.integer({ min: 1, max: 12 }), fc.nat(200), (ids, capacity, cut) => {
      let dedup = new FillDeduplicator(capacity);
      let remembered: number[] = [];
      for (const [index, tid] of ids.entries()) {
        if (index === cut) {
          const state = structuredClone(dedup.snapshot());
          expect(state).toEqual(Float64Array.from(remembered));
          dedup = new FillDeduplicator(capacity);
          dedup.restore(state);
        }
        const isNew = !remembered.includes(tid);
        expect(dedup.markProcessed(tid)).toBe(isNew);
        if (isNew) remembered = [...remembered, tid].slice(-capacity);
      }
      expect(dedup.snapshot()).toEqual(Float64Array.from(remembered));
    }),
    draws(1, 300),
  );
});

it('tells whether an id was processed, and remembers nothing by being asked', () => {
  const dedup = new FillDeduplicator(2);
  expect(dedup.isDuplicate(7)).toBe(false);
  expect(dedup.isDuplicate(7)).toBe(false);
  dedup.markProcessed(7);
  expect(dedup.isDuplicate(7)).toBe(true);
  dedup.markProcessed(8);
  dedup.markProcessed(9);
  expect(dedup.isDuplicate(7)).toBe(false);
});
