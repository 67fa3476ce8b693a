/**
 * Writes raw recordings. Every frame goes to the file in one write, before `append` returns: a killed process loses at most
 * the frame that it was writing. Against a loss of power, `sync` also has each frame written through to the disk.
 */
import { closeSync, existsSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { ReplaybookError } from '../core/errors.ts';
import {
  type Direction,
  encodeFrame,
  encodeHeader,
  RECORDING_VERSION,
  type RecordedVenue,
  RecordingReader,
} from './recording.ts';

export interface RecordingOptions {
  venue: RecordedVenue;
  /** Origin for a new file, ns since 1970 as decimal digits. A file that exists keeps its own. */
  originNs: string;
  note?: string;
  /** True: the frames are made by a program. False by default. */
  synthetic?: boolean;
  /** True: fdatasync after every frame. False by default. */
  sync?: boolean;
}

export class RecordingWriter {
  /** Origin that `recvNs` counts from. */
  readonly originNs: string;
  /** Bytes of an unfinished frame that were cut off when an existing file was opened; 0 where there were none. */
  readonly removedTailBytes: number;
  /** Frames in the file. */
  frames: number;
  readonly #path: string;
  readonly #file: number;
  readonly #sync: boolean;

  /**
   * Opens a file to append to, or makes it. Throws `file` where that is not possible, `format` where the file is damaged or
   * of another venue: then it is left alone.
   */
  constructor(path: string, options: RecordingOptions) {
    this.#path = path;
    this.#sync = options.sync ?? false;
    const existing = existsSync(path) ? inspectExisting(path, options.venue) : null;
    try {
      this.#file = openSync(path, existing === null ? 'wx' : 'r+');
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ReplaybookError('file', `cannot write ${path}: ${reason}`, { file: path }, cause);
    }
    if (existing === null) {
      const { venue, originNs, note = '' } = options;
      const mark = options.synthetic ? { synthetic: true } : {};
      this.#at = 0;
      this.#write(encodeHeader({ version: RECORDING_VERSION, originNs, venue, note, ...mark }));
      fsyncSync(this.#file);
      this.originNs = originNs;
      this.removedTailBytes = 0;
      this.frames = 0;
    } else {
      if (existing.tornTailBytes > 0) ftruncateSync(this.#file, existing.wholeBytes);
      this.#at = existing.wholeBytes;
      this.originNs = existing.originNs;
      this.removedTailBytes = existing.tornTailBytes;
      this.frames = existing.frames;
    }
  }

  /** Where the next frame goes. */
  #at: number;

  /**
   * Appends one frame as it was on the wire, received or sent `recvNs` after the origin. Throws `file` where the disk refuses;
   * the frames before it stay whole.
   */
  append(recvNs: number, connection: number, direction: Direction, bytes: Uint8Array): void {
    this.#write(encodeFrame({ recvNs, connection, direction, bytes }, this.#at));
    if (this.#sync) fdatasyncSync(this.#file);
    this.frames++;
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }

  #write(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(this.#file, bytes, written, bytes.length - written, this.#at + written);
      }
    } catch (cause) {
      // What was written of it is a torn tail, which the next frame takes the place of.
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ReplaybookError('file', `cannot write ${this.#path}: ${reason}`, { file: this.#path }, cause);
    }
    this.#at += bytes.length;
  }
}

interface Existing {
  originNs: string;
  frames: number;
  wholeBytes: number;
  tornTailBytes: number;
}

/** Reads a recording through, to find where its last whole frame ends. */
function inspectExisting(path: string, venue: RecordedVenue): Existing {
  const reader = new RecordingReader(path);
  try {
    if (reader.header.venue !== venue) {
      throw new ReplaybookError('format', `${path} is a recording of ${reader.header.venue}, not of ${venue}`, {
        file: path,
      });
    }
    while (reader.next() !== null);
    const { frames, wholeBytes, tornTailBytes } = reader;
    return { originNs: reader.header.originNs, frames, wholeBytes, tornTailBytes };
  } finally {
    reader.close();
  }
}
