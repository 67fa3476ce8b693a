import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ReplaybookError } from '../../../core/errors.ts';
import { readSnapshotFile, writeSnapshotFile } from '../../../sim/kernel/snapshot-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'run.snapshot');
const state = { atNs: 41_200_000_000, streams: { names: ['a'], words: new Int32Array([1, -2, 3, -4]) }, open: null };

function errorOf(action: () => unknown): ReplaybookError {
  try {
    action();
  } catch (error) {
    if (error instanceof ReplaybookError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a snapshot file', () => {
  it('gives back what was written, and leaves nothing else behind', () => {
    writeSnapshotFile(path, { first: true });
    writeSnapshotFile(path, state);
    expect(readSnapshotFile(path)).toStrictEqual(state);
    expect(readdirSync(folder)).toEqual(['run.snapshot']);
  });

  it('says where it is damaged: any flipped bit is found', () => {
    writeSnapshotFile(path, state);
    const whole = readFileSync(path);
    const damagedPath = join(folder, 'damaged.snapshot');
    const places = new Set<number | undefined>();
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0x10;
      writeFileSync(damagedPath, damaged);
      const error = errorOf(() => readSnapshotFile(damagedPath));
      expect(error.code).toBe('format');
      expect(error.place.file).toBe(damagedPath);
      places.add(error.place.offset);
    }
    expect([...places]).toEqual([0, 8, 12, 16]);
  });

  it('cut short anywhere is refused', () => {
    writeSnapshotFile(path, state);
    const whole = readFileSync(path);
    const cutPath = join(folder, 'cut.snapshot');
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(cutPath, whole.subarray(0, length));
      expect(errorOf(() => readSnapshotFile(cutPath)).code).toBe('format');
    }
  });

  it('of another version is refused by its number', () => {
    writeSnapshotFile(path, state);
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(2, 8);
    writeFileSync(path, bytes);
    expect(errorOf(() => readSnapshotFile(path)).message).toContain('its version is 2, this program reads version 1');
  });

  it('that cannot be read or written is a file error', () => {
    expect(errorOf(() => readSnapshotFile(join(folder, 'absent'))).code).toBe('file');
    expect(errorOf(() => writeSnapshotFile(join(folder, 'no/such/folder'), state)).code).toBe('file');
    // A folder stands where the file should go: the rename fails, and the half-made file goes away.
    const occupied = join(folder, 'occupied');
    mkdirSync(occupied);
    expect(errorOf(() => writeSnapshotFile(occupied, state)).code).toBe('file');
    expect(existsSync(`${occupied}.partial`)).toBe(false);
  });

  it('is not touched where the state cannot be written', () => {
    writeSnapshotFile(path, state);
    expect(errorOf(() => writeSnapshotFile(path, { bad: new Map() })).code).toBe('internal');
    expect(readSnapshotFile(path)).toStrictEqual(state);
  });
});
