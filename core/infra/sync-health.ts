/**
 * How well the local orders agree with the exchange's, as a score from 0.302 to 1 (playbook 2.3, core-facts 2.3).
 *
 * What cannot be trusted is quoted with care: wider and smaller while degraded, only to reduce while out of sync. A good comparison
 * does not age by itself, because the next one may be due only in a while. Its age counts from the first comparison after it that
 * failed.
 *
 * Four parts, each from 0 to 1: how fresh the last good comparison is, how many of the last comparisons succeeded, how alike
 * the two counts of orders are, and how few orphans there were. Each can only take a part of the score away:
 * (0.6 + 0.4 freshness) (0.7 + 0.3 success) (0.8 + 0.2 match) (0.9 + 0.1 orphans).
 */
import type { LogEntry } from '../evidence.ts';
import { NS_PER_S } from '../scale.ts';

export type SyncLevel = 'Healthy' | 'Degraded' | 'Desync';

export interface SyncHealthConfig {
  /** While later comparisons have failed for no longer than this, the last good one is as good as new. */
  freshAgeNs: number;
  /** From here on it is worth nothing. */
  worthlessAgeNs: number;
  /** The share of successes is taken over so many comparisons. */
  successWindow: number;
  /** Share of orphans at which that part is 0. */
  worstOrphanShare: number;
  healthyScore: number;
  degradedScore: number;
}

/** What a level asks of the quotes. */
export interface SyncEffect {
  readonly spreadFactor: number;
  readonly sizeFactor: number;
  readonly reduceOnly: boolean;
}

/** core-facts 2.3. Out of sync nothing grows, and what reduces the position goes on. */
const EFFECTS: Readonly<Record<SyncLevel, SyncEffect>> = {
  Healthy: { spreadFactor: 1, sizeFactor: 1, reduceOnly: false },
  Degraded: { spreadFactor: 1.5, sizeFactor: 0.5, reduceOnly: false },
  Desync: { spreadFactor: 2, sizeFactor: 0.5, reduceOnly: true },
};

/** core-facts 2.3. */
export const DEFAULT_SYNC_HEALTH: SyncHealthConfig = {
  freshAgeNs: 5 * NS_PER_S,
  worthlessAgeNs: 10 * NS_PER_S,
  successWindow: 20,
  worstOrphanShare: 0.2,
  healthyScore: 0.8,
  degradedScore: 0.5,
};

/** What is assumed before the first comparison (core-facts 2.3). */
const FRESHNESS_UNKNOWN = 0.5;
const SUCCESS_UNKNOWN = 0.8;
/** One side has orders and the other has none. */
const MATCH_ONE_EMPTY = 0.5;

export class SyncHealth {
  readonly #config: SyncHealthConfig;
  readonly #log: (entry: LogEntry) => void;
  /** The last outcomes, 1 or 0, oldest first. */
  #outcomes: number[] = [];
  #hasSucceeded = false;
  /** Since when comparisons fail; -1 while the last one succeeded, or before any. */
  #failingNs = -1;
  #match = 1;
  #orphanFree = 1;
  #loggedLevel: SyncLevel | null = null;

  constructor(config: SyncHealthConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  /**
   * Takes a comparison down. Where it did not succeed the counts say nothing and are not looked at.
   * `orphans`: orders of the exchange that are not known here.
   */
  record(success: boolean, localOrders: number, exchangeOrders: number, orphans: number, nowNs: number): void {
    this.#outcomes.push(success ? 1 : 0);
    if (this.#outcomes.length > this.#config.successWindow) this.#outcomes.shift();
    if (!success) {
      if (this.#failingNs < 0) this.#failingNs = nowNs;
    } else {
      this.#hasSucceeded = true;
      this.#failingNs = -1;
      this.#match = matchOf(localOrders, exchangeOrders);
      const share = exchangeOrders === 0 ? 0 : orphans / exchangeOrders;
      this.#orphanFree = Math.max(0, 1 - share / this.#config.worstOrphanShare);
    }
    this.#logChange(nowNs);
  }

  /** From 0.302, nothing agrees, to 1. */
  score(nowNs: number): number {
    return (
      (0.6 + 0.4 * this.#freshness(nowNs)) *
      (0.7 + 0.3 * this.#success()) *
      (0.8 + 0.2 * this.#match) *
      (0.9 + 0.1 * this.#orphanFree)
    );
  }

  /** What the score amounts to. */
  level(nowNs: number): SyncLevel {
    const score = this.score(nowNs);
    if (score >= this.#config.healthyScore) return 'Healthy';
    return score >= this.#config.degradedScore ? 'Degraded' : 'Desync';
  }

  /**
   * What the level asks of the quotes. Before the first comparison nothing: no order goes out before it, and what is not known is not
   * out of sync.
   */
  effect(nowNs: number): SyncEffect {
    return this.#outcomes.length === 0 ? EFFECTS.Healthy : EFFECTS[this.level(nowNs)];
  }

  #logChange(nowNs: number): void {
    const level = this.level(nowNs);
    if (level === this.#loggedLevel) return;
    this.#loggedLevel = level;
    this.#log({ type: 'sync-health', atNs: nowNs, level, score: this.score(nowNs) });
  }

  #freshness(nowNs: number): number {
    if (!this.#hasSucceeded) return FRESHNESS_UNKNOWN;
    if (this.#failingNs < 0) return 1;
    const { freshAgeNs, worthlessAgeNs } = this.#config;
    const left = (worthlessAgeNs - (nowNs - this.#failingNs)) / (worthlessAgeNs - freshAgeNs);
    return Math.min(1, Math.max(0, left));
  }

  #success(): number {
    const count = this.#outcomes.length;
    if (count === 0) return SUCCESS_UNKNOWN;
    let successes = 0;
    for (const outcome of this.#outcomes) successes += outcome;
    return successes / count;
  }

  snapshot(): unknown {
    return {
      outcomes: this.#outcomes.slice(),
      hasSucceeded: this.#hasSucceeded,
      failingNs: this.#failingNs,
      match: this.#match,
      orphanFree: this.#orphanFree,
      loggedLevel: this.#loggedLevel,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      outcomes: readonly number[];
      hasSucceeded: boolean;
      failingNs: number;
      match: number;
      orphanFree: number;
      loggedLevel: SyncLevel | null;
    };
    this.#outcomes = from.outcomes.slice();
    this.#hasSucceeded = from.hasSucceeded;
    this.#failingNs = from.failingNs;
    this.#match = from.match;
    this.#orphanFree = from.orphanFree;
    this.#loggedLevel = from.loggedLevel;
  }
}

function matchOf(localOrders: number, exchangeOrders: number): number {
  const larger = Math.max(localOrders, exchangeOrders);
  if (larger === 0) return 1;
  const smaller = Math.min(localOrders, exchangeOrders);
  return smaller === 0 ? MATCH_ONE_EMPTY : smaller / larger;
}
