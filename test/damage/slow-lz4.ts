/**
 * LZ4 frames decoded byte by byte, after doc/lz4_Frame_format.md and doc/lz4_Block_format.md of github.com/lz4/lz4. No checksum
 * is looked at: what comes out is what the file says, right or wrong.
 */

/** Null where the file is not a row of whole frames. */
export function unpackSlowly(file: Buffer): Buffer | null {
  try {
    return unpack(file);
  } catch {
    return null;
  }
}

function unpack(file: Buffer): Buffer {
  const content: number[] = [];
  let at = 0;
  while (at < file.length) {
    const magic = file.readUInt32LE(at);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      at += 8 + file.readUInt32LE(at + 4);
      if (at > file.length) throw new RangeError('a skippable frame is cut');
      continue;
    }
    if (magic !== 0x184d2204) throw new RangeError('no frame');
    const flags = file[at + 4];
    at += 7 + (flags & 8 ? 8 : 0);
    for (;;) {
      const word = file.readUInt32LE(at);
      at += 4;
      if (word === 0) break;
      const block = file.subarray(at, at + (word & 0x7fff_ffff));
      if (word >= 0x8000_0000) content.push(...block);
      else unpackBlock(block, content);
      at += (word & 0x7fff_ffff) + (flags & 16 ? 4 : 0);
    }
    at += flags & 4 ? 4 : 0;
  }
  return Buffer.from(content);
}

function unpackBlock(block: Buffer, content: number[]): void {
  let at = 0;
  const length = (nibble: number): number => {
    let sum = nibble;
    if (nibble < 15) return sum;
    let byte: number;
    do {
      byte = block.readUInt8(at++);
      sum += byte;
    } while (byte === 255);
    return sum;
  };
  for (;;) {
    const token = block.readUInt8(at++);
    for (let left = length(token >> 4); left > 0; left--) content.push(block.readUInt8(at++));
    if (at === block.length) return;
    const offset = block.readUInt16LE(at);
    at += 2;
    for (let left = length(token & 15) + 4; left > 0; left--) content.push(content[content.length - offset]);
  }
}
