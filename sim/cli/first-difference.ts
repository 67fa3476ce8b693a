/**
 * Where a run and its twin part: the first digest record, or the first entry of the core's evidence, that is not the same in both.
 * It tells when a setting or a planted bug took effect (design, section 8).
 */
import type { LogEntry } from '../../core/evidence.ts';
import { BLOCK_RECORDS, RECORD_BYTES, readRecord } from '../kernel/digest.ts';

export interface FirstDifference {
  readonly atNs: number;
  /** Number of the digest record; of evidence alone that of the first record at its time or after. */
  readonly event: number;
}

/** Keeps the digest records of one run, if they are asked for: those of a day take 30 MB. */
export class DigestLog {
  readonly #isKept: boolean;
  readonly #blocks: Uint8Array[] = [];

  constructor(isKept = true) {
    this.#isKept = isKept;
  }

  take(bytes: Uint8Array): void {
    if (this.#isKept) this.#blocks.push(bytes.slice());
  }

  get blocks(): readonly Uint8Array[] {
    return this.#blocks;
  }
}

interface Told {
  readonly records: DigestLog;
  readonly entries: readonly LogEntry[];
}

/** null: they are the same from beginning to end. */
export function firstDifference(twin: Told, run: Told): FirstDifference | null {
  const inRecords = firstDifferentRecord(twin.records.blocks, run.records.blocks);
  const entryNs = firstDifferentEntry(twin.entries, run.entries);
  if (entryNs === null || (inRecords !== null && inRecords.atNs <= entryNs)) return inRecords;
  return { atNs: entryNs, event: firstRecordFrom(run.records.blocks, entryNs) };
}

function firstDifferentRecord(twin: readonly Uint8Array[], run: readonly Uint8Array[]): FirstDifference | null {
  const block = run.findIndex((bytes, at) => Buffer.compare(bytes, twin[at] ?? new Uint8Array()) !== 0);
  if (block < 0) return null;
  const ours = run[block];
  const theirs = twin[block] ?? new Uint8Array();
  let byte = 0;
  while (byte < ours.length && ours[byte] === theirs[byte]) byte++;
  const index = Math.floor(byte / RECORD_BYTES);
  const event = block * BLOCK_RECORDS + index;
  // A run that ends where its twin goes on parts from it at the twin's record.
  const record = readRecord(byte < ours.length ? ours : theirs, index);
  return { atNs: record.atNs, event };
}

/** Time of the first entry that differs, ns. */
function firstDifferentEntry(twin: readonly LogEntry[], run: readonly LogEntry[]): number | null {
  const at = run.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(twin[index]));
  if (at >= 0) return run[at].atNs;
  return run.length < twin.length ? twin[run.length].atNs : null;
}

function firstRecordFrom(blocks: readonly Uint8Array[], atNs: number): number {
  for (const [block, bytes] of blocks.entries()) {
    const count = bytes.length / RECORD_BYTES;
    for (let index = 0; index < count; index++) {
      if (readRecord(bytes, index).atNs >= atNs) return block * BLOCK_RECORDS + index;
    }
  }
  return Math.max(0, blocks.reduce((records, bytes) => records + bytes.length / RECORD_BYTES, 0) - 1);
}
