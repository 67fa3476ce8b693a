/**
 * Answers to an ageing book (playbook 1.3 and matrix, staleness staircase): cautious, then pulled, then critical. It does not
 * kill unless it was told to: quotes come back with the data.
 */
import { NS_PER_S } from '../../scale.ts';
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface DataStalenessConfig {
  /** Older than this: wider. */
  cautiousAgeNs: number;
  /** Older than this: no quotes. */
  pullAgeNs: number;
  /** Older than this: no quotes, and critical. */
  criticalAgeNs: number;
  cautiousSpreadFactor: number;
  /** Each age is at least so many of the book's own average gaps. */
  cadenceMultiple: number;
  /** True: it kills where it is critical. */
  kills: boolean;
}

/** Playbook 1.3 (5 s), 2.2 (15 s and 30 s); the factor is core-facts 1.3's first step of widening. */
export const DEFAULT_DATA_STALENESS: DataStalenessConfig = {
  cautiousAgeNs: 5 * NS_PER_S,
  pullAgeNs: 15 * NS_PER_S,
  criticalAgeNs: 30 * NS_PER_S,
  cautiousSpreadFactor: 1.5,
  cadenceMultiple: 3,
  // The matrix' last section.
  kills: false,
};

export class DataStalenessMonitor implements RiskMonitor {
  readonly name = 'data-staleness';
  /** core-facts 1.3. */
  readonly priority = 20;
  readonly #config: DataStalenessConfig;
  readonly #cautious: RiskAssessment;
  readonly #pull = assessment('High', 'PullQuotes');
  readonly #critical: RiskAssessment;

  constructor(config: DataStalenessConfig) {
    this.#config = config;
    this.#cautious = assessment('Medium', 'WidenSpreads', config.cautiousSpreadFactor);
    this.#critical = config.kills ? kill('StaleData') : assessment('Critical', 'PullQuotes');
  }

  /** Before any data there is nothing to be cautious with: the data-quality gate is shut then. */
  evaluate(input: RiskInput): RiskAssessment {
    const { bookAgeNs, bookCadenceNs } = input;
    const { cautiousAgeNs, pullAgeNs, criticalAgeNs, cadenceMultiple } = this.#config;
    if (bookAgeNs === Number.POSITIVE_INFINITY) return NO_RISK;
    const ownLimitNs = cadenceMultiple * bookCadenceNs;
    if (bookAgeNs > Math.max(criticalAgeNs, ownLimitNs)) return this.#critical;
    if (bookAgeNs > Math.max(pullAgeNs, ownLimitNs)) return this.#pull;
    return bookAgeNs > Math.max(cautiousAgeNs, ownLimitNs) ? this.#cautious : NO_RISK;
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {
    // Nothing is kept from one evaluation to the next.
  }
}
