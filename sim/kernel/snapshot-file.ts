/**
 * A snapshot on disk. Little-endian throughout:
 *
 *     offset  size
 *          0     8  magic `RBSNAP\r\n`, which a transfer in text mode would damage
 *          8     4  version
 *         12     4  length of the payload
 *         16    32  SHA-256 of the bytes before it and of the payload
 *         48        payload: the state, as codec.ts writes it
 *
 * The file is written beside its place and renamed, so that it is there whole or not at all.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ReplaybookError } from '../../core/errors.ts';
import { decodeState, encodeState } from './codec.ts';

const MAGIC = Buffer.from('RBSNAP\r\n', 'latin1');
const VERSION = 1;
const VERSION_AT = 8;
const LENGTH_AT = 12;
const CHECKSUM_AT = 16;
const PAYLOAD_AT = 48;

function checksum(header: Uint8Array, payload: Uint8Array): Buffer {
  return createHash('sha256').update(header.subarray(0, CHECKSUM_AT)).update(payload).digest();
}

/** Writes a state. Errors: `internal` where it is not plain data, `file` where the disk refuses. */
export function writeSnapshotFile(path: string, state: unknown): void {
  const payload = encodeState(state);
  const header = Buffer.alloc(PAYLOAD_AT);
  header.set(MAGIC, 0);
  header.writeUInt32LE(VERSION, VERSION_AT);
  header.writeUInt32LE(payload.length, LENGTH_AT);
  header.set(checksum(header, payload), CHECKSUM_AT);

  const beside = `${path}.partial`;
  try {
    const file = openSync(beside, 'w');
    try {
      writeFileSync(file, header);
      writeFileSync(file, payload);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new ReplaybookError('file', `Cannot write the snapshot ${path}: ${reason(cause)}.`, { file: path }, cause);
  }
}

/** The state in a snapshot file. Errors: `file` where it cannot be read, `format` where it is damaged or something else. */
export function readSnapshotFile(path: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ReplaybookError('file', `Cannot read the snapshot ${path}: ${reason(cause)}.`, { file: path }, cause);
  }
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(path, 0, 'it is not a Replaybook snapshot');
  if (bytes.length < PAYLOAD_AT) throw damaged(path, bytes.length, 'it ends within its header');
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version !== VERSION) {
    throw damaged(path, VERSION_AT, `its version is ${version}, this program reads version ${VERSION}`);
  }
  const length = bytes.readUInt32LE(LENGTH_AT);
  const payload = bytes.subarray(PAYLOAD_AT);
  if (payload.length !== length) {
    const found = `the header announces ${length} bytes of data, the file holds ${payload.length}`;
    throw damaged(path, LENGTH_AT, found);
  }
  if (!checksum(bytes, payload).equals(bytes.subarray(CHECKSUM_AT, PAYLOAD_AT))) {
    throw damaged(path, CHECKSUM_AT, 'its checksum does not fit its data');
  }
  try {
    return decodeState(payload);
  } catch (cause) {
    throw damaged(path, PAYLOAD_AT, reason(cause), cause);
  }
}

function damaged(file: string, offset: number, what: string, cause?: unknown): ReplaybookError {
  const message = `Cannot use the snapshot ${file}: ${what} (byte ${offset}). Write it again.`;
  return new ReplaybookError('format', message, { file, offset }, cause);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
