/**
 * Where two runs that should be equal part: the first digest block whose hash differs, and in it, by a second pass of both,
 * the first record. The two are of two processes, or one after the other in the same.
 */
import { BLOCK_RECORDS, type DigestRecord, RECORD_BYTES, readRecord } from '../kernel/digest.ts';
import { runChild } from './children.ts';
import type { Phase } from './run-scenario.ts';
import type { Outcome, VerifyAnswer, VerifyOrder } from './verify-worker.ts';

/** A record of both runs; null where one of them has ended. */
export interface EventPair {
  /** Number of the record from 0. */
  readonly event: number;
  readonly a: DigestRecord | null;
  readonly b: DigestRecord | null;
}

export type Difference =
  /** The digests differ from this block on; `first` is null where no further pass of the two parted where the one before did. */
  | { what: 'digest'; phase: Phase; block: number; nodes: Pair<string>; first: EventPair | null }
  /** Equal digests, and yet something else is said of them. */
  | { what: 'verdict'; path: string; nodes: Pair<string> };

type Pair<T> = readonly [T, T];

interface BlockPlace {
  readonly phase: Phase;
  readonly block: number;
}

/**
 * How often the two are run again to name the event, after a quick pass. What a clock makes differ parts at another event
 * each time: a few passes find two in a row that part in one block.
 */
const WHOLE_PASSES = 4;

/** `answers` disagree with each other, or one of them with itself. */
export async function findDifference(
  order: VerifyOrder,
  nodes: Pair<string>,
  answers: Pair<VerifyAnswer>,
): Promise<Difference> {
  const [a, b] = answers;
  // That a process contradicts itself says more than that it contradicts another.
  for (const [index, { node, repeat }] of answers.entries()) {
    if (repeat === null) continue;
    return compare([answers[index], repeat], [node, `${node} again in the same process`], async (place, quick) => {
      const again = await runChild(nodes[index], { ...order, keepBlock: { ...place, again: true, quick } });
      return [again, again.repeat ?? again];
    });
  }
  return compare(answers, [a.node, b.node], async (place, quick) => {
    const keepBlock = { ...place, again: false, quick };
    const [againA, againB] = await Promise.all(nodes.map(node => runChild(node, { ...order, keepBlock })));
    return [againA, againB];
  });
}

/** `pass` makes both runs once more and keeps a block of each. */
async function compare(
  outcomes: Pair<Outcome>,
  nodes: Pair<string>,
  pass: (place: BlockPlace, quick: boolean) => Promise<Pair<Outcome>>,
): Promise<Difference> {
  let place = firstDifferingPlace(outcomes);
  if (place === null) {
    return { what: 'verdict', path: firstDifferingPath(outcomes[0].verdict, outcomes[1].verdict, ''), nodes };
  }
  for (let passes = 0; passes <= WHOLE_PASSES; passes++) {
    const quick = passes === 0;
    const again = await pass(place, quick);
    const placeAgain = firstDifferingPlace(again);
    if (placeAgain?.phase === place.phase && placeAgain.block === place.block) {
      const [blockA, blockB] = again.map(({ keptBlock }) => Buffer.from(keptBlock ?? '', 'base64'));
      return { what: 'digest', ...place, nodes, first: firstDifferingRecord(place.block, blockA, blockB) };
    }
    // A quick pass sees no more than its block.
    if (!quick) place = placeAgain ?? place;
  }
  return { what: 'digest', ...place, nodes, first: null };
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
  if (first === null) return `${head}; further passes of the two did not part in one place`;
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
