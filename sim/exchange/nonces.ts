/**
 * Nonces of one signer: the exchange keeps the 100 highest and takes one that is above the lowest kept and not among them
 * (hyperliquid, section 3.8). So what is sent twice runs once.
 */

const KEPT = 100;

export class Nonces {
  /** Ascending. */
  readonly #kept: number[] = [];

  /** Uses a nonce up. False: it was used before, or is so old that this can no longer be told. */
  use(nonce: number): boolean {
    const kept = this.#kept;
    let at = kept.length;
    while (at > 0 && kept[at - 1] > nonce) at--;
    if (at > 0 && kept[at - 1] === nonce) return false;
    if (kept.length === KEPT) {
      if (at === 0) return false;
      kept.shift();
      at--;
    }
    kept.splice(at, 0, nonce);
    return true;
  }

  snapshot(): unknown {
    return this.#kept.slice();
  }

  restore(state: unknown): void {
    this.#kept.length = 0;
    this.#kept.push(...(state as number[]));
  }
}
