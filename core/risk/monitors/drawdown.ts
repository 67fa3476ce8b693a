/**
 * Answers to profit that was made and lost again (playbook 1.3): a warning, then the kill switch.
 *
 * What was lost since the peak is held against the account's value, and never against the peak itself, which after a first
 * fill is a few cents: that showed drawdowns of over 100 % and stopped quoting for ever (incident I-1). For the same reason a
 * peak under `minPeakUsd` counts for nothing.
 */
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface DrawdownConfig {
  /** Largest fall from the peak, as a share of the account's value. */
  maxDrawdownShare: number;
  /** Share of that above which it warns. */
  warnShare: number;
  /** A peak below this is none, USD. */
  minPeakUsd: number;
}

/** 5 % of the account: the matrix' last section; the warning and the smallest peak: core-facts 1.3. */
export const DEFAULT_DRAWDOWN: DrawdownConfig = { maxDrawdownShare: 0.05, warnShare: 0.7, minPeakUsd: 1 };

export class DrawdownMonitor implements RiskMonitor {
  readonly name = 'drawdown';
  /** core-facts 1.3. */
  readonly priority = 5;
  readonly #config: DrawdownConfig;
  readonly #warn = assessment('Medium', 'Warn');
  readonly #kill = kill('MaxDrawdown');

  constructor(config: DrawdownConfig) {
    this.#config = config;
  }

  /** Nothing is said while the account's value is unknown. */
  evaluate({ profitUsd, peakProfitUsd, accountValueUsd }: RiskInput): RiskAssessment {
    const { maxDrawdownShare, warnShare, minPeakUsd } = this.#config;
    if (!(accountValueUsd > 0) || peakProfitUsd < minPeakUsd) return NO_RISK;
    const lostUsd = peakProfitUsd - profitUsd;
    const limitUsd = maxDrawdownShare * accountValueUsd;
    if (lostUsd > limitUsd) return this.#kill;
    return lostUsd > warnShare * limitUsd ? this.#warn : NO_RISK;
  }

  snapshot(): unknown {
    return null;
  }

  restore(): void {
    // Nothing is kept from one evaluation to the next.
  }
}
