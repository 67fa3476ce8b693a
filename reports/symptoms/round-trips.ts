/**
 * Round trips of the trailing time: posts on the websocket, each in the window from its sending on, whether it is answered or
 * not. One without a reply counts as a round trip of its age, so that it turns slow by itself.
 *
 * Posts that leave while a young one is on the way are no samples of their own: replies come in order, and one slow reply
 * would hold up a whole burst and count for each of them.
 */

interface RoundTripsState {
  ids: Float64Array;
  sentNs: Float64Array;
  replied: Uint8Array;
  slow: Uint8Array;
}

export class RoundTrips {
  readonly #windowNs: number;
  readonly #slowNs: number;
  /** Oldest first. A core sends tens of posts in ten seconds, not thousands. */
  #posts: { readonly id: number; readonly sentNs: number; replied: boolean; slow: boolean }[] = [];
  #slowCount = 0;

  /** A round trip is slow when it takes longer than `slowNs`, strictly. */
  constructor(windowNs: number, slowNs: number) {
    this.#windowNs = windowNs;
    this.#slowNs = slowNs;
  }

  sent(id: number, atNs: number): void {
    if (this.#posts.some(post => !post.replied && atNs - post.sentNs <= this.#slowNs)) return;
    this.#posts.push({ id, sentNs: atNs, replied: false, slow: false });
  }

  /** True where the post was on the way until now. */
  answered(id: number, atNs: number): boolean {
    const post = this.#posts.find(sent => sent.id === id && !sent.replied);
    if (post === undefined) return false;
    this.#age(post, atNs);
    post.replied = true;
    return true;
  }

  #age(post: { readonly sentNs: number; replied: boolean; slow: boolean }, nowNs: number): void {
    if (post.replied || post.slow || nowNs - post.sentNs <= this.#slowNs) return;
    post.slow = true;
    this.#slowCount++;
  }

  /** Lets go of what has left the window, and finds what has turned slow. */
  passTime(nowNs: number): void {
    let gone = 0;
    while (gone < this.#posts.length && this.#posts[gone].sentNs + this.#windowNs <= nowNs) {
      if (this.#posts[gone].slow) this.#slowCount--;
      gone++;
    }
    if (gone > 0) this.#posts.splice(0, gone);
    for (const post of this.#posts) this.#age(post, nowNs);
  }

  get count(): number {
    return this.#posts.length;
  }

  get slowCount(): number {
    return this.#slowCount;
  }

  /** When one that is still on the way turns slow, or, where one is slow, the oldest leaves the window; Infinity: never. */
  get nextChangeNs(): number {
    const waiting = this.#posts.find(post => !post.replied && !post.slow);
    const slowNs = waiting === undefined ? Number.POSITIVE_INFINITY : waiting.sentNs + this.#slowNs + 1;
    return this.#slowCount === 0 ? slowNs : Math.min(slowNs, this.#posts[0].sentNs + this.#windowNs);
  }

  snapshot(): unknown {
    const posts = this.#posts;
    return {
      ids: Float64Array.from(posts, post => post.id),
      sentNs: Float64Array.from(posts, post => post.sentNs),
      replied: Uint8Array.from(posts, post => (post.replied ? 1 : 0)),
      slow: Uint8Array.from(posts, post => (post.slow ? 1 : 0)),
    } satisfies RoundTripsState;
  }

  restore(state: unknown): void {
    const { ids, sentNs, replied, slow } = state as RoundTripsState;
    this.#posts = Array.from(ids, (id, index) => {
      return { id, sentNs: sentNs[index], replied: replied[index] === 1, slow: slow[index] === 1 };
    });
    this.#slowCount = this.#posts.filter(post => post.slow).length;
  }
}
