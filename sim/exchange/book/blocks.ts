/**
 * Blocks: an action that arrives at the exchange waits for the next one, about every 70 ms (hyperliquid, section 6.6), and is
 * carried out in it by class and then by arrival. Everything in a block has the block's time.
 *
 * The others' actions stay with whoever plays them, because they are many; only ours wait here.
 */
import { NS_PER_MS } from '../../../core/scale.ts';
import type { RandomStream } from '../../kernel/random.ts';
import { ACTION_CLASSES, type ActionClass } from './action-class.ts';

/**
 * Ours: the spacing is published as about 70 ms, its spread is not. Uniform between these, it has a mean of 70 ms. Whole
 * milliseconds, because that is all that the wire tells of a block's time.
 */
const LEAST_SPACING_MS = 60;
const MOST_SPACING_MS = 80;

/** When the blocks are. Their spacing does not depend on what is in them. */
export class BlockClock {
  readonly #random: RandomStream;
  #nextNs: number;

  /** The first block is at `fromNs`. */
  constructor(fromNs: number, random: RandomStream) {
    this.#random = random;
    this.#nextNs = fromNs;
  }

  get nextNs(): number {
    return this.#nextNs;
  }

  /** The next block has come: draws the time of the one after it. */
  advance(): void {
    this.#nextNs += NS_PER_MS * (LEAST_SPACING_MS + this.#random.int(MOST_SPACING_MS - LEAST_SPACING_MS + 1));
  }

  /** Without the random stream, which is part of the run's snapshot. */
  snapshot(): unknown {
    return this.#nextNs;
  }

  restore(state: unknown): void {
    this.#nextNs = state as number;
  }
}

/** What carries the actions of a block out. */
export interface BlockActions<Post> {
  /** Those of others in this class that arrived at `untilNs` or before, in the order of their arrival. */
  others(actionClass: ActionClass, untilNs: number): void;
  /** One of ours. It may not add to the queue. */
  own(post: Post): void;
}

interface Waiting<Post> {
  readonly atNs: number;
  readonly actionClass: ActionClass;
  readonly post: Post;
}

/** Our actions that wait for a block. A post is plain data of the caller's: it is part of the snapshot. */
export class BlockQueue<Post> {
  /** In the order of arrival. */
  #waiting: Waiting<Post>[] = [];

  /** Number of actions that wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** An action arrives, not before those that wait already. */
  add(atNs: number, actionClass: ActionClass, post: Post): void {
    this.#waiting.push({ atNs, actionClass, post });
  }

  /** Carries out all that arrived up to the block. Of two that arrive at the same moment, that of others is first. */
  run(blockNs: number, actions: BlockActions<Post>): void {
    const due = this.#waiting.filter(({ atNs }) => atNs <= blockNs);
    this.#waiting = this.#waiting.filter(({ atNs }) => atNs > blockNs);
    for (const actionClass of ACTION_CLASSES) {
      for (const waiting of due) {
        if (waiting.actionClass !== actionClass) continue;
        actions.others(actionClass, waiting.atNs);
        actions.own(waiting.post);
      }
      actions.others(actionClass, blockNs);
    }
  }

  snapshot(): unknown {
    return this.#waiting.map(waiting => ({ ...waiting }));
  }

  restore(state: unknown): void {
    this.#waiting = (state as Waiting<Post>[]).map(waiting => ({ ...waiting }));
  }
}
