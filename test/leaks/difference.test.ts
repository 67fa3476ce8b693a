/** Where two runs part, at the edges of records and blocks. */
import { describe, expect, it } from 'vitest';
import { firstDifferingBlock, firstDifferingPath, firstDifferingRecord } from '../../sim/cli/difference.ts';
import { BLOCK_RECORDS, RECORD_BYTES } from '../../sim/kernel/digest.ts';

/** Records that differ in their times only. */
function records(...atNs: number[]): Buffer {
  const bytes = Buffer.alloc(atNs.length * RECORD_BYTES);
  for (const [index, time] of atNs.entries()) bytes.writeDoubleLE(time, index * RECORD_BYTES);
  return bytes;
}

describe('the first block', () => {
  it.each([
    [['a', 'b', 'c'], ['x', 'y', 'z'], 0],
    [['a', 'b', 'c'], ['a', 'y', 'z'], 1],
    [['a', 'b', 'c'], ['a', 'b', 'z'], 2],
    // The open block has no hash yet: it is the one after those that agree.
    [['a', 'b'], ['a', 'b'], 2],
    [['a', 'b'], ['a'], 1],
    [[], [], 0],
  ])('of %j and %j is %i', (a, b, block) => {
    expect(firstDifferingBlock(a, b)).toBe(block);
  });
});

describe('the first record', () => {
  it('is counted from the start of the run', () => {
    const found = firstDifferingRecord(3, records(1, 2, 3), records(1, 2, 4));
    expect(found).toMatchObject({ event: 3 * BLOCK_RECORDS + 2, a: { atNs: 3 }, b: { atNs: 4 } });
  });

  it('is nothing more where one run has ended', () => {
    expect(firstDifferingRecord(0, records(1), records(1, 2))).toMatchObject({ event: 1, a: null, b: { atNs: 2 } });
    expect(firstDifferingRecord(0, records(1), records())).toMatchObject({ event: 0, a: { atNs: 1 }, b: null });
  });

  it('is none in equal blocks', () => {
    expect(firstDifferingRecord(0, records(1, 2), records(1, 2))).toBeNull();
    expect(firstDifferingRecord(0, records(), records())).toBeNull();
  });
});

it('names the place in a verdict, and tells 0 from -0 and a missing key from a null', () => {
  const verdict = { checks: { named: ['2.3'], at: 0 } };
  expect(firstDifferingPath(verdict, structuredClone(verdict), '')).toBe('');
  expect(firstDifferingPath(verdict, { checks: { named: ['2.2'], at: 0 } }, '')).toBe('checks.named.0');
  expect(firstDifferingPath(verdict, { checks: { named: ['2.3'], at: -0 } }, '')).toBe('checks.at');
  expect(firstDifferingPath({ a: null }, {}, '')).toBe('a');
});
