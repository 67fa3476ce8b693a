/**
 * Where two runs that should be equal part: the first digest block whose hash differs, and in it the first record, read from
 * what both have kept. The two are of two processes, or one after the other in the same.
 */
import { BLOCK_RECORDS, type DigestRecord, RECORD_BYTES, readRecord } from '../kernel/digest.ts';
import type { Phase } from './run-scenario.ts';
import type { Outcome } from './verify-worker.ts';

/** A record of both runs; null where one of them has ended. */
export interface EventPair {
  /** Number of the record from 0. */
  readonly event: number;
  readonly a: DigestRecord | null;
  readonly b: DigestRecord | null;
}

export type Difference =
  /** The digests differ from this block on; `first` is null where the runs have not kept the block. */
  | { what: 'digest'; phase: Phase; block: number; nodes: Pair<string>; first: EventPair | null }
  /** Equal digests, and yet something else is said of them. */
  | { what: 'verdict'; path: string; nodes: Pair<string> };

type Pair<T> = readonly [T, T];

export interface BlockPlace {
  readonly phase: Phase;
  readonly block: number;
}

/** One of the two. */
export interface Side {
  /** What it is called: version and processor of its Node. */
  readonly node: string;
  readonly outcome: Outcome;
  /** Bytes of a block of its records; null: not kept. */
  readonly readBlock: (place: BlockPlace) => Uint8Array | null | Promise<Uint8Array | null>;
}

/** null: the two are equal. */
export async function findDifference(a: Side, b: Side): Promise<Difference | null> {
  if (JSON.stringify(a.outcome) === JSON.stringify(b.outcome)) return null;
  const nodes: Pair<string> = [a.node, b.node];
  const place = firstDifferingPlace([a.outcome, b.outcome]);
  if (place === null) {
    return { what: 'verdict', path: firstDifferingPath(a.outcome.verdict, b.outcome.verdict, ''), nodes };
  }
  const [blockA, blockB] = await Promise.all([a.readBlock(place), b.readBlock(place)]);
  const first = blockA === null || blockB === null ? null : firstDifferingRecord(place.block, blockA, blockB);
  return { what: 'digest', ...place, nodes, first };
}

/** null: the digests are equal. The run is judged by the twin, so the twin is looked at first. */
function firstDifferingPlace([a, b]: Pair<Outcome>): BlockPlace | null {
  for (const phase of ['twin', 'run'] as const) {
    if (a[phase].digest !== b[phase].digest) {
      return { phase, block: firstDifferingBlock(a[phase].blocks, b[phase].blocks) };
    }
  }
  return null;
}

/** One sentence. */
export function differenceText(difference: Difference): string {
  const [a, b] = difference.nodes;
  if (difference.what === 'verdict') {
    return `digests agree, but the verdicts of ${a} and ${b} differ at ${difference.path || 'the block hashes'}`;
  }
  const { phase, block, first } = difference;
  const head = `the ${phase} differs from block ${block} on (${a} and ${b})`;
  if (first === null) return `${head}; another pass, to keep the records of that block, parted elsewhere`;
  return `${head}, first at event ${first.event}: ${recordText(first.a)} against ${recordText(first.b)}`;
}

/** The hashes are a chain: the first that differs is the block that does. Equal as far as they go: the open block. */
export function firstDifferingBlock(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let block = 0; block < length; block++) if (a[block] !== b[block]) return block;
  return length;
}

/** null: the bytes are equal. */
export function firstDifferingRecord(block: number, a: Uint8Array, b: Uint8Array): EventPair | null {
  const records = Math.ceil(Math.max(a.length, b.length) / RECORD_BYTES);
  for (let index = 0; index < records; index++) {
    const start = index * RECORD_BYTES;
    const end = start + RECORD_BYTES;
    if (Buffer.compare(a.subarray(start, end), b.subarray(start, end)) === 0) continue;
    return {
      event: block * BLOCK_RECORDS + index,
      a: end <= a.length ? readRecord(a, index) : null,
      b: end <= b.length ? readRecord(b, index) : null,
    };
  }
  return null;
}

/** The first place at which two JSON values differ, `checks.diagnosed.named.0`; empty where they do not. */
export function firstDifferingPath(a: unknown, b: unknown, path: string): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? '' : path || 'everything';
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const inner = path === '' ? key : `${path}.${key}`;
    const found = firstDifferingPath((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], inner);
    if (found !== '') return found;
  }
  return '';
}

function recordText(record: DigestRecord | null): string {
  if (record === null) return 'nothing more';
  const { type, atNs, a, b, c, d, e, x } = record;
  return `${type} at ${atNs} ns (a ${a}, b ${b}, c ${c}, d ${d}, e ${e}, x ${x})`;
}
