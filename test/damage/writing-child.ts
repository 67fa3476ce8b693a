/**
 * A recorder that writes until it is killed: `node dist/test/damage/writing-child.js FILE SEED`. Sizes of frames are drawn by
 * the seed; what is in them follows from their number, so that a reader can tell whether they are whole. After each frame
 * its number goes to stdout.
 */
import { writeSync } from 'node:fs';
import { RecordingWriter } from '../../recordings/recorder.ts';
import { isMain } from '../checks/findings.ts';

const LONGEST_BYTES = 4_000_000;

/** The content of frame `number`: 1 byte to 4 MB, short ones more often. */
export function frameContent(seed: number, number: number): Buffer {
  // A linear congruential generator: any will do, and it must be the same in both processes.
  const drawn = (Math.imul(seed * 7_919 + number, 1_103_515_245) + 12_345) >>> 8;
  const share = (drawn % 1_000) / 1_000;
  return Buffer.alloc(1 + Math.floor(LONGEST_BYTES * share ** 2), number % 251);
}

if (isMain(import.meta.url)) {
  const [path, seed] = process.argv.slice(2);
  const writer = new RecordingWriter(path, { venue: 'hyperliquid', originNs: '1' });
  for (let number = 0; ; number++) {
    writer.append(number, 0, 'in', frameContent(Number(seed), number));
    writeSync(1, `${number}\n`);
  }
}
