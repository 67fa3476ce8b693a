/**
 * The digest records of a run and its twin, kept in memory by the process that makes them. Where two runs part, the first
 * record that differs is read from those very runs: what a clock makes differ parts elsewhere each time it is tried again.
 */
import type { Phase } from './run-scenario.ts';

/** Which blocks of the digest are kept, of the run and of its twin alike. */
export interface KeptRange {
  readonly fromBlock: number;
  readonly blocks: number;
}

/** 4.2 million records, 128 MiB, of the run and as much of its twin: two hours of a busy coin, days of a quiet one. */
export const KEPT_BLOCKS = 4_096;

export class KeptRecords {
  readonly #range: KeptRange;
  readonly #like: KeptRecords | null;
  readonly #blocks: Readonly<Record<Phase, Uint8Array[]>> = { twin: [], run: [], fixed: [] };

  /** `like`: what another run has kept. Blocks that are equal to its own are not held twice. */
  constructor(range: KeptRange, like: KeptRecords | null) {
    this.#range = range;
    this.#like = like;
  }

  /** Blocks come in order, the last one with the few records that the run ended with, or none. */
  take(phase: Phase, block: number, bytes: Uint8Array): void {
    const { fromBlock, blocks } = this.#range;
    if (block < fromBlock || block >= fromBlock + blocks) return;
    const other = this.#like?.block(phase, block) ?? null;
    this.#blocks[phase].push(other !== null && Buffer.compare(other, bytes) === 0 ? other : bytes.slice());
  }

  /** Bytes of a block: none where the run ended before it; null where it lies outside the range that is kept. */
  block(phase: Phase, block: number): Uint8Array | null {
    const { fromBlock, blocks } = this.#range;
    if (block < fromBlock || block >= fromBlock + blocks) return null;
    return this.#blocks[phase][block - fromBlock] ?? new Uint8Array();
  }
}
