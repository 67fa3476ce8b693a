/**
 * Answers to an exchange that says too much is asked of it (playbook 1.1): a warning with the first step of the back-off, no
 * quotes with the next. While the address has no requests left at all, only orders that reduce the position may use up
 * those that come back.
 *
 * Nothing is answered once the back-off is over: whether the exchange takes orders again can only be seen by sending one,
 * and errors that forbade that would never be forgotten.
 */
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface RateLimitMonitorConfig {
  /** Steps of one back-off that are put up with. From one fewer on quotes are pulled. */
  maxErrors: number;
  /** True: more than that kills. */
  kills: boolean;
}

/** core-facts 1.1; one error a step and no kill: the matrix' last section. */
export const DEFAULT_RATE_LIMIT_MONITOR: RateLimitMonitorConfig = { maxErrors: 3, kills: false };

export class RateLimitMonitor implements RiskMonitor {
  readonly name = 'rate-limit';
  /** core-facts 1.3. */
  readonly priority = 15;
  readonly #config: RateLimitMonitorConfig;
  readonly #warn = assessment('Medium', 'Warn');
  readonly #reduce = assessment('High', 'ReduceOnly');
  readonly #pull = assessment('High', 'PullQuotes');
  readonly #critical: RiskAssessment;

  constructor(config: RateLimitMonitorConfig) {
    this.#config = config;
    this.#critical = config.kills ? kill('RateLimit') : assessment('Critical', 'PullQuotes');
  }

  evaluate({ rateLimitErrors, isQuotaExhausted }: RiskInput): RiskAssessment {
    const { maxErrors } = this.#config;
    if (rateLimitErrors > maxErrors) return this.#critical;
    if (rateLimitErrors > 0 && rateLimitErrors >= maxErrors - 1) return this.#pull;
    if (isQuotaExhausted) return this.#reduce;
    return rateLimitErrors > 0 ? this.#warn : NO_RISK;
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {
    // Nothing is kept from one evaluation to the next.
  }
}
