/**
 * Pictures of the account as it was: the exchange answers queries from a state that is older than its streams. A picture is kept
 * of every change for as long as the lag can reach back, so that an answer is exactly what was true at its time. What depends
 * on the market's prices alone (unrealised profit) is of the change before.
 */
import type { RestBody } from '../../core/port.ts';

/** What a query of the account's state answers. */
export type AccountPicture = {
  readonly openOrders: Extract<RestBody, { request: 'openOrders' }>;
  readonly clearinghouseState: Extract<RestBody, { request: 'clearinghouseState' }>;
};

interface Taken {
  readonly atNs: number;
  readonly picture: AccountPicture;
}

export type AccountPicturesState = Taken[];

export class AccountPictures {
  readonly #keepNs: number;
  #taken: Taken[] = [];

  /** `keepNs`: how far back pictures are asked for; 0: never, and none is kept. */
  constructor(keepNs: number) {
    this.#keepNs = keepNs;
  }

  /** Keeps what the account has become; first of all what it is at the start. `take` is called only where somebody may ask for it. */
  changed(nowNs: number, take: () => AccountPicture): void {
    if (this.#keepNs === 0) return;
    const { length } = this.#taken;
    if (length > 0 && this.#taken[length - 1].atNs === nowNs) this.#taken.pop();
    this.#taken.push({ atNs: nowNs, picture: take() });
    // The newest of those that are too old is what stood when the oldest moment that can be asked for began.
    let first = 0;
    while (first + 1 < this.#taken.length && this.#taken[first + 1].atNs <= nowNs - this.#keepNs) first++;
    if (first > 0) this.#taken.splice(0, first);
  }

  /** The picture of a moment not longer ago than is kept, the first one of a moment before it; null where none is kept. */
  at(atNs: number): AccountPicture | null {
    let at = this.#taken.length - 1;
    while (at > 0 && this.#taken[at].atNs > atNs) at--;
    return at < 0 ? null : this.#taken[at].picture;
  }

  snapshot(): AccountPicturesState {
    return [...this.#taken];
  }

  restore(state: AccountPicturesState): void {
    this.#taken = [...state];
  }
}
