/**
 * What is left of the requests that the exchange gives an address, and how much may be sent of it (playbook 1.1,
 * `orchestrator/reconcile.rs` quota tiers).
 *
 *   full          20 % and more   no limit
 *   minimal       under 20 %      two levels a side, and never fewer than one order a side (incidents I-11, I-46)
 *   conservation  under 5 %       nothing that could be left undone: cancels, and orders that only reduce the position
 *
 * The exchange is asked every minute; between two answers every request that is sent is counted here.
 */
import type { LogEntry, QuotaTier } from '../../evidence.ts';
import { NS_PER_S } from '../../scale.ts';

export interface QuotaConfig {
  /** Headroom below which only what must be is sent. */
  conservationBelow: number;
  /** Headroom below which the ladder is cut. */
  minimalBelow: number;
  /** Levels a side in the minimal tier; at least one. */
  minimalLevels: number;
  refreshNs: number;
}

/** Playbook 1.1; levels and interval: core-facts 1.1. */
export const DEFAULT_QUOTA: QuotaConfig = {
  conservationBelow: 0.05,
  minimalBelow: 0.2,
  minimalLevels: 2,
  refreshNs: 60 * NS_PER_S,
};

export class QuotaTracker {
  readonly #config: QuotaConfig;
  readonly #log: (entry: LogEntry) => void;
  /** Requests given and used; a cap of 0: unknown. */
  #cap = 0;
  #used = 0;
  #askedNs = Number.NEGATIVE_INFINITY;
  /** Requests that were sent after the last question, which its answer may hold or not. */
  #sentSinceAsked = 0;
  #tier: QuotaTier = 'full';

  constructor(config: QuotaConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  /** Whether the exchange is to be asked (`userRateLimit`). */
  refreshDue(nowNs: number): boolean {
    return nowNs - this.#askedNs >= this.#config.refreshNs;
  }

  /** It was asked. */
  asked(nowNs: number): void {
    this.#askedNs = nowNs;
    this.#sentSinceAsked = 0;
  }

  /** It answered. What was sent since it was asked is counted on top: better once too often than not. */
  answered(requestsUsed: number, requestsCap: number, nowNs: number): void {
    this.#cap = requestsCap;
    this.#used = requestsUsed + this.#sentSinceAsked;
    this.#update(nowNs);
  }

  /** An action with so many orders or cancels was sent: each is one request of the address. */
  sent(items: number, nowNs: number): void {
    this.#sentSinceAsked += items;
    this.#used += items;
    this.#update(nowNs);
  }

  /** Own volume gives one request for each USD traded. */
  traded(volumeUsd: number, nowNs: number): void {
    if (this.#cap === 0) return;
    this.#cap += volumeUsd;
    this.#update(nowNs);
  }

  /** Share of the requests that is left, 0 to 1; 1 while unknown. */
  get headroom(): number {
    return this.#cap > 0 ? Math.min(1, Math.max(0, (this.#cap - this.#used) / this.#cap)) : 1;
  }

  get tier(): QuotaTier {
    return this.#tier;
  }

  /** Levels a side that may be quoted, of so many that are wanted. In conservation those are for reducing only. */
  levels(wanted: number): number {
    return this.#tier === 'full' ? wanted : Math.min(wanted, Math.max(1, this.#config.minimalLevels));
  }

  /** True: nothing is sent that could be left undone. */
  get isConserving(): boolean {
    return this.#tier === 'conservation';
  }

  #update(nowNs: number): void {
    const { headroom } = this;
    const tier = this.#tierOf(headroom);
    if (tier === this.#tier) return;
    this.#tier = tier;
    this.#log({ type: 'quota-tier', atNs: nowNs, tier, headroom });
  }

  #tierOf(headroom: number): QuotaTier {
    if (headroom < this.#config.conservationBelow) return 'conservation';
    return headroom < this.#config.minimalBelow ? 'minimal' : 'full';
  }

  snapshot(): unknown {
    return {
      cap: this.#cap,
      used: this.#used,
      askedNs: this.#askedNs,
      sentSinceAsked: this.#sentSinceAsked,
      tier: this.#tier,
    };
  }

  restore(state: unknown): void {
    const from = state as { cap: number; used: number; askedNs: number; sentSinceAsked: number; tier: QuotaTier };
    this.#cap = from.cap;
    this.#used = from.used;
    this.#askedNs = from.askedNs;
    this.#sentSinceAsked = from.sentSinceAsked;
    this.#tier = from.tier;
  }
}
