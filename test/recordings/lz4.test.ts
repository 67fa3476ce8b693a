import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { decodeLz4, type Lz4Options } from '../../recordings/lz4.ts';
import { Xxh32, xxh32 } from '../../recordings/xxh32.ts';
import { damage, damaged } from '../damage/draws.ts';
import { ARCHIVE_HOUR, HAVE_DATA } from '../support/data.ts';

function decoded(file: Uint8Array, options?: Lz4Options): Buffer {
  const blocks: Buffer[] = [];
  for (const block of decodeLz4(file, options)) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks);
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

interface FrameSpec {
  blocks: Buffer[];
  content: Buffer;
  linked?: boolean;
  contentSize?: number;
}

/** A frame with every checksum, of 64 KiB blocks given as they stand in the file, with the bit for stored ones set. */
function frame({ blocks, content, linked = false, contentSize = content.length }: FrameSpec): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(contentSize));
  const descriptor = Buffer.concat([Buffer.from([0x40 | (linked ? 0 : 0x20) | 0x10 | 0x08 | 0x04, 0x40]), size]);
  const parts: Buffer[] = [u32(0x184d2204), descriptor, Buffer.from([(xxh32(descriptor) >>> 8) & 0xff])];
  for (const block of blocks) parts.push(block, u32(xxh32(block.subarray(4))));
  return Buffer.concat([...parts, u32(0), u32(xxh32(content))]);
}

const stored = (bytes: Buffer): Buffer => Buffer.concat([u32(bytes.length + 0x8000_0000), bytes]);
const compressed = (bytes: number[]): Buffer => Buffer.concat([u32(bytes.length), Buffer.from(bytes)]);
const text = (value: string): number[] => [...Buffer.from(value)];

describe('xxh32', () => {
  // Published test values of the reference implementation, seed 0.
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of %j is as published', (input, hash) => {
    expect(xxh32(Buffer.from(input))).toBe(hash);
  });

  it('does not depend on where the bytes lie in memory', () => {
    const bytes = Uint8Array.from({ length: 103 }, (_, i) => i * 7);
    for (let shift = 1; shift < 8; shift++) {
      const moved = new Uint8Array(200);
      moved.set(bytes, shift);
      expect(xxh32(moved.subarray(shift, shift + bytes.length))).toBe(xxh32(bytes));
    }
  });

  it('does not depend on how the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat({ max: 40 }), { maxLength: 8 }), (bytes, cuts) => {
        const hash = new Xxh32();
        let from = 0;
        for (const length of cuts) {
          hash.update(bytes.subarray(from, from + length));
          from = Math.min(bytes.length, from + length);
        }
        hash.update(bytes.subarray(from));
        expect(hash.digest()).toBe(xxh32(bytes));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('LZ4 frames', () => {
  it('hold stored blocks, literals, matches that overlap themselves, and long ones', () => {
    // "abc", then 20 bytes from 3 back; then literals only.
    const overlapping = compressed([0x3f, ...text('abc'), 3, 0, 1, 0x50, ...text('xyzzy')]);
    const content = Buffer.from(`${'abc'.repeat(8).slice(0, 23)}xyzzy`);
    expect(decoded(frame({ blocks: [overlapping], content })).toString()).toBe(content.toString());
    // 20 literals with a length byte, then 300 bytes of one.
    const long = compressed([0xff, 5, ...text('A'.repeat(20)), 1, 0, 255, 26, 0x10, ...text('z')]);
    const run = Buffer.from(`${'A'.repeat(320)}z`);
    expect(decoded(frame({ blocks: [long, stored(content)], content: Buffer.concat([run, content]) })).toString()).toBe(
      run.toString() + content.toString(),
    );
  });

  it('may be linked: matches reach into the block before', () => {
    const first = stored(Buffer.from('hello world, '));
    const second = compressed([0x09, 13, 0, 0x10, ...text('!')]);
    const content = Buffer.from('hello world, hello world, !');
    expect(decoded(frame({ blocks: [first, second], content, linked: true })).toString()).toBe(content.toString());
    expect(() => decoded(frame({ blocks: [first, second], content }))).toThrow('a match points before the beginning');
  });

  it('may follow each other, with skippable ones between', () => {
    const content = Buffer.from('frame');
    const one = frame({ blocks: [stored(content)], content });
    const skippable = Buffer.concat([u32(0x184d2a53), u32(3), Buffer.from('xxx')]);
    expect(decoded(Buffer.concat([skippable, one, skippable, one])).toString()).toBe('frameframe');
    expect(decoded(frame({ blocks: [], content: Buffer.alloc(0) })).length).toBe(0);
  });

  it('that claim more than there is are refused before memory is given', () => {
    const content = Buffer.from('frame');
    const good = frame({ blocks: [stored(content)], content });
    expect(() => decoded(frame({ blocks: [stored(content)], content, contentSize: 6 }))).toThrow('claims 6');
    const huge = Buffer.concat([u32(0x184d2a50), u32(0xffff_ffff)]);
    expect(() => decoded(huge)).toThrow('the file ends where a skippable frame lasts');
    const large = stored(Buffer.alloc(65_537));
    expect(() => decoded(frame({ blocks: [large], content }))).toThrow("more than the frame's 65536");
    expect(() => decoded(good, { maxOutputBytes: 4 })).toThrow('more than 4 bytes come out');
    expect(decoded(good, { maxOutputBytes: 5 }).length).toBe(5);
  });

  it('that expand a thousand times stay within the bound', () => {
    // 16 literals and then one match of as much as a 64 KiB block takes, again and again.
    const block = compressed([0x1f, 0x41, 1, 0, ...new Array(256).fill(255), 200, 0x00]);
    const bomb = Buffer.concat(Array.from({ length: 50 }, () => block));
    const file = frame({ blocks: [bomb], content: Buffer.alloc(0) });
    expect(() => decoded(file, { maxOutputBytes: 100_000 })).toThrow(ReplaybookError);
  });

  it.skipIf(!HAVE_DATA)('that are damaged give an error with the place, or what they gave before', () => {
    const file = readFileSync(ARCHIVE_HOUR).subarray(0);
    const content = decoded(file);
    let refused = 0;
    fc.assert(
      fc.property(damage, what => {
        try {
          expect(decoded(damaged(file, what)).equals(content)).toBe(true);
        } catch (error) {
          if (!(error instanceof ReplaybookError)) throw error;
          expect(error.code).toBe('format');
          expect(error.place.offset).toBeGreaterThanOrEqual(0);
          refused++;
        }
      }),
      { seed: 1, numRuns: 40 },
    );
    expect(refused).toBeGreaterThan(30);
  });
});
