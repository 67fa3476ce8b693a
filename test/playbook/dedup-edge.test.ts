/** Boundary oracle of playbook 3.3: a fill told again is caught after 9,999 newer ids and missed after 10,000. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_DEDUP_CAPACITY, FillDeduplicator } from '../../core/fills/dedup.ts';

describe('the deduplicator', () => {
  it.each([
    [9_999, false],
    [10_000, true],
  ])('after %i newer ids takes an old one for new: %s', (newer, isNew) => {
    const dedup = new FillDeduplicator(DEFAULT_DEDUP_CAPACITY);
    expect(dedup.markProcessed(1)).toBe(true);
    for (let tid = 2; tid <= newer + 1; tid++) dedup.markProcessed(tid);
    expect(dedup.markProcessed(1)).toBe(isNew);
  });
});
