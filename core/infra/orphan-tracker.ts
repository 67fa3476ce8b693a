/**
 * Tells an orphan, an order of the exchange that nobody here tracks, from an order in the ordinary course of its life
 * (playbook 1.4, 3.2). An order is an orphan only if
 *
 * - it is not tracked here,
 * - it is not expected: no order of that CLOID was sent within 30 s and never answered, because its answer may still come,
 * - it was not closed here within 10 s, because what the exchange shows may be older than that,
 * - and it has been seen for 5 s, which any answer on its way takes less than.
 *
 * The last two are looked up in the order book's tombstones, the only memory of closed orders that there is.
 */
import { isFinal, isLive, type TrackedOrder } from '../execution/tracked-order.ts';
import { NS_PER_S } from '../scale.ts';

export interface OrphanConfig {
  /** From this age on, counted from first sight, it is an orphan. */
  graceNs: number;
  /** An order that was sent and never answered may turn up for so long. */
  expectedTtlNs: number;
  /** An order closed within this time is no orphan. */
  finalisedNs: number;
  /** First sight is forgotten so long after last sight. */
  firstSeenExpiryNs: number;
}

/** core-facts 3.2. */
export const DEFAULT_ORPHANS: OrphanConfig = {
  graceNs: 5 * NS_PER_S,
  expectedTtlNs: 30 * NS_PER_S,
  finalisedNs: 10 * NS_PER_S,
  firstSeenExpiryNs: 50 * NS_PER_S,
};

/** `new`: its grace begins; `grace`: it goes on. */
export type OrphanVerdict = 'tracked' | 'expected' | 'finalised' | 'new' | 'grace' | 'orphan';

interface Sighting {
  readonly oid: number;
  readonly cloid: number;
  readonly firstNs: number;
  lastNs: number;
  /** When the exchange's orders were looked at last. */
  lookedNs: number;
  /** It was said to be new: it is no order of ours. */
  isTold: boolean;
}

export class OrphanTracker {
  readonly #config: OrphanConfig;
  /** Orders that are no one's, in the order of their first sight. */
  #sightings: Sighting[] = [];

  constructor(config: OrphanConfig) {
    this.#config = config;
  }

  /** The exchange has an order. `known`: what is known of it here, open or closed; null: nothing. */
  see(oid: number, known: TrackedOrder | null, nowNs: number, cloid = 0): OrphanVerdict {
    if (known !== null && isLive(known.state)) {
      this.forget(oid);
      return 'tracked';
    }
    const sighting = this.#sight(oid, cloid, nowNs);
    const isNew = sighting.lastNs < 0;
    sighting.lastNs = nowNs;
    if (known !== null) {
      if (wasNeverAnswered(known)) {
        if (nowNs - known.placedNs < this.#config.expectedTtlNs) return 'expected';
      } else if (nowNs - known.lastChangeNs < this.#config.finalisedNs) return 'finalised';
    }
    if (nowNs - sighting.firstNs >= this.#config.graceNs) return 'orphan';
    if (!isNew) return 'grace';
    sighting.isTold = true;
    return 'new';
  }

  #sight(oid: number, cloid: number, nowNs: number): Sighting {
    this.#sightings = this.#sightings.filter(({ lastNs }) => nowNs - lastNs <= this.#config.firstSeenExpiryNs);
    const known = this.#sightings.find(one => one.oid === oid);
    if (known !== undefined) return known;
    const sighting = { oid, cloid, firstNs: nowNs, lastNs: -1, lookedNs: nowNs, isTold: false };
    this.#sightings.push(sighting);
    return sighting;
  }

  /** It is tracked now, or gone. */
  forget(oid: number): void {
    this.#sightings = this.#sightings.filter(one => one.oid !== oid);
  }

  /**
   * All orders of the exchange were looked at, in a picture of `exchNs`. Returns those that were new once and are no more: whoever
   * placed them has taken them back, or they were filled.
   */
  looked(exchNs: number, nowNs: number): readonly { readonly oid: number; readonly cloid: number }[] {
    const gone = this.#sightings.filter(({ isTold, lastNs }) => isTold && lastNs < exchNs && lastNs < nowNs);
    if (gone.length > 0) this.#sightings = this.#sightings.filter(sighting => !gone.includes(sighting));
    for (const sighting of this.#sightings) sighting.lookedNs = nowNs;
    return gone;
  }

  /** When the next grace ends after which nothing was looked at yet; Infinity: there is none. */
  get nextGraceEndNs(): number {
    let nextNs = Infinity;
    for (const { firstNs, lookedNs } of this.#sightings) {
      const endNs = firstNs + this.#config.graceNs;
      if (lookedNs < endNs) nextNs = Math.min(nextNs, endNs);
    }
    return nextNs;
  }

  snapshot(): unknown {
    return this.#sightings.map(sighting => ({ ...sighting }));
  }

  restore(state: unknown): void {
    this.#sightings = (state as readonly Sighting[]).map(sighting => ({ ...sighting }));
  }
}

/** It was given up because nothing was ever heard of it. */
function wasNeverAnswered(order: TrackedOrder): boolean {
  return isFinal(order.state) && order.state === 'Expired' && order.oid === 0;
}
