import { describe, expect, it } from 'vitest';
import { QuoteCycleArena } from '../../../core/infra/arena.ts';
import {
  CYCLE_OVERHEAD_BYTES,
  DEFAULT_ARENA_CAPACITY,
  LADDER_LEVEL_BYTES,
  ORDER_SPEC_BYTES,
  QUOTE_BYTES,
} from '../../../core/infra/capacity.ts';

/** A cycle of 10 levels, 10 quotes and so many order specs. */
function cycle(arena: QuoteCycleArena, specs: number): void {
  arena.reset();
  arena.take(CYCLE_OVERHEAD_BYTES);
  arena.floats(10 * (LADDER_LEVEL_BYTES / 8), 10);
  arena.floats(10 * (QUOTE_BYTES / 8), 10);
  for (let spec = 0; spec < specs; spec++) arena.take(ORDER_SPEC_BYTES);
}

const arena = (capacityBytes = DEFAULT_ARENA_CAPACITY): QuoteCycleArena => new QuoteCycleArena({ capacityBytes });

describe('the arena of a quote cycle', () => {
  it.each([
    [20, 7_972, 0],
    [21, 8_177, 0],
    [22, 8_382, 1],
    [60, 16_172, 1],
    [62, 16_582, 2],
  ])('%d specs are %d bytes and %d overflow chunks', (specs, bytes, chunks) => {
    const one = arena();
    cycle(one, specs);
    expect(one.usedBytes).toBe(bytes);
    expect(one.overflowChunks).toBe(chunks);
    expect(one.allocations).toBe(21 + specs);
  });

  it('does not spill with the capacity doubled', () => {
    const one = arena(2 * DEFAULT_ARENA_CAPACITY);
    cycle(one, 22);
    expect(one.overflowChunks).toBe(0);
  });

  it('spills in every cycle that needs more, and not in the next that does not', () => {
    const one = arena();
    for (let round = 0; round < 3; round++) {
      cycle(one, 22);
      expect(one.overflowChunks).toBe(1);
    }
    cycle(one, 21);
    expect(one.overflowChunks).toBe(0);
  });

  it('keeps its chunk: the same bytes cycle after cycle', () => {
    const one = arena();
    one.floats(4, 1)[3] = 7;
    const { buffer } = one.chunk;
    cycle(one, 30);
    one.reset();
    expect(one.floats(4, 1)[3]).toBe(7);
    expect(one.chunk.buffer).toBe(buffer);
  });

  it('hands out what does not overlap', () => {
    const one = arena(64);
    const first = one.floats(4, 4);
    const second = one.floats(4, 4);
    const third = one.floats(20, 20);
    first.fill(1);
    second.fill(2);
    third.fill(3);
    expect([...first, ...second]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(one.overflowChunks).toBe(1);
    expect(third).toHaveLength(20);
  });
});

it('aligns numbers behind records of odd sizes', () => {
  const one = arena();
  one.take(ORDER_SPEC_BYTES);
  const numbers = one.floats(2, 2);
  expect(numbers.byteOffset).toBe(208);
  expect(one.usedBytes).toBe(ORDER_SPEC_BYTES + 16);
});
