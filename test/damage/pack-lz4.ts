/** Packs LZ4 frames for tests: a plain greedy packer, so that small files with matches can be made of any text. */
import { xxh32 } from '../../recordings/xxh32.ts';

const MIN_MATCH = 4;
/** The format wants literals at the end of a block. */
const LAST_LITERALS = 5;

/** One frame of independent 64 KiB blocks, with or without its checksums. The header's is always there. */
export function packLz4(content: Uint8Array, checksums: boolean): Buffer {
  const descriptor = Buffer.from([0x60 | (checksums ? 0x14 : 0), 0x40]);
  const parts = [u32(0x184d2204), descriptor, Buffer.from([(xxh32(descriptor) >>> 8) & 0xff])];
  for (let start = 0; start < content.length; start += 65_536) {
    const block = packBlock(content.subarray(start, start + 65_536));
    parts.push(u32(block.length), block);
    if (checksums) parts.push(u32(xxh32(block)));
  }
  parts.push(u32(0));
  if (checksums) parts.push(u32(xxh32(content)));
  return Buffer.concat(parts);
}

function packBlock(content: Uint8Array): Buffer {
  const out: number[] = [];
  const seen = new Map<string, number>();
  let literalsFrom = 0;
  let at = 0;
  while (at < content.length - LAST_LITERALS - MIN_MATCH) {
    const key = content.subarray(at, at + MIN_MATCH).join();
    const back = seen.get(key);
    seen.set(key, at);
    if (back === undefined) {
      at++;
      continue;
    }
    let length = MIN_MATCH;
    while (at + length < content.length - LAST_LITERALS && content[back + length] === content[at + length]) length++;
    sequence(out, content.subarray(literalsFrom, at), length - MIN_MATCH);
    const offset = at - back;
    // The offset stands between the literals and the longer match length.
    out.splice(out.length - extraBytes(length - MIN_MATCH), 0, offset & 0xff, offset >> 8);
    at += length;
    literalsFrom = at;
  }
  sequence(out, content.subarray(literalsFrom), 0);
  return Buffer.from(out);
}

/** Token, literals, and the bytes of the match's length. */
function sequence(out: number[], literals: Uint8Array, match: number): void {
  out.push((Math.min(15, literals.length) << 4) | Math.min(15, match));
  extra(out, literals.length);
  out.push(...literals);
  extra(out, match);
}

function extra(out: number[], length: number): void {
  if (length < 15) return;
  for (let left = length - 15; ; left -= 255) {
    out.push(Math.min(255, left));
    if (left < 255) return;
  }
}

function extraBytes(length: number): number {
  return length < 15 ? 0 : 1 + Math.floor((length - 15) / 255);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
