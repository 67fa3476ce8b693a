/**
 * Answers to a position that has grown to its maximum (playbook 1.3): a warning, then reduce-only. The reducing side is never
 * blocked, however large the position is, unless the monitor was told to kill.
 */
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface PositionConfig {
  /** Share of the maximum above which it warns. */
  warnShare: number;
  /** Multiple of the maximum above which it is critical. */
  criticalMultiple: number;
  /** True: it kills where it is critical. */
  kills: boolean;
}

/** core-facts 1.3; a position as such kills nothing (the matrix' last section). */
export const DEFAULT_POSITION: PositionConfig = { warnShare: 0.8, criticalMultiple: 2, kills: false };

export class PositionMonitor implements RiskMonitor {
  readonly name = 'position';
  /** core-facts 1.3. */
  readonly priority = 10;
  readonly #config: PositionConfig;
  readonly #warn = assessment('Low', 'Warn');
  readonly #reduce = assessment('High', 'ReduceOnly');
  readonly #critical: RiskAssessment;

  constructor(config: PositionConfig) {
    this.#config = config;
    this.#critical = config.kills ? kill('MaxPosition') : assessment('Critical', 'ReduceOnly');
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
