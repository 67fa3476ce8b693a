/**
 * Posts over the user's websocket (playbook 1.2, 4.4): numbers requests, holds what is in flight, and tells for each exactly
 * one outcome: a reply in time (an acknowledgement or a rejection), or a timeout. A closed connection times out everything
 * in flight at once, because no reply can come over it any more.
 *
 * What timed out is remembered, so that a reply that comes all the same can still be applied to the orders that it names.
 */

import type { Action } from '../port.ts';
import { NS_PER_MS } from '../scale.ts';

export interface WsPostSettings {
  /** Time until a post without a reply has timed out. */
  timeoutNs: number;
  /** Timed-out posts that are remembered, oldest forgotten first. */
  maxLate: number;
}

export const DEFAULT_WS_POST: WsPostSettings = {
  // Playbook 1.2 step 2.
  timeoutNs: 500_000_000,
  // As many as could pile up in the five seconds after which pending orders are given up, at the debounce's pace.
  maxLate: 256,
};

/** A post in flight, with the orders that its items are about, item by item. */
export interface SentPost {
  readonly id: number;
  readonly nonce: number;
  readonly instrument: number;
  readonly type: Action['type'];
  /** Client ids: of new orders, of orders to cancel, of orders to modify. */
  readonly cloids: readonly number[];
  /** Of a modification: the client ids of the orders that take their place; else empty. */
  readonly newCloids: readonly number[];
  readonly sentNs: number;
}

export class WsExecutor {
  readonly #settings: WsPostSettings;
  #lastId = 0;
  #lastNonce = 0;
  /** Oldest first: all have the same timeout, so they time out in this order. */
  #inFlight: SentPost[] = [];
  #late: SentPost[] = [];

  constructor(settings: WsPostSettings) {
    this.#settings = settings;
  }

  /** Notes a post that goes out now, with a new id and nonce. */
  register(
    instrument: number,
    type: Action['type'],
    cloids: readonly number[],
    newCloids: readonly number[],
    nowNs: number,
  ): SentPost {
    this.#lastId++;
    // The exchange takes milliseconds as nonces and wants each once; a second post in one counts on.
    this.#lastNonce = Math.max(this.#lastNonce + 1, Math.floor(nowNs / NS_PER_MS));
    const post: SentPost = {
      id: this.#lastId,
      nonce: this.#lastNonce,
      instrument,
      type,
      cloids,
      newCloids,
      sentNs: nowNs,
    };
    this.#inFlight.push(post);
    return post;
  }

  /** The post that a reply answers, taken from those in flight; null where it is not in flight. */
  takeInFlight(id: number): SentPost | null {
    return take(this.#inFlight, id);
  }

  /** The post that a late reply answers; null where it is unknown. */
  takeLate(id: number): SentPost | null {
    return take(this.#late, id);
  }

  /** Posts that have timed out by now, oldest first. */
  expire(nowNs: number): readonly SentPost[] {
    const expired: SentPost[] = [];
    while (this.#inFlight.length > 0 && this.nextTimeoutNs <= nowNs) this.#expireOldest(expired);
    return expired;
  }

  /** The connection is gone: everything in flight has timed out. */
  connectionClosed(): readonly SentPost[] {
    const expired: SentPost[] = [];
    while (this.#inFlight.length > 0) this.#expireOldest(expired);
    return expired;
  }

  #expireOldest(into: SentPost[]): void {
    const post = this.#inFlight.shift();
    if (post === undefined) return;
    into.push(post);
    this.#late.push(post);
    if (this.#late.length > this.#settings.maxLate) this.#late.shift();
  }

  /** When the oldest post in flight times out; Infinity where there is none. */
  get nextTimeoutNs(): number {
    return this.#inFlight.length === 0 ? Infinity : this.#inFlight[0].sentNs + this.#settings.timeoutNs;
  }

  snapshot(): unknown {
    return {
      lastId: this.#lastId,
      lastNonce: this.#lastNonce,
      inFlight: this.#inFlight.map(copy),
      late: this.#late.map(copy),
    };
  }

  restore(state: unknown): void {
    const from = state as { lastId: number; lastNonce: number; inFlight: SentPost[]; late: SentPost[] };
    this.#lastId = from.lastId;
    this.#lastNonce = from.lastNonce;
    this.#inFlight = from.inFlight.map(copy);
    this.#late = from.late.map(copy);
  }
}

function take(posts: SentPost[], id: number): SentPost | null {
  const index = posts.findIndex(post => post.id === id);
  return index < 0 ? null : posts.splice(index, 1)[0];
}

function copy(post: SentPost): SentPost {
  return { ...post, cloids: [...post.cloids], newCloids: [...post.newCloids] };
}
