/**
 * Whether the messages of one instrument's feeds go on from one another: none missing, none older than the one before, and
 * deltas that stand on what the book holds (playbook 2.2).
 *
 * It only says what it finds; what is made of that, an anomaly or a frame that is not applied, is `data-quality.ts`.
 */
import { FEED_INDEX, type Feed } from '../market.ts';
import type { BookMessage } from '../port.ts';
import { DATA_QUALITY_CHANNELS } from './capacity.ts';

/** What a feed's deltas stand on. Zero first: the state of a feed that has sent nothing. */
const NO_BASE = 0;
const SNAPSHOT_SEEN = 1;
const DELTA_SEEN = 2;
/** A whole book came and was refused: a delta now would stand on nothing. */
const SNAPSHOT_REFUSED = 3;
const OUT_OF_STEP = 4;

/** What `delta` finds. */
export const DELTA_FOLLOWS = 0;
/** The book holds it already, or the feed waits for a snapshot. */
export const DELTA_IS_NO_NEWS = 1;
/** Something before it is missing, or what it stands on was refused. */
export const DELTA_STANDS_ON_NOTHING = 2;

/** What `behindNs` says of a frame that is older than the one before and was to be expected. */
export const OVERTAKEN = -1;

/** All parts of its state are arrays by feed index; those of the market connection come first. */
interface FeedStates {
  /** Last sequence number; -1 before the first message. */
  readonly sequence: Float64Array;
  /** 1: subscribed again, and the numbers have not begun anew yet. */
  readonly restarts: Uint8Array;
  /** Exchange time of the last frame; -Infinity before the first. */
  readonly exchNs: Float64Array;
  /** Frames since the subscription that came in time: 0, 1, or 2 for more. */
  readonly inTime: Uint8Array;
  /** Update id that the book stands at; 0 where there is none. */
  readonly updateId: Float64Array;
  readonly base: Uint8Array;
}

export class FeedContinuity {
  readonly #feeds: FeedStates = {
    sequence: new Float64Array(DATA_QUALITY_CHANNELS).fill(-1),
    restarts: new Uint8Array(DATA_QUALITY_CHANNELS),
    exchNs: new Float64Array(DATA_QUALITY_CHANNELS).fill(Number.NEGATIVE_INFINITY),
    inTime: new Uint8Array(DATA_QUALITY_CHANNELS),
    updateId: new Float64Array(DATA_QUALITY_CHANNELS),
    base: new Uint8Array(DATA_QUALITY_CHANNELS),
  };

  /** Messages missing before this one: 0 as a rule; -1 for one that is not newer than the last. */
  missingBefore(feed: number, sequence: number): number {
    const { sequence: last, restarts } = this.#feeds;
    const before = last[feed];
    if (sequence === before + 1 || before < 0) {
      last[feed] = sequence;
      return 0;
    }
    if (sequence <= before) {
      // The last messages of the old subscription came after the new one was asked for; this is the first of the new one.
      if (restarts[feed] === 0) return -1;
      restarts[feed] = 0;
      last[feed] = sequence;
      return 0;
    }
    last[feed] = sequence;
    return sequence - before - 1;
  }

  /**
   * By how much a frame is older than the one before it, ns; 0 where it is not. The clock is moved back with it, so that the
   * feed recovers at the next one. The second frame of a subscription may be older than the first, which overtook it: OVERTAKEN.
   */
  behindNs(feed: number, exchNs: number): number {
    const { exchNs: last, inTime } = this.#feeds;
    const behindNs = last[feed] - exchNs;
    last[feed] = exchNs;
    if (behindNs > 0) {
      if (inTime[feed] !== 1) return behindNs;
      inTime[feed] = 2;
      return OVERTAKEN;
    }
    if (inTime[feed] < 2) inTime[feed]++;
    return 0;
  }

  /** A whole book was taken: deltas go on from it. */
  wholeTaken(feed: number, updateId: number): void {
    this.#feeds.base[feed] = SNAPSHOT_SEEN;
    this.#feeds.updateId[feed] = updateId;
  }

  /** A whole book was refused. Deltas that carry ids show by themselves whether they go on from what stands. */
  wholeRefused(feed: number): void {
    const { base, updateId } = this.#feeds;
    const goesOn = base[feed] === DELTA_SEEN && updateId[feed] !== 0;
    if (!goesOn && base[feed] !== OUT_OF_STEP) base[feed] = SNAPSHOT_REFUSED;
  }

  /** What a delta stands on. `missing`: what `missingBefore` said of it. */
  delta(message: BookMessage, feed: number, missing: number): number {
    const { base, exchNs, updateId } = this.#feeds;
    const before = base[feed];
    if (before === NO_BASE || before === OUT_OF_STEP) return DELTA_IS_NO_NEWS;
    const known = updateId[feed];
    const hasIds = known !== 0 && message.updateId !== 0 && message.previousUpdateId !== 0;
    // What a snapshot overtook, or a message sent twice.
    if (hasIds ? message.updateId <= known : missing < 0) return DELTA_IS_NO_NEWS;
    const isFirst = before === SNAPSHOT_SEEN;
    if (isFirst && message.exchNs < exchNs[feed]) {
      // A snapshot is stamped when it was made. Where there are ids they tell the order, else the delta is part of it.
      exchNs[feed] = message.exchNs;
      if (!hasIds) return DELTA_IS_NO_NEWS;
    }
    if (before === SNAPSHOT_REFUSED) return DELTA_STANDS_ON_NOTHING;
    // The first delta after a snapshot may begin before it: sizes are absolute, so that does no harm.
    const { previousUpdateId } = message;
    const follows = hasIds ? previousUpdateId === known || (isFirst && previousUpdateId < known) : missing === 0;
    return follows ? DELTA_FOLLOWS : DELTA_STANDS_ON_NOTHING;
  }

  /** A delta was taken: the next one goes on from it. */
  deltaTaken(feed: number, updateId: number): void {
    this.#feeds.base[feed] = DELTA_SEEN;
    this.#feeds.updateId[feed] = updateId;
  }

  /** A delta was not applied: nothing goes on before the next whole book. */
  lostStep(feed: number): void {
    this.#feeds.base[feed] = OUT_OF_STEP;
  }

  /** The feed whose deltas have lost their base; null from its next good snapshot on. */
  get outOfStep(): 'l2Book' | 'fastBook' | null {
    const { base } = this.#feeds;
    if (base[FEED_INDEX.l2Book] === OUT_OF_STEP) return 'l2Book';
    return base[FEED_INDEX.fastBook] === OUT_OF_STEP ? 'fastBook' : null;
  }

  /** A feed is subscribed again: its numbers and its clock start anew, and its deltas wait for a snapshot. */
  reset(feed: Feed): void {
    const index = FEED_INDEX[feed];
    const { sequence, restarts, exchNs, inTime, updateId, base } = this.#feeds;
    sequence[index] = -1;
    restarts[index] = 1;
    exchNs[index] = Number.NEGATIVE_INFINITY;
    inTime[index] = 0;
    updateId[index] = 0;
    if (base[index] !== OUT_OF_STEP) base[index] = NO_BASE;
  }

  snapshot(): unknown {
    const { sequence, restarts, exchNs, inTime, updateId, base } = this.#feeds;
    return {
      sequence: sequence.slice(),
      restarts: restarts.slice(),
      exchNs: exchNs.slice(),
      inTime: inTime.slice(),
      updateId: updateId.slice(),
      base: base.slice(),
    };
  }

  restore(state: unknown): void {
    const from = state as FeedStates;
    this.#feeds.sequence.set(from.sequence);
    this.#feeds.restarts.set(from.restarts);
    this.#feeds.exchNs.set(from.exchNs);
    this.#feeds.inTime.set(from.inTime);
    this.#feeds.updateId.set(from.updateId);
    this.#feeds.base.set(from.base);
  }
}
