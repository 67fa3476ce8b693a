/**
 * The circuit breaker (playbook 1.3; core-facts 1.3): no quotes while open interest falls by a fiftieth within a minute, and
 * wider ones while funding is extreme or the market's own spread is wide open.
 *
 * It is one of the risk monitors, so that what it decides is done: in the reference system it cancelled nothing (list L, L29).
 * That system also widened where few quotes were filled. That holds for every market maker on a quiet market, so it is left out.
 */
import { assessment, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from './monitor.ts';

export interface CircuitBreakerConfig {
  /** Drop of open interest within its window from which on no quotes stand, a share of its highest … */
  openInterestDrop: number;
  /** … until it is below this share of that. */
  clearShare: number;
  /** Funding for eight hours, of either sign, above which spreads widen, and by how much. */
  maxFunding8h: number;
  fundingSpreadFactor: number;
  /** Spread of the market, bps, above which spreads widen, and by how much. */
  maxMarketSpreadBps: number;
  marketSpreadFactor: number;
}

/** core-facts 1.3. */
export const DEFAULT_CIRCUIT_BREAKER: CircuitBreakerConfig = {
  openInterestDrop: 0.02,
  clearShare: 0.5,
  maxFunding8h: 0.001,
  fundingSpreadFactor: 2,
  maxMarketSpreadBps: 50,
  marketSpreadFactor: 5,
};

const FUNDING_HOURS = 8;

export class CircuitBreaker implements RiskMonitor {
  readonly name = 'circuit-breaker';
  /** Ours: beside the cascade monitor, which looks at the same figure. */
  readonly priority = 25;
  readonly #config: CircuitBreakerConfig;
  readonly #cancelAll = assessment('High', 'PullQuotes');
  readonly #wideMarket: RiskAssessment;
  readonly #highFunding: RiskAssessment;
  #isOpen = false;

  constructor(config: CircuitBreakerConfig) {
    this.#config = config;
    this.#wideMarket = assessment('Medium', 'WidenSpreads', config.marketSpreadFactor);
    this.#highFunding = assessment('Medium', 'WidenSpreads', config.fundingSpreadFactor);
  }

  evaluate({ openInterestDrop, fundingPerHour, marketSpreadBps }: RiskInput): RiskAssessment {
    const config = this.#config;
    if (openInterestDrop >= config.openInterestDrop) this.#isOpen = true;
    else if (openInterestDrop < config.clearShare * config.openInterestDrop) this.#isOpen = false;
    if (this.#isOpen) return this.#cancelAll;
    if (marketSpreadBps > config.maxMarketSpreadBps) return this.#wideMarket;
    return FUNDING_HOURS * Math.abs(fundingPerHour) > config.maxFunding8h ? this.#highFunding : NO_RISK;
  }

  snapshot(): unknown {
    return this.#isOpen;
  }

  restore(state: unknown): void {
    this.#isOpen = state as boolean;
  }
}
