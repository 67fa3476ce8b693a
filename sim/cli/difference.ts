/**
 * Where two runs that should be equal part: the first digest block whose hash differs, and in it, by a second pass of both,
 * the first record.
 */
import { BLOCK_RECORDS, type DigestRecord, RECORD_BYTES, readRecord } from '../kernel/digest.ts';
import { runChild } from './children.ts';
import type { Phase } from './run-scenario.ts';
import type { VerifyAnswer, VerifyOrder } from './verify-worker.ts';

/** A record of both runs; null where one of them has ended. */
export interface EventPair {
  /** Number of the record from 0. */
  readonly event: number;
  readonly a: DigestRecord | null;
  readonly b: DigestRecord | null;
}

export type Difference =
  /** The digests differ from this block on; `first` is null where the second pass of the two did not differ there. */
  | { what: 'digest'; phase: Phase; block: number; nodes: readonly [string, string]; first: EventPair | null }
  /** Equal digests, and yet something else is said of them. */
  | { what: 'verdict'; path: string; nodes: readonly [string, string] };

type Pair<T> = readonly [T, T];

export async function findDifference(
  order: VerifyOrder,
  nodes: Pair<string>,
  answers: Pair<VerifyAnswer>,
): Promise<Difference> {
  const [a, b] = answers;
  const versions: Pair<string> = [a.node, b.node];
  // The run is judged by the twin, so the twin is looked at first.
  for (const phase of ['twin', 'run'] as const) {
    if (a[phase].digest === b[phase].digest) continue;
    const block = firstDifferingBlock(a[phase].blocks, b[phase].blocks);
    const again = await Promise.all(nodes.map(node => runChild(node, { ...order, keepBlock: { phase, block } })));
    const [blockA, blockB] = again.map(answer => Buffer.from(answer.keptBlock ?? '', 'base64'));
    return { what: 'digest', phase, block, nodes: versions, first: firstDifferingRecord(block, blockA, blockB) };
  }
  return { what: 'verdict', path: firstDifferingPath(a.verdict, b.verdict, ''), nodes: versions };
}

/** One sentence. */
export function differenceText(difference: Difference): string {
  const [a, b] = difference.nodes;
  if (difference.what === 'verdict') {
    return `digests agree, but the verdicts of ${a} and ${b} differ at ${difference.path || 'the block hashes'}`;
  }
  const { phase, block, first } = difference;
  const head = `the ${phase} differs from block ${block} on (${a} and ${b})`;
  if (first === null) return `${head}; a second pass of the two did not differ in that block`;
  return `${head}, first at event ${first.event}: ${recordText(first.a)} against ${recordText(first.b)}`;
}

/** The hashes are a chain: the first that differs is the block that does. Equal as far as they go: the open block. */
export function firstDifferingBlock(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let block = 0; block < length; block++) if (a[block] !== b[block]) return block;
  return length;
}

/** null: the bytes are equal. */
export function firstDifferingRecord(block: number, a: Buffer, b: Buffer): EventPair | null {
  const records = Math.ceil(Math.max(a.length, b.length) / RECORD_BYTES);
  for (let index = 0; index < records; index++) {
    const start = index * RECORD_BYTES;
    const end = start + RECORD_BYTES;
    if (a.subarray(start, end).equals(b.subarray(start, end))) continue;
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
