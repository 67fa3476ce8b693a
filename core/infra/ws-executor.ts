/**
 * Posts, over the user's websocket and, where that fails, beside it (playbook 1.2, 4.4).
 *
 *   websocket ──reply──▶ answered
 *       └──500 ms, or the socket closes──▶ REST, same payload and nonce ──reply──▶ answered
 *                                            └──"duplicate nonce", or no reply──▶ asked by CLOID ──▶ known
 *
 * The executor numbers attempts, holds what is in flight, and tells for each attempt exactly one outcome: a reply in time, or a
 * timeout. A second attempt has an id of its own and the nonce of the first, and the exchange runs a nonce once: so a request
 * can never be carried out twice, whichever attempt arrives. What timed out is remembered, so that a reply that comes all the
 * same can still be applied to the orders that it names.
 */

import { isDuplicateNonce } from '../execution/exchange-texts.ts';
import type { Action, PostCommand } from '../port.ts';
import { NS_PER_MS, NS_PER_S } from '../scale.ts';

export type PostRoute = PostCommand['via'];

export interface WsPostConfig {
  /** False: posts never take the websocket. */
  enabled: boolean;
  /** Time until a post on the websocket without a reply has timed out. */
  timeoutNs: number;
  /** What the websocket does not answer is sent again beside it. */
  fallbackToRest: boolean;
  /** The same for a post beside the websocket, and for a question about an order. */
  restTimeoutNs: number;
  /** Timed-out posts that are remembered, oldest forgotten first. */
  maxLate: number;
}

/** The presets of playbook 1.2 and 4.4. */
export const WsPostConfig = {
  default(): WsPostConfig {
    return {
      enabled: true,
      // Playbook 1.2 step 2.
      timeoutNs: 500 * NS_PER_MS,
      fallbackToRest: true,
      // What the reference system waits for without a websocket (core-facts 1.2).
      restTimeoutNs: 5 * NS_PER_S,
      // As many as could pile up in the five seconds after which pending orders are given up, at the debounce's pace.
      maxLate: 256,
    };
  },

  /** The same numbers as the default: half a second was the fast preset before it became the default (core-facts 1.2). */
  fast(): WsPostConfig {
    return WsPostConfig.default();
  },

  disabled(): WsPostConfig {
    return { ...WsPostConfig.default(), enabled: false, timeoutNs: 5 * NS_PER_S };
  },
};

export const DEFAULT_WS_POST: WsPostConfig = WsPostConfig.default();

/** One attempt at a request, with the orders that its items are about, item by item. */
export interface SentPost {
  readonly id: number;
  readonly nonce: number;
  readonly via: PostRoute;
  readonly instrument: number;
  readonly action: Action;
  /** Client ids: of new orders, of orders to cancel, of orders to modify. */
  readonly cloids: readonly number[];
  /** Of a modification: the client ids of the orders that take their place; else empty. */
  readonly newCloids: readonly number[];
  /** When the request was sent for the first time, and this attempt. */
  readonly firstSentNs: number;
  readonly sentNs: number;
  /** It is the second attempt at its request. */
  readonly isSecond: boolean;
  /** Another attempt was made after this one, and what that says of the request counts. */
  isRetried: boolean;
}

/** A question about an order whose fate is not known. */
export interface StatusQuery {
  readonly restId: number;
  readonly instrument: number;
  /** The order that was placed or to be cancelled; of a modification the new one. */
  readonly cloid: number;
  readonly about: 'placed' | 'cancelled' | 'modified';
  /** Of a modification: the order that it replaces; else 0. */
  readonly oldCloid: number;
  readonly askedNs: number;
  /** How often it was asked before. */
  readonly tries: number;
}

export class WsExecutor {
  readonly #config: WsPostConfig;
  #lastId = 0;
  #lastNonce = 0;
  /** In the order of their sending. */
  #inFlight: SentPost[] = [];
  #late: SentPost[] = [];
  #queries: StatusQuery[] = [];

  constructor(config: WsPostConfig) {
    this.#config = config;
  }

  get fallbackToRest(): boolean {
    return this.#config.fallbackToRest;
  }

  /** The way that a post can take now; null: there is none. */
  route(isSocketOpen: boolean): PostRoute | null {
    if (!this.#config.enabled) return 'rest';
    if (isSocketOpen) return 'websocket';
    return this.#config.fallbackToRest ? 'rest' : null;
  }

  /** Notes a post that goes out now, with a new id and nonce. */
  register(
    via: PostRoute,
    instrument: number,
    action: Action,
    cloids: readonly number[],
    newCloids: readonly number[],
    nowNs: number,
  ): SentPost {
    // The exchange takes milliseconds as nonces and wants each once; a second post in one counts on.
    this.#lastNonce = Math.max(this.#lastNonce + 1, Math.floor(nowNs / NS_PER_MS));
    return this.#send({
      id: this.#nextId(),
      nonce: this.#lastNonce,
      via,
      instrument,
      action,
      cloids,
      newCloids,
      firstSentNs: nowNs,
      sentNs: nowNs,
      isSecond: false,
      isRetried: false,
    });
  }

  /** Notes a second attempt at a request whose first got no answer: beside the websocket, with the nonce of the first. */
  retry(post: SentPost, nowNs: number): SentPost {
    post.isRetried = true;
    return this.#send({ ...post, id: this.#nextId(), via: 'rest', sentNs: nowNs, isSecond: true, isRetried: false });
  }

  #nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }

  #send(post: SentPost): SentPost {
    this.#inFlight.push(post);
    return post;
  }

  /**
   * Whether a refusal says nothing of the orders. That of an attempt after which another was made does not: the other one counts. That
   * of a second attempt does not either: the first may have been carried out, for certain where its nonce was used.
   */
  saysNothing(post: SentPost, error: string): boolean {
    return post.isRetried || post.isSecond || isDuplicateNonce(error);
  }

  /** The post that a reply answers, taken from those in flight; null where it is not in flight. */
  takeInFlight(id: number): SentPost | null {
    return take(this.#inFlight, post => post.id === id);
  }

  /** The post that a late reply answers; null where it is unknown. */
  takeLate(id: number): SentPost | null {
    return take(this.#late, post => post.id === id);
  }

  /** Posts that have timed out by now, in the order of their sending. Questions that nobody answered are given up. */
  expire(nowNs: number): readonly SentPost[] {
    if (nowNs < this.nextTimeoutNs) return NONE;
    this.#queries = this.#queries.filter(query => nowNs - query.askedNs < this.#config.restTimeoutNs);
    return this.#giveUp(post => this.#deadlineNs(post) <= nowNs);
  }

  /** The websocket is gone: what was in flight on it has timed out, because no reply can come over it any more. */
  connectionClosed(): readonly SentPost[] {
    return this.#giveUp(post => post.via === 'websocket');
  }

  #giveUp(isLost: (post: SentPost) => boolean): readonly SentPost[] {
    const lost = this.#inFlight.filter(isLost);
    if (lost.length === 0) return NONE;
    this.#inFlight = this.#inFlight.filter(post => !lost.includes(post));
    this.#late.push(...lost);
    if (this.#late.length > this.#config.maxLate) this.#late.splice(0, this.#late.length - this.#config.maxLate);
    return lost;
  }

  #deadlineNs({ via, sentNs }: SentPost): number {
    return sentNs + (via === 'websocket' ? this.#config.timeoutNs : this.#config.restTimeoutNs);
  }

  /** When the next post in flight, or question, times out; Infinity where there is none. */
  get nextTimeoutNs(): number {
    let nextNs = Infinity;
    for (const post of this.#inFlight) nextNs = Math.min(nextNs, this.#deadlineNs(post));
    for (const { askedNs } of this.#queries) nextNs = Math.min(nextNs, askedNs + this.#config.restTimeoutNs);
    return nextNs;
  }

  /** Notes a question about an order. */
  asked(query: StatusQuery): void {
    this.#queries.push(query);
  }

  /** Whether the fate of an order is being asked for already. */
  isAsked(cloid: number): boolean {
    return this.#queries.some(query => query.cloid === cloid);
  }

  /** The question that a REST reply answers; null where it answers none. */
  takeQuery(restId: number): StatusQuery | null {
    return take(this.#queries, query => query.restId === restId);
  }

  snapshot(): unknown {
    return {
      lastId: this.#lastId,
      lastNonce: this.#lastNonce,
      inFlight: this.#inFlight.map(copy),
      late: this.#late.map(copy),
      queries: this.#queries.map(query => ({ ...query })),
    };
  }

  restore(state: unknown): void {
    const from = state as {
      lastId: number;
      lastNonce: number;
      inFlight: SentPost[];
      late: SentPost[];
      queries: StatusQuery[];
    };
    this.#lastId = from.lastId;
    this.#lastNonce = from.lastNonce;
    this.#inFlight = from.inFlight.map(copy);
    this.#late = from.late.map(copy);
    this.#queries = from.queries.map(query => ({ ...query }));
  }
}

const NONE: readonly SentPost[] = [];

function take<T>(items: T[], isMeant: (item: T) => boolean): T | null {
  const index = items.findIndex(isMeant);
  return index < 0 ? null : items.splice(index, 1)[0];
}

/** The action is never changed once it is sent, so copies share it. */
function copy(post: SentPost): SentPost {
  return { ...post, cloids: [...post.cloids], newCloids: [...post.newCloids] };
}
