/** Files of some MB out of which 10 GB would come: refused, and with little memory. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importFile } from '../../recordings/importers/import.ts';
import { xxh32 } from '../../recordings/xxh32.ts';
import { formatError, tempFolder } from '../recordings/support.ts';
import { WS_TEXT } from './inputs.ts';
import { withinMemory } from './memory.ts';
import { u32 } from './pack-lz4.ts';

const folder = tempFolder();
const BOMB_BYTES = 10_000_000_000;
const PIECE_BYTES = 4_194_304;
const END_OF_FRAME = u32(0);

const line = WS_TEXT.subarray(0, WS_TEXT.indexOf('\n') + 1);
const filled = (text: string | Buffer): Buffer => Buffer.alloc(PIECE_BYTES, text);
/** Whole lines, one after the other, up to a piece. */
const lines = Buffer.concat(Array.from({ length: Math.floor(PIECE_BYTES / line.length) }, () => line));

/** Writes a head and then the same bytes again and again, so that all the content is never in memory. */
function write(name: string, head: Buffer, piece: Buffer, times: number, tail: Buffer): string {
  const path = `${folder}/${name}`;
  const file = openSync(path, 'w');
  writeSync(file, head);
  for (let i = 0; i < times; i++) writeSync(file, piece);
  writeSync(file, tail);
  closeSync(file);
  return path;
}

/** gzip members, one after the other. */
function gzipBomb(head: Buffer, piece: Buffer): string {
  return write('bomb.gz', gzipSync(head), gzipSync(piece), Math.ceil(BOMB_BYTES / piece.length), Buffer.alloc(0));
}

/** One LZ4 frame of 4 MiB blocks, each a stored `unit` that a single match repeats to the end. */
function lz4Bomb(head: Buffer, unit: Buffer): string {
  const descriptor = Buffer.from([0x60, 0x70]);
  const start = [u32(0x184d2204), descriptor, Buffer.from([(xxh32(descriptor) >>> 8) & 0xff])];
  if (head.length > 0) start.push(u32(head.length + 0x8000_0000), head);
  const match = Math.floor(PIECE_BYTES / unit.length - 1) * unit.length;
  const block = Buffer.concat([
    Buffer.from([0xff, ...lengthBytes(unit.length - 15)]),
    unit,
    Buffer.from([unit.length & 0xff, unit.length >> 8]),
    Buffer.from(lengthBytes(match - 4 - 15)),
    Buffer.from([0]),
  ]);
  const piece = Buffer.concat([u32(block.length), block]);
  return write('bomb.lz4', Buffer.concat(start), piece, Math.ceil(BOMB_BYTES / PIECE_BYTES), END_OF_FRAME);
}

function lengthBytes(length: number): number[] {
  return [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255];
}

const NOTHING = Buffer.alloc(0);

describe('a file out of which 10 GB would come is refused', () => {
  it.each<[string, () => string, RegExp]>([
    ['gzip, zeros', () => gzipBomb(NOTHING, filled('\0')), /not a recording of any known format/],
    ['gzip, a good line and then zeros', () => gzipBomb(line, filled('\0')), /line 2 is longer than \d+ bytes/],
    ['gzip, a good line and then empty ones', () => gzipBomb(line, filled('\n')), /most lines are not in the format/],
    ['gzip, a good line and then brackets', () => gzipBomb(line, filled('[')), /line 2 is longer than \d+ bytes/],
    ['gzip, good lines only', () => gzipBomb(NOTHING, lines), /more than 200 times what went in comes out/],
    ['LZ4, zeros', () => lz4Bomb(NOTHING, Buffer.alloc(64)), /not a recording of any known format/],
    ['LZ4, a good line and then zeros', () => lz4Bomb(line, Buffer.alloc(64)), /line 2 is longer than \d+ bytes/],
    ['LZ4, good lines only', () => lz4Bomb(NOTHING, line), /more than 200 times what went in comes out/],
  ])('%s', async (_, make, message) => {
    const path = make();
    await withinMemory(async () => {
      const error = await formatError(() => importFile(path));
      expect(error.message).toMatch(message);
      expect(error.place.file).toBe(path);
    });
  });
});
