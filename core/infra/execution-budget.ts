/**
 * The execution budget (playbook 1.1): a bucket of tokens that fills up evenly and pays for actions, so that a burst is possible
 * and a flood is not. What must be sent, cancels above all, is paid for even out of a small debt.
 *
 * The default is large and refills faster than a healthy core spends: it limits only a core that has run wild, or one whose
 * bucket was set too small.
 */
import type { LogEntry } from '../evidence.ts';

export interface ExecutionBudgetConfig {
  /** Most tokens there can be, and those at the start. */
  capacityTokens: number;
  refillPerS: number;
  /** Debt that what must be sent may run up. */
  emergencyReserveTokens: number;
  /** What each item of a batch after the first costs; the first costs 1. */
  bulkItemTokens: number;
}

/** The matrix' last section; reserve and bulk cost: core-facts 1.1. */
export const DEFAULT_EXECUTION_BUDGET: ExecutionBudgetConfig = {
  capacityTokens: 2_000,
  refillPerS: 20,
  emergencyReserveTokens: 20,
  bulkItemTokens: 0.8,
};

/** Tokens are kept in billionths, so that what is refilled in a nanosecond is a whole number and sums are exact. */
const NANO = 1_000_000_000;

export class ExecutionBudget {
  readonly #config: ExecutionBudgetConfig;
  readonly #log: (entry: LogEntry) => void;
  #nanoTokens: number;
  #atNs = 0;
  #spentNano = 0;
  #skipped = 0;
  #isExhausted = false;

  constructor(config: ExecutionBudgetConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
    this.#nanoTokens = config.capacityTokens * NANO;
  }

  /** What a batch of so many orders or cancels costs, tokens; 0 for none. */
  cost(items: number): number {
    return items > 0 ? 1 + this.#config.bulkItemTokens * (items - 1) : 0;
  }

  #costNano(items: number): number {
    return Math.round(this.cost(items) * NANO);
  }

  /** Tokens that there are now; negative where what must be sent has run up a debt. */
  tokens(nowNs: number): number {
    this.#refill(nowNs);
    return this.#nanoTokens / NANO;
  }

  #refill(nowNs: number): void {
    const { capacityTokens, refillPerS } = this.#config;
    if (nowNs <= this.#atNs) return;
    this.#nanoTokens = Math.min(capacityTokens * NANO, this.#nanoTokens + (nowNs - this.#atNs) * refillPerS);
    this.#atNs = nowNs;
  }

  /** Pays for a batch. False, and one more on the skip counter: there are too few tokens, and it is not to be sent. */
  trySpend(items: number, nowNs: number): boolean {
    this.#refill(nowNs);
    const cost = this.#costNano(items);
    const isPaid = this.#nanoTokens >= cost;
    if (isPaid) this.#pay(cost);
    else this.#skipped++;
    this.#note(!isPaid, nowNs);
    return isPaid;
  }

  /** Pays for what must be sent. It always is; the debt for it ends at the reserve. */
  spendEmergency(items: number, nowNs: number): void {
    this.#refill(nowNs);
    const left = this.#nanoTokens + this.#config.emergencyReserveTokens * NANO;
    this.#pay(Math.min(this.#costNano(items), left));
  }

  #pay(nanoTokens: number): void {
    this.#nanoTokens -= nanoTokens;
    this.#spentNano += nanoTokens;
  }

  /** When there will be enough for a batch: now, or later; Infinity where the bucket never holds so much. */
  affordableNs(items: number, nowNs: number): number {
    this.#refill(nowNs);
    const cost = this.#costNano(items);
    const missing = cost - this.#nanoTokens;
    if (missing <= 0) return nowNs;
    const { capacityTokens, refillPerS } = this.#config;
    if (cost > capacityTokens * NANO || refillPerS <= 0) return Number.POSITIVE_INFINITY;
    return nowNs + Math.ceil(missing / refillPerS);
  }

  /** There are too few tokens for even one action, and none is tried: the next that is paid tells that there are enough again. */
  ranOut(nowNs: number): void {
    this.#note(true, nowNs);
  }

  /** Spendings that were refused so far. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Tokens paid so far, as a share of all that there were. */
  utilisation(nowNs: number): number {
    this.#refill(nowNs);
    const earned = this.#nanoTokens + this.#spentNano;
    return earned > 0 ? this.#spentNano / earned : 0;
  }

  #note(isExhausted: boolean, nowNs: number): void {
    if (isExhausted === this.#isExhausted) return;
    this.#isExhausted = isExhausted;
    const { skipped } = this;
    this.#log({ type: 'execution-budget', atNs: nowNs, isExhausted, tokens: this.#nanoTokens / NANO, skipped });
  }

  snapshot(): unknown {
    return {
      nanoTokens: this.#nanoTokens,
      atNs: this.#atNs,
      spentNano: this.#spentNano,
      skipped: this.#skipped,
      isExhausted: this.#isExhausted,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      nanoTokens: number;
      atNs: number;
      spentNano: number;
      skipped: number;
      isExhausted: boolean;
    };
    this.#nanoTokens = from.nanoTokens;
    this.#atNs = from.atNs;
    this.#spentNano = from.spentNano;
    this.#skipped = from.skipped;
    this.#isExhausted = from.isExhausted;
  }
}
