/**
 * Answers to money lost since the day began (playbook 1.3): a warning, then the kill switch. A loss does not come back by
 * waiting, so what it asks for lasts until an operator resets the switch.
 */
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface LossConfig {
  /** Largest loss of a day, as a share of the account's value at its beginning. */
  maxDailyLossShare: number;
  /** Share of that above which it warns. */
  warnShare: number;
}

/** 5 % of the account: the matrix' last section; the warning: core-facts 1.3. */
export const DEFAULT_LOSS: LossConfig = { maxDailyLossShare: 0.05, warnShare: 0.8 };

export class LossMonitor implements RiskMonitor {
  readonly name = 'loss';
  /** core-facts 1.3. */
  readonly priority = 0;
  readonly #config: LossConfig;
  readonly #warn = assessment('Medium', 'Warn');
  readonly #kill = kill('MaxLoss');

  constructor(config: LossConfig) {
    this.#config = config;
  }

  /** Nothing is said while the account's value is unknown. */
  evaluate({ dayProfitUsd, accountValueUsd }: RiskInput): RiskAssessment {
    if (!(accountValueUsd > 0)) return NO_RISK;
    const { maxDailyLossShare, warnShare } = this.#config;
    const limitUsd = maxDailyLossShare * accountValueUsd;
    if (-dayProfitUsd > limitUsd) return this.#kill;
    return -dayProfitUsd > warnShare * limitUsd ? this.#warn : NO_RISK;
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {
    // Nothing is kept from one evaluation to the next.
  }
}
