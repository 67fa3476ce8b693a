/**
 * What belongs to the account and not to one instrument: its money and margin, what it may still ask of the exchange, and the switch
 * that stops everything (playbook 1.1, 1.3, 1.5).
 */
import type { LogEntry } from './evidence.ts';
import type { ExecutionBudget } from './infra/execution-budget.ts';
import type { MarginTracker } from './infra/margin.ts';
import type { ProactiveRateLimiter } from './infra/rate-limit/proactive.ts';
import type { QuotaTracker } from './infra/rate-limit/quota.ts';
import type { Instrument } from './market.ts';
import type { CoreParts } from './parts.ts';
import type { KillSwitch } from './risk/kill-switch.ts';
import type { ProfitTracker } from './risk/profit.ts';
import type { CoreSettings } from './settings.ts';

export class Account {
  readonly killSwitch: KillSwitch;
  readonly profit: ProfitTracker;
  readonly margin: MarginTracker;
  readonly rateLimiter: ProactiveRateLimiter;
  readonly quota: QuotaTracker;
  readonly budget: ExecutionBudget;
  readonly #settings: CoreSettings;
  /** By instrument: what its position is worth, without its sign, USD. */
  readonly #positionUsd: Float64Array;

  constructor(
    settings: CoreSettings,
    instruments: readonly Instrument[],
    parts: CoreParts,
    draw: (stream: string) => number,
    log: (entry: LogEntry) => void,
  ) {
    this.#settings = settings;
    this.#positionUsd = new Float64Array(instruments.length);
    this.killSwitch = parts.killSwitch(log);
    this.profit = parts.profit(settings, instruments);
    this.margin = parts.margin(settings, instruments, log);
    this.rateLimiter = parts.rateLimiter(settings, instruments.length, () => draw('rate-limit'), log);
    this.quota = parts.quota(settings, log);
    this.budget = parts.executionBudget(settings, log);
  }

  /** Most that all positions together may be worth: what the account can carry, USD. */
  get maxNotionalUsd(): number {
    return Math.max(0, this.margin.equityUsd) * this.#settings.account.leverage;
  }

  /** Largest position of one instrument: what it is told to hold, bounded by what the account can carry, USD. */
  get maxInventoryUsd(): number {
    return Math.min(this.#settings.risk.maxInventoryUsd, this.maxNotionalUsd);
  }

  /** What a position is worth now, USD; negative where short. */
  setPosition(instrument: number, positionUsd: number): void {
    this.#positionUsd[instrument] = Math.abs(positionUsd);
    this.margin.setPosition(instrument, positionUsd);
  }

  /** All positions together, each by its size, USD. */
  get notionalUsd(): number {
    let sum = 0;
    for (const usd of this.#positionUsd) sum += usd;
    return sum;
  }

  snapshot(): unknown {
    return {
      killSwitch: this.killSwitch.snapshot(),
      profit: this.profit.snapshot(),
      margin: this.margin.snapshot(),
      rateLimiter: this.rateLimiter.snapshot(),
      quota: this.quota.snapshot(),
      budget: this.budget.snapshot(),
      positionUsd: this.#positionUsd.slice(),
    };
  }

  restore(state: unknown): void {
    const from = state as Record<'killSwitch' | 'profit' | 'margin' | 'rateLimiter' | 'quota' | 'budget', unknown> & {
      positionUsd: Float64Array;
    };
    this.killSwitch.restore(from.killSwitch);
    this.profit.restore(from.profit);
    this.margin.restore(from.margin);
    this.rateLimiter.restore(from.rateLimiter);
    this.quota.restore(from.quota);
    this.budget.restore(from.budget);
    this.#positionUsd.set(from.positionUsd);
  }
}
