/**
 * The bytes of a file, decompressed where need be, in pieces: no more than a few pieces are in memory at a time, and what
 * comes out is bounded, so that a small file cannot fill the memory. Compression is recognised from the content.
 */
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { ReplaybookError } from '../../core/errors.ts';
import { decodeLz4, isLz4 } from '../lz4.ts';
import { checkOutput, MAX_OUTPUT_BYTES } from '../output-limit.ts';

export type Compression = 'none' | 'gzip' | 'lz4';

/** Enough to recognise every format by. */
const HEAD_BYTES = 64;
const PIECE_BYTES = 1_048_576;
const LEAST_PIECE_BYTES = 4_096;
/** So much more comes out of market data than goes in, or less. */
const USUAL_EXPANSION = 16;

/** The first bytes of a file. Throws `file` where it cannot be read. */
export async function readHead(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError(path, cause);
  }
}

export function compressionOf(head: Uint8Array): Compression {
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return isLz4(head) ? 'lz4' : 'none';
}

/**
 * The file's decompressed bytes. A piece is good until the next is asked for. Throws `file` where the file cannot be read,
 * `format`, with the offset in the file, where its compression is damaged or too much comes out.
 */
export async function* readPieces(
  path: string,
  compression: Compression,
  maxOutputBytes: number = MAX_OUTPUT_BYTES,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const { size } = await stat(path);
    if (compression === 'gzip') yield* gunzipPieces(path, size, maxOutputBytes);
    else if (compression === 'lz4') yield* decodeLz4(await readFile(path), { maxOutputBytes });
    else yield* createReadStream(path, { highWaterMark: pieceBytes(size) });
  } catch (error) {
    throw error instanceof ReplaybookError ? error : fileError(path, error);
  }
}

/** A small file gets small buffers. */
function pieceBytes(size: number): number {
  return Math.max(LEAST_PIECE_BYTES, Math.min(PIECE_BYTES, size));
}

async function* gunzipPieces(
  path: string,
  size: number,
  maxOutputBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = createReadStream(path, { highWaterMark: pieceBytes(size) });
  const gunzip = createGunzip({ chunkSize: pieceBytes(size * USUAL_EXPANSION) });
  input.on('error', error => gunzip.destroy(error));
  input.pipe(gunzip);
  let total = 0;
  try {
    for await (const piece of gunzip) {
      total += piece.length;
      checkOutput('gzip', gunzip.bytesWritten, total, maxOutputBytes);
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof ReplaybookError || !isZlibError(cause)) throw cause;
    const offset = gunzip.bytesWritten;
    const message = `gzip: ${cause.message} (up to byte ${offset}, after ${total} bytes of content)`;
    throw new ReplaybookError('format', message, { offset }, cause);
  } finally {
    input.destroy();
    gunzip.destroy();
  }
  // zlib passes over what follows the last member without a word.
  if (gunzip.bytesWritten !== size) {
    const offset = gunzip.bytesWritten;
    throw new ReplaybookError('format', `gzip: no gzip data from byte ${offset} on`, { offset });
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

function fileError(path: string, cause: unknown): ReplaybookError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ReplaybookError('file', `cannot read ${path}: ${reason}`, { file: path }, cause);
}
