/**
 * Round trips on the websocket (playbook 4.4): from the moment in which a post leaves to that in which its reply is received, in time
 * or late. What the core itself takes before and after is not the network's, and not in it.
 *
 * Told when the median of the last ten seconds leaves its limit behind, every five seconds while it does, and when it is back.
 */
import type { LogEntry } from '../evidence.ts';
import { NS_PER_MS, NS_PER_S, NS_PER_US } from '../scale.ts';

/** Playbook 4.1: under 200 ms. */
const SLOW_NS = 200 * NS_PER_MS;
const WINDOW_NS = 10 * NS_PER_S;
/**
 * Fewer say little of the connection: one round trip in twenty takes over 200 ms, and of the five that the playbook matrix asks for
 * three do so by chance in one run of three hundred.
 */
const LEAST_SAMPLES = 9;
const TELL_AGAIN_NS = 5 * NS_PER_S;

interface RoundTrip {
  readonly id: number;
  readonly sentNs: number;
  /** 0 while it is on its way. */
  tookNs: number;
}

export class RoundTripWatch {
  readonly #log: (entry: LogEntry) => void;
  /** In the order of their sending. */
  #posts: RoundTrip[] = [];
  #isSlow = false;
  #toldNs = Number.NEGATIVE_INFINITY;

  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /**
   * A post leaves on the websocket. One that leaves while a young one is on its way says nothing of its own: replies come in order, and
   * a slow one would hold up all that was sent with it.
   */
  sent(id: number, atNs: number): void {
    if (this.#posts.some(({ sentNs, tookNs }) => tookNs === 0 && atNs - sentNs <= SLOW_NS)) return;
    this.#posts.push({ id, sentNs: atNs, tookNs: 0 });
  }

  /** The reply to a post was received. */
  answered(id: number, atNs: number): void {
    const post = this.#posts.find(one => one.id === id);
    if (post !== undefined) post.tookNs = Math.max(1, atNs - post.sentNs);
  }

  /** To be called about once a second. */
  check(nowNs: number): void {
    if (this.#posts.length === 0 && !this.#isSlow) return;
    this.#posts = this.#posts.filter(({ sentNs }) => sentNs > nowNs - WINDOW_NS);
    const answered = this.#posts.filter(({ tookNs }) => tookNs > 0);
    const slow = answered.filter(({ tookNs }) => tookNs > SLOW_NS);
    // The median is slow where at least half are: sorting them is left for when it is told.
    const isSlow = answered.length >= LEAST_SAMPLES && 2 * slow.length >= answered.length;
    if (isSlow === this.#isSlow && (!isSlow || nowNs - this.#toldNs < TELL_AGAIN_NS)) return;
    this.#isSlow = isSlow;
    this.#toldNs = nowNs;
    const medianUs = medianNs(answered) / NS_PER_US;
    this.#log({ type: 'ws-roundtrip', atNs: nowNs, isSlow, medianUs, samples: answered.length });
  }

  snapshot(): unknown {
    return { posts: this.#posts.map(post => ({ ...post })), isSlow: this.#isSlow, toldNs: this.#toldNs };
  }

  restore(state: unknown): void {
    const from = state as { posts: RoundTrip[]; isSlow: boolean; toldNs: number };
    this.#posts = from.posts.map(post => ({ ...post }));
    this.#isSlow = from.isSlow;
    this.#toldNs = from.toldNs;
  }
}

/** Of an even number the greater of the two in the middle; 0 of none. */
function medianNs(answered: readonly RoundTrip[]): number {
  const took = answered.map(({ tookNs }) => tookNs).sort((a, b) => a - b);
  return took.length === 0 ? 0 : took[took.length >> 1];
}
