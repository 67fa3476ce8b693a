/**
 * Answers to a position that has grown to its maximum (playbook 1.3): a warning, then reduce-only. The reducing side is never
 * blocked, however large the position is.
 */
import { assessment, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface PositionConfig {
  /** Share of the maximum above which it warns. */
  warnShare: number;
  /** Multiple of the maximum above which it is critical. */
  criticalMultiple: number;
}

/** core-facts 1.3. */
export const DEFAULT_POSITION: PositionConfig = { warnShare: 0.8, criticalMultiple: 2 };

export class PositionMonitor implements RiskMonitor {
  readonly name = 'position';
  /** core-facts 1.3. */
  readonly priority = 10;
  readonly #config: PositionConfig;
  readonly #warn = assessment('Low', 'Warn');
  readonly #reduce = assessment('High', 'ReduceOnly');
  readonly #critical = assessment('Critical', 'ReduceOnly');

  constructor(config: PositionConfig) {
    this.#config = config;
  }

  evaluate(input: RiskInput): RiskAssessment {
    const valueUsd = Math.abs(input.positionUsd);
    const maxUsd = input.maxInventoryUsd;
    if (valueUsd > this.#config.criticalMultiple * maxUsd) return this.#critical;
    if (valueUsd > maxUsd) return this.#reduce;
    return valueUsd > this.#config.warnShare * maxUsd ? this.#warn : NO_RISK;
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {
    // Nothing is kept from one evaluation to the next.
  }
}
