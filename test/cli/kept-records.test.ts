/** What a process keeps of its runs, at the edges of the range. */
import { describe, expect, it } from 'vitest';
import { KeptRecords } from '../../sim/cli/kept-records.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('kept records', () => {
  it('are those of the range, of the run and the twin apart', () => {
    const records = new KeptRecords({ fromBlock: 2, blocks: 2 }, null);
    for (let block = 0; block < 6; block++) {
      records.take('twin', block, bytes(block));
      records.take('run', block, bytes(10 + block));
    }
    const kept = (phase: 'twin' | 'run'): (Uint8Array | null)[] =>
      [1, 2, 3, 4].map(block => records.block(phase, block));
    expect(kept('twin')).toEqual([null, bytes(2), bytes(3), null]);
    expect(kept('run')).toEqual([null, bytes(12), bytes(13), null]);
  });

  it('are copies: the digest goes on to use its memory', () => {
    const records = new KeptRecords({ fromBlock: 0, blocks: 1 }, null);
    const memory = bytes(1, 2);
    records.take('run', 0, memory);
    memory.fill(9);
    expect(records.block('run', 0)).toEqual(bytes(1, 2));
  });

  it('are none, but not unknown, where the run ended before', () => {
    const records = new KeptRecords({ fromBlock: 0, blocks: 3 }, null);
    records.take('run', 0, bytes(1));
    records.take('run', 1, bytes());
    expect([0, 1, 2, 3].map(block => records.block('run', block))).toEqual([bytes(1), bytes(), bytes(), null]);
  });

  it('of two runs that agree are held once, and each has its own from where they part', () => {
    const range = { fromBlock: 0, blocks: 4 };
    const first = new KeptRecords(range, null);
    for (const block of [0, 1, 2]) first.take('run', block, bytes(block));
    const second = new KeptRecords(range, first);
    for (const [block, value] of [0, 7, 8, 9].entries()) second.take('run', block, bytes(value));
    expect(second.block('run', 0)).toBe(first.block('run', 0));
    expect([1, 2, 3].map(block => second.block('run', block))).toEqual([bytes(7), bytes(8), bytes(9)]);
    expect([1, 2, 3].map(block => first.block('run', block))).toEqual([bytes(1), bytes(2), bytes()]);
  });
});
