/** A recorder killed with kill -9: what it had written is there, but for the frame that it was writing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingWriter } from '../../recordings/recorder.ts';
import { RecordingReader } from '../../recordings/recording.ts';
import { tempFolder } from '../recordings/support.ts';
import { frameContent } from './writing-child.ts';

const folder = tempFolder();
const KILLS = process.env.CI === 'true' ? 100 : 20;

/** Starts a recorder, kills it some time after its first frame, and returns how many frames it told of. */
async function killedAfter(path: string, seed: number, ms: number): Promise<number> {
  const child = spawn(process.execPath, ['dist/test/damage/writing-child.js', path, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('latin1').on('data', text => {
    told += text;
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  await setTimeout(ms);
  child.kill('SIGKILL');
  const [, signal] = await closed;
  expect(signal).toBe('SIGKILL');
  return told.split('\n').length - 1;
}

/** Counts the frames, each of which must be whole. */
function countFrames(path: string, seed: number): { frames: number; wholeBytes: number; tornTailBytes: number } {
  const reader = new RecordingReader(path);
  try {
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      if (!frameContent(seed, frame.recvNs).equals(frame.bytes)) throw new Error(`frame ${frame.recvNs} differs`);
      if (frame.recvNs !== reader.frames - 1) throw new Error(`frame ${frame.recvNs} stands at ${reader.frames - 1}`);
    }
    const { frames, wholeBytes, tornTailBytes } = reader;
    return { frames, wholeBytes, tornTailBytes };
  } finally {
    reader.close();
  }
}

describe('a recorder killed with kill -9', () => {
  it('loses at most the frame that it was writing, and reading says so', async () => {
    let torn = 0;
    const kill = fc.record({ seed: fc.nat({ max: 1_000_000 }), ms: fc.nat({ max: 40 }) });
    await fc.assert(
      fc.asyncProperty(kill, async ({ seed, ms }) => {
        const path = `${folder}/killed`;
        const told = await killedAfter(path, seed, ms);
        const { size } = statSync(path);
        const { frames, wholeBytes, tornTailBytes } = countFrames(path, seed);
        expect([told, told + 1]).toContain(frames);
        expect(wholeBytes + tornTailBytes).toBe(size);
        if (tornTailBytes > 0) torn++;

        // It goes on where the last whole frame ended.
        const writer = new RecordingWriter(path, { venue: 'hyperliquid', originNs: '1' });
        expect([writer.frames, writer.removedTailBytes]).toEqual([frames, tornTailBytes]);
        writer.append(frames, 0, 'in', frameContent(seed, frames));
        writer.close();
        expect(countFrames(path, seed)).toMatchObject({ frames: frames + 1, tornTailBytes: 0 });
        rmSync(path);
      }),
      { seed: 1, numRuns: KILLS },
    );
    console.info(`${torn} of ${KILLS} kills tore a frame`);
  }, 120_000);
});
