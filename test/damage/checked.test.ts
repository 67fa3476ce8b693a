/**
 * Formats with a checksum, damaged: a typed error that says where, or, where the damage strikes nothing that counts, what was
 * there before. With the checksum made again after the damage, so that it gets past: a typed error, or something sound.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../core/errors.ts';
import { importFile } from '../../recordings/importers/import.ts';
import { decodeLz4 } from '../../recordings/lz4.ts';
import { RecordingWriter } from '../../recordings/recorder.ts';
import { RecordingReader } from '../../recordings/recording.ts';
import { footerStart } from '../../recordings/seal.ts';
import { checkTape } from '../../recordings/tape-check.ts';
import { readTape, writeTape } from '../../recordings/tape-file.ts';
import { writeRawRecording } from '../../recordings/wire/raw-recording.ts';
import { sampleTape } from '../../sim/cli/sample-tape.ts';
import { encodeState } from '../../sim/kernel/codec.ts';
import { readSnapshotFile, writeSnapshotFile } from '../../sim/kernel/snapshot-file.ts';
import { tempFolder } from '../recordings/support.ts';
import { type Damage, DRAWS_TIMEOUT_MS, damage, damaged, draws, EMPTY } from './draws.ts';
import { ARCHIVE_TEXT, headOf, SYNTHETIC, WS_TEXT } from './inputs.ts';
import { withinMemory } from './memory.ts';
import { packLz4 } from './pack-lz4.ts';
import { unpackSlowly } from './slow-lz4.ts';

const folder = tempFolder();
const damages = fc.array(damage, { minLength: 1, maxLength: 3 });

/** What `read` makes of damaged bytes, or the error, which is typed, names the file and a place in it. */
async function outcome<T>(content: Buffer, read: (path: string) => T | Promise<T>): Promise<T | ReplaybookError> {
  const path = `${folder}/damaged`;
  writeFileSync(path, content);
  try {
    return await read(path);
  } catch (error) {
    if (!(error instanceof ReplaybookError)) throw error;
    expect(error.code).toBe('format');
    expect(error.place.file).toBe(path);
    return error;
  }
}

/** Within the file. Errors that are about it as a whole (not of the format at all, or empty) need no place. */
function expectPlace(error: ReplaybookError, content: Buffer): void {
  if (/not a recording of any known format|is empty|was taken for|is a tape already/.test(error.message)) return;
  expect(error.place.offset, error.message).toBeTypeOf('number');
  expect(error.place.offset).toBeGreaterThanOrEqual(0);
  expect(error.place.offset).toBeLessThanOrEqual(content.length);
}

/** Draws damages of a file; those that change nothing do not count. */
async function draw(whole: Buffer, hold: (content: Buffer) => Promise<void>): Promise<void> {
  await withinMemory(() =>
    fc.assert(
      fc.asyncProperty(damages, async (drawn: Damage[]) => {
        const content = drawn.reduce(damaged, whole);
        if (!content.equals(whole)) await hold(content);
      }),
      { ...draws(), examples: [[[EMPTY]]] },
    ),
  );
}

describe('a tape', async () => {
  const path = `${folder}/tape`;
  await writeTape(headOf(sampleTape(), 30), path);
  const whole = readFileSync(path);

  it(
    'is refused, whatever is damaged',
    async () => {
      await draw(whole, async content => {
        const error = await outcome(content, readTape);
        expect(error).toBeInstanceOf(ReplaybookError);
        if (error instanceof ReplaybookError) expectPlace(error, content);
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  it(
    'with its checksum made again gives a typed error, or a sound tape',
    async () => {
      await draw(whole, async content => {
        const sealed = sealedAgain(content);
        const tape = await outcome(sealed, file => readTape(file, { verifyIdentity: false }));
        if (!(tape instanceof ReplaybookError)) checkTape(tape);
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  function sealedAgain(content: Buffer): Buffer {
    let seal: number;
    try {
      seal = footerStart(content) - 16;
    } catch {
      return content;
    }
    if (seal < 8) return content;
    const copy = Buffer.from(content);
    copy.writeUInt32LE(crc32(copy.subarray(seal + 16), crc32(copy.subarray(0, seal))), seal + 8);
    return copy;
  }
});

describe('a recording', () => {
  const lines = WS_TEXT.toString('latin1').split('\n').slice(0, -1);
  const path = `${folder}/recording`;
  const writer = new RecordingWriter(path, { venue: 'hyperliquid', originNs: '1737918843893903000', note: 'damage' });
  for (const [i, line] of lines.entries()) writer.append(i * 1_000_000, 0, 'in', Buffer.from(line.slice(20)));
  writer.close();
  const whole = readFileSync(path);
  const frames = framesOf(path).texts;
  const starts = [8 + 12 + whole.readUInt32LE(8)];
  for (let at = starts[0]; at < whole.length; ) {
    at += 12 + whole.readUInt32LE(at);
    starts.push(at);
  }
  const ends = starts.slice(1);

  function framesOf(file: string): { texts: string[]; tornTailBytes: number } {
    const reader = new RecordingReader(file);
    try {
      const texts: string[] = [];
      for (let frame = reader.next(); frame !== null; frame = reader.next()) {
        texts.push(`${frame.recvNs} ${Buffer.from(frame.bytes).toString('latin1')}`);
      }
      return { texts, tornTailBytes: reader.tornTailBytes };
    } finally {
      reader.close();
    }
  }

  it(
    'is refused, or gives the frames before its torn tail and says how much of it is torn',
    async () => {
      await draw(whole, async content => {
        const read = await outcome(content, framesOf);
        if (read instanceof ReplaybookError) {
          expectPlace(read, content);
          return;
        }
        const { texts, tornTailBytes } = read;
        expect(texts).toEqual(frames.slice(0, texts.length));
        // A file that ends between two frames cannot be told from one that was never longer.
        if (tornTailBytes === 0) expect(content.equals(whole.subarray(0, content.length))).toBe(true);
        // No frame is lost of those that lie before the damage.
        const intact = content.findIndex((byte, at) => byte !== whole[at]);
        const end = intact === -1 ? content.length : intact;
        expect(texts.length).toBeGreaterThanOrEqual(ends.filter(frameEnd => frameEnd <= end).length);
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  it('of whole frames that are missing, repeated or out of their place is refused', async () => {
    const frame = (i: number): Buffer => whole.subarray(starts[i], ends[i]);
    const count = ends.length;
    const inOrder = Array.from({ length: count }, (_, i) => i);
    const orders = fc.oneof(
      fc.shuffledSubarray(inOrder, { minLength: 1 }),
      fc.array(fc.nat({ max: count - 1 }), { minLength: 2, maxLength: count }),
    );
    await fc.assert(
      fc.asyncProperty(orders, async order => {
        const content = Buffer.concat([whole.subarray(0, starts[0]), ...order.map(frame)]);
        const isHead = order.every((number, i) => number === i);
        const read = await outcome(content, framesOf);
        // Out of place, the last frame looks torn: it is not taken for good either.
        const torn = order.length - 1;
        const onlyLast = order.slice(0, torn).every((number, i) => number === i);
        if (isHead) expect(read).toEqual({ texts: frames.slice(0, order.length), tornTailBytes: 0 });
        else if (onlyLast && !(read instanceof ReplaybookError)) expect(read.texts).toEqual(frames.slice(0, torn));
        else expect(read).toBeInstanceOf(ReplaybookError);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('the raw recording of a synthetic market', async () => {
  const path = `${folder}/synthetic.rec`;
  writeRawRecording(SYNTHETIC, path, 'damage');
  const whole = readFileSync(path);
  const { tape: before } = await importFile(path);
  const frames = before.frames.recvNs.length;

  it('whole is the market', () => expect(before.identity).toBe(SYNTHETIC.identity));

  it(
    'is refused, or gives the market up to its torn tail',
    async () => {
      await draw(whole, async content => {
        const after = await outcome(content, async file => (await importFile(file)).tape);
        if (after instanceof ReplaybookError) {
          expectPlace(after, content);
          return;
        }
        checkTape(after);
        const count = after.frames.recvNs.length;
        expect(count).toBeLessThanOrEqual(frames);
        // Those coins alone that have been heard of, in the same order.
        expect(after.instruments.map(({ symbol }) => symbol)).toEqual(
          before.instruments.map(({ symbol }) => symbol).slice(0, after.instruments.length),
        );
        for (const name of ['recvNs', 'exchNs', 'kind', 'feed', 'instrument'] as const) {
          expect([...after.frames[name]]).toEqual([...before.frames[name].slice(0, count)]);
        }
      });
    },
    DRAWS_TIMEOUT_MS,
  );
});

describe('an LZ4 archive', () => {
  const identityOf = async (file: string): Promise<string> => (await importFile(file)).tape.identity;

  it(
    'with checksums is refused, or gives what it gave before',
    async () => {
      const whole = packLz4(ARCHIVE_TEXT, true);
      const before = await outcome(whole, identityOf);
      await draw(whole, async content => {
        const after = await outcome(content, identityOf);
        if (after instanceof ReplaybookError) expectPlace(after, content);
        // Skippable frames may be put around it; nothing else changes without being noticed.
        else expect(after).toBe(before);
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  it(
    'without them gives exactly what a slow decoder makes of it, or an error',
    async () => {
      const whole = packLz4(ARCHIVE_TEXT.subarray(0, 2_000), false);
      await draw(whole, async content => {
        const slow = unpackSlowly(content);
        try {
          const blocks: Buffer[] = [];
          for (const block of decodeLz4(content)) blocks.push(Buffer.from(block));
          expect(slow?.equals(Buffer.concat(blocks))).toBe(true);
        } catch (error) {
          if (!(error instanceof ReplaybookError)) throw error;
          expectPlace(error, content);
        }
      });
    },
    DRAWS_TIMEOUT_MS,
  );
});

describe('a capture packed with gzip', () => {
  it(
    'is refused, or gives what it gave before',
    async () => {
      const whole = gzipSync(WS_TEXT);
      const before = (await importFile(writeWhole(whole))).tape.identity;
      await draw(whole, async content => {
        const after = await outcome(content, async file => (await importFile(file)).tape.identity);
        if (after instanceof ReplaybookError) expectPlace(after, content);
        else {
          // Its header has fields that no checksum covers: time and system.
          expect(gunzipSync(content).equals(WS_TEXT)).toBe(true);
          expect(after).toBe(before);
        }
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  function writeWhole(content: Buffer): string {
    const file = `${folder}/whole.gz`;
    writeFileSync(file, content);
    return file;
  }
});

describe('a snapshot', () => {
  const path = `${folder}/snapshot`;
  const { frames, levels } = headOf(sampleTape(), 10);
  const state = { atNs: 41_200_000_000, frames, levels, names: ['BTC', 'ETH'], open: null, digest: 'x'.repeat(64) };
  writeSnapshotFile(path, state);
  const whole = readFileSync(path);

  it(
    'is refused, whatever is damaged',
    async () => {
      await draw(whole, async content => {
        const error = await outcome(content, readSnapshotFile);
        expect(error).toBeInstanceOf(ReplaybookError);
        if (error instanceof ReplaybookError) expectPlace(error, content);
      });
    },
    DRAWS_TIMEOUT_MS,
  );

  it(
    'with its checksum made again gives a typed error, or plain data',
    async () => {
      await draw(whole.subarray(48), async payload => {
        const header = Buffer.from(whole.subarray(0, 48));
        header.writeUInt32LE(payload.length, 12);
        header.set(createHash('sha256').update(header.subarray(0, 16)).update(payload).digest(), 16);
        const content = Buffer.concat([header, payload]);
        const read = await outcome(content, file => [readSnapshotFile(file)]);
        if (read instanceof ReplaybookError) expectPlace(read, content);
        else encodeState(read[0]);
      });
    },
    DRAWS_TIMEOUT_MS,
  );
});
