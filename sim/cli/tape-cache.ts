/**
 * Keeps what was imported: the next run on the same recording reads its tape.
 *
 * The tape lies beside the recording as `<file>.arrow`, or where that folder cannot be written in the user's cache folder
 * ($XDG_CACHE_HOME or ~/.cache, `replaybook`). It says in itself which bytes it was made of (SHA-256 and size) and by which
 * version of the importers; a kept tape of anything else, or a damaged one, is ignored and written again. A file of that
 * name which was not kept by us belongs to somebody else and is left alone.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isArrow } from '../../recordings/importers/detect.ts';
import type { Imported } from '../../recordings/importers/import.ts';
import { readHead } from '../../recordings/importers/source.ts';
import { isSealed } from '../../recordings/seal.ts';
import type { Tape, TapeOrigin } from '../../recordings/tape.ts';
import { readTape, writeTape } from '../../recordings/tape-file.ts';
import type { Io } from './io.ts';

/** Raised whenever an importer makes another tape of the same bytes, so that kept tapes are made again. */
const IMPORTER_VERSION = 1;

/** A recording's tape. */
export interface OpenedTape {
  readonly tape: Tape;
  /** Keeps the tape for the next time; null where there is nothing to keep. Never throws. */
  readonly keep: (() => Promise<void>) | null;
}

/** Opens a recording or tape, by its kept tape where there is one. */
export async function openRecording(file: string, useCache: boolean, io: Io): Promise<OpenedTape> {
  if (isArrow(await readHead(file))) return { tape: await readTape(file), keep: null };
  if (!useCache) return { tape: (await importTape(file)).tape, keep: null };
  const origin = await originOf(file);
  const places = [`${file}.arrow`, join(cacheFolder(io), `${origin.sha256}.arrow`)];
  const free: string[] = [];
  for (const place of places) {
    const kept = await readKept(place);
    if (kept !== null && isOf(kept, origin)) return { tape: kept, keep: null };
    if (await mayReplace(place, kept)) free.push(place);
  }
  const { tape } = await importTape(file);
  const marked: Tape = { ...tape, source: { ...tape.source, origin } };
  return { tape, keep: () => keepAt(free, marked) };
}

/** The importers are loaded only where no kept tape will do. */
async function importTape(file: string): Promise<Imported> {
  const { importFile } = await import('../../recordings/importers/import.ts');
  return importFile(file);
}

/** The mark of a file: what it holds, and by which importers it is read. */
export async function originOf(file: string): Promise<TapeOrigin> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest('hex'), bytes, importer: IMPORTER_VERSION };
}

function isOf(tape: Tape, origin: TapeOrigin): boolean {
  const kept = tape.source.origin;
  return kept?.sha256 === origin.sha256 && kept.bytes === origin.bytes && kept.importer === origin.importer;
}

/** The tape at a place, or null where there is none that can be read whole. */
async function readKept(place: string): Promise<Tape | null> {
  if (!existsSync(place)) return null;
  try {
    return await readTape(place);
  } catch {
    // Damaged, or no tape: as good as none. It is written again after the run.
    return null;
  }
}

/** Nothing is there, or a tape that was kept of something else, or one of ours that is damaged. */
async function mayReplace(place: string, kept: Tape | null): Promise<boolean> {
  if (kept !== null) return kept.source.origin !== undefined;
  return !existsSync(place) || isSealed(await readHead(place));
}

/** Writes the tape to the first place that takes it. A tape that cannot be kept is no failure: it is imported again. */
async function keepAt(places: readonly string[], tape: Tape): Promise<void> {
  for (const place of places) {
    try {
      await mkdir(dirname(place), { recursive: true });
      await writeTape(tape, place);
      return;
    } catch {
      // This folder cannot be written: the next one may.
    }
  }
}

function cacheFolder(io: Io): string {
  const cache = io.env.XDG_CACHE_HOME;
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'replaybook');
}
