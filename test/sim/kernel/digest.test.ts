import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  BLOCK_RECORDS,
  DIGEST_FORMAT,
  DigestChain,
  RECORD_BYTES,
  RECORD_EVENT,
  RECORD_FILL,
  readRecord,
} from '../../../sim/kernel/digest.ts';

function fill(chain: DigestChain, records: number, from = 0): void {
  for (let index = from; index < from + records; index++) chain.record(RECORD_EVENT, index * 10, 1, 2, 3, 4, 5, index);
}

describe('DigestChain', () => {
  it('is the chain that the contract describes', () => {
    const chain = new DigestChain('sha256:tape');
    fill(chain, BLOCK_RECORDS + 3);
    const bytes = new Uint8Array((BLOCK_RECORDS + 3) * RECORD_BYTES);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < BLOCK_RECORDS + 3; index++) {
      const at = index * RECORD_BYTES;
      view.setFloat64(at, index * 10, true);
      view.setUint8(at + 8, RECORD_EVENT);
      view.setUint8(at + 9, 1);
      view.setUint16(at + 10, 2, true);
      view.setInt32(at + 12, 3, true);
      view.setInt32(at + 16, 4, true);
      view.setInt32(at + 20, 5, true);
      view.setFloat64(at + 24, index, true);
    }
    const h0 = createHash('sha256').update(`sha256:tape\n${DIGEST_FORMAT}`).digest();
    const h1 = createHash('sha256')
      .update(h0)
      .update(bytes.subarray(0, BLOCK_RECORDS * RECORD_BYTES))
      .digest();
    const end = createHash('sha256')
      .update(h1)
      .update(bytes.subarray(BLOCK_RECORDS * RECORD_BYTES))
      .digest('hex');
    expect(chain.blocks).toEqual([h1.toString('hex')]);
    expect(chain.value()).toBe(`sha256:${end}`);
    expect(chain.count).toBe(BLOCK_RECORDS + 3);
  });

  it('tells tapes, values and order apart, but not 0 from -0', () => {
    const digest = (tape: string, ...values: number[]): string => {
      const chain = new DigestChain(tape);
      for (const value of values) chain.record(RECORD_FILL, 0, 0, 0, 0, 0, 0, value);
      return chain.value();
    };
    expect(digest('a', 1, 2)).not.toBe(digest('b', 1, 2));
    expect(digest('a', 1, 2)).not.toBe(digest('a', 2, 1));
    expect(digest('a', 0)).toBe(digest('a', -0));
  });

  it('reads a record back, ids over 32 bits in two halves', () => {
    const told: Uint8Array[] = [];
    const chain = new DigestChain('t', (_, bytes) => told.push(bytes));
    const oid = 412_000_000_001;
    chain.recordWithId(RECORD_FILL, 123_456, 1, 7, 426_515, oid, 42);
    chain.tellOpenBlock();
    const record = readRecord(told[0], 0);
    expect(record).toMatchObject({ type: 'fill', atNs: 123_456, a: 1, b: 7, c: 426_515, x: 42 });
    expect((record.e >>> 0) * 4_294_967_296 + (record.d >>> 0)).toBe(oid);
  });

  it.each([0, 5])('tells every block, and the %i records it ended with', rest => {
    const told: { block: number; records: number; last: number | null }[] = [];
    const chain = new DigestChain('t', (block, bytes) => {
      const records = bytes.length / RECORD_BYTES;
      told.push({ block, records, last: records === 0 ? null : readRecord(bytes, records - 1).x });
    });
    fill(chain, 2 * BLOCK_RECORDS + rest);
    chain.tellOpenBlock();
    expect(told).toEqual([
      { block: 0, records: BLOCK_RECORDS, last: BLOCK_RECORDS - 1 },
      { block: 1, records: BLOCK_RECORDS, last: 2 * BLOCK_RECORDS - 1 },
      { block: 2, records: rest, last: rest === 0 ? null : 2 * BLOCK_RECORDS + rest - 1 },
    ]);
  });

  it('goes on the same after a snapshot was restored, wherever it was taken', () => {
    const whole = new DigestChain('t');
    fill(whole, 2_500);
    for (const at of [0, 1, 1_023, 1_024, 1_025, 2_048, 2_499]) {
      const first = new DigestChain('t');
      fill(first, at);
      const second = new DigestChain('t');
      second.restore(first.snapshot());
      fill(second, 2_500 - at, at);
      expect(second.value()).toBe(whole.value());
      expect(second.blocks).toEqual(whole.blocks);
    }
  });
});
