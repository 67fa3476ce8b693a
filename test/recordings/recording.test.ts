import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importFile } from '../../recordings/importers/import.ts';
import { RecordingWriter } from '../../recordings/recorder.ts';
import { type RecordedFrame, RecordingReader } from '../../recordings/recording.ts';
import { FLAG_BACKLOG } from '../../recordings/tape.ts';
import { HAVE_DATA, WS_CAPTURE } from '../support/data.ts';
import { formatError, tempFolder } from './support.ts';

const folder = tempFolder();
const ORIGIN = '1737918843893903000';
const options = { venue: 'hyperliquid', originNs: ORIGIN, note: 'test' } as const;
let files = 0;

function newPath(): string {
  return `${folder}/${files++}.recording`;
}

function write(path: string, texts: string[]): void {
  const writer = new RecordingWriter(path, options);
  for (const [i, text] of texts.entries()) {
    writer.append(i * 1_000, 0, i % 2 === 0 ? 'in' : 'out', Buffer.from(text));
  }
  writer.close();
}

function read(path: string): { frames: RecordedFrame[]; tornTailBytes: number } {
  const reader = new RecordingReader(path);
  const frames: RecordedFrame[] = [];
  try {
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      frames.push({ ...frame, bytes: Buffer.from(frame.bytes) });
    }
    return { frames, tornTailBytes: reader.tornTailBytes };
  } finally {
    reader.close();
  }
}

const texts = (path: string): string[] => read(path).frames.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));

describe('a recording', () => {
  it('gives back every frame byte for byte, whatever the bytes are', () => {
    const frame = fc.record({
      recvNs: fc.maxSafeNat(),
      connection: fc.nat({ max: 0xffff_ffff }),
      direction: fc.constantFrom('in' as const, 'out' as const),
      bytes: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), frames => {
        const path = newPath();
        const writer = new RecordingWriter(path, options);
        for (const { recvNs, connection, direction, bytes } of frames)
          writer.append(recvNs, connection, direction, bytes);
        writer.close();
        expect(read(path)).toEqual({ frames, tornTailBytes: 0 });
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('keeps its header', () => {
    const path = newPath();
    write(path, []);
    const reader = new RecordingReader(path);
    expect(reader.header).toEqual({ version: 1, ...options });
    expect(reader.next()).toBeNull();
    reader.close();
  });

  it('loses the last frame only, wherever it is cut', () => {
    const path = newPath();
    write(path, ['one', 'two']);
    const end = statSync(path).size;
    append(path, 'three');
    const whole = readFileSync(path);
    for (let cut = end; cut < whole.length; cut++) {
      writeFileSync(path, whole.subarray(0, cut));
      expect(read(path)).toMatchObject({ frames: [{}, {}], tornTailBytes: cut - end });
    }
  });

  it('goes on after a torn tail, which the writer removes and tells of', () => {
    const path = newPath();
    write(path, ['one', 'two', 'three']);
    truncateSync(path, statSync(path).size - 2);
    const writer = new RecordingWriter(path, { ...options, originNs: '5', sync: true });
    expect(writer.removedTailBytes).toBeGreaterThan(2);
    expect([writer.frames, writer.originNs]).toEqual([2, ORIGIN]);
    writer.append(9, 1, 'in', Buffer.from('four'));
    writer.close();
    expect(texts(path)).toEqual(['one', 'two', 'four']);
  });

  it('takes zeros that a loss of power left for a torn tail', () => {
    const path = newPath();
    write(path, ['one']);
    appendFileSync(path, Buffer.alloc(100));
    expect(read(path)).toMatchObject({ frames: [{}], tornTailBytes: 100 });
  });

  it('that is damaged before its end says where, and is left alone by the writer', async () => {
    const path = newPath();
    write(path, ['one', 'two', 'three']);
    const bytes = readFileSync(path);
    const at = bytes.indexOf('two');
    bytes[at] ^= 1;
    writeFileSync(path, bytes);
    const error = await formatError(() => read(path));
    expect(error.message).toMatch(/checksum of a frame differs \(byte \d+, frame 1\)/);
    expect(error.place.offset).toBeLessThan(at);
    await formatError(() => new RecordingWriter(path, options));
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('with a damaged length is not taken for one that ends there', async () => {
    const path = newPath();
    write(path, ['one', 'two', 'three']);
    const bytes = readFileSync(path);
    // The length of the second frame: 12 bytes of head and some of msgpack stand before the text.
    const head = bytes.indexOf('two') - 12 - 7;
    for (let i = head; i < head + 8; i++) {
      const changed = Buffer.from(bytes);
      changed[i] ^= 0x40;
      writeFileSync(path, changed);
      expect((await formatError(() => read(path))).message).toMatch(/checksum of a (length|frame) differs/);
    }
  });

  it('of another venue is not written to', async () => {
    const path = newPath();
    write(path, ['one']);
    const error = await formatError(() => new RecordingWriter(path, { ...options, venue: 'binance' }));
    expect(error.message).toContain('is a recording of hyperliquid, not of binance');
  });
});

function append(path: string, text: string): void {
  const writer = new RecordingWriter(path, options);
  writer.append(7, 0, 'in', Buffer.from(text));
  writer.close();
}

describe.skipIf(!HAVE_DATA)('a recording of the websocket capture', () => {
  it('makes the same tape as the capture, with a backlog for each connection', async () => {
    const lines = gunzipSync(readFileSync(WS_CAPTURE)).toString('latin1').trimEnd().split('\n');
    const path = newPath();
    const writer = new RecordingWriter(path, options);
    writer.append(0, 0, 'out', Buffer.from('{"method":"subscribe"}'));
    for (const line of lines) {
      const recvNs = Number(BigInt(line.slice(0, 19)) - BigInt(ORIGIN));
      writer.append(recvNs, 0, 'in', Buffer.from(line.slice(20)));
    }
    writer.close();
    const { tape, report } = await importFile(path);
    expect(tape.identity).toBe((await importFile(WS_CAPTURE)).tape.identity);
    expect(report).toMatchObject({ format: 'recording', lines: 56, frames: 55, ignored: { out: 1 }, tornTailBytes: 0 });

    const again = new RecordingWriter(path, options);
    for (const line of lines) again.append(60_000_000_000, 1, 'in', Buffer.from(line.slice(20)));
    again.close();
    const twice = (await importFile(path)).tape.frames.flags;
    expect(twice.filter(flags => flags === FLAG_BACKLOG).length).toBe(2);
  });
});
