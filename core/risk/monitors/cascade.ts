/**
 * Answers to open interest that falls away (playbook 1.3): positions are being closed by force, and whoever quotes is run over.
 * Wider first, then no quotes until it has stabilised: once pulled they come back when the drop is under `clearDrop`.
 *
 * The severity is the drop as a share of `severeDrop`, at most 1.
 */
import { assessment, kill, NO_RISK, type RiskAssessment, type RiskInput, type RiskMonitor } from '../monitor.ts';

export interface CascadeConfig {
  /** Drop of open interest that is of severity 1, a share of its highest in the window. */
  severeDrop: number;
  /** Severity above which quotes are pulled. Above half of it they are wider. */
  pullSeverity: number;
  /** Pulled quotes come back once the drop is below this. */
  clearDrop: number;
  /** Severity above which it kills, where it was told to. */
  killSeverity: number;
  kills: boolean;
}

/**
 * 2.5 % within a minute: the matrix, 1.3 (b), and quotes come back under 1 %. With core-facts' severities they are pulled above
 * 2 % and wider above 1 %. Its kill is at 0.95; the matrix has the symptom resolve by itself.
 */
export const DEFAULT_CASCADE: CascadeConfig = {
  severeDrop: 0.025,
  pullSeverity: 0.8,
  clearDrop: 0.01,
  killSeverity: 0.95,
  kills: false,
};

/** What spreads widen by at most, before quotes are pulled (core-facts 1.3). */
const MAX_WIDENING = 0.5;

export class CascadeMonitor implements RiskMonitor {
  readonly name = 'cascade';
  /** Playbook 1.3. */
  readonly priority = 30;
  readonly #config: CascadeConfig;
  readonly #pull = assessment('High', 'PullQuotes');
  readonly #kill = kill('CascadeDetected');
  #widening: RiskAssessment = NO_RISK;
  #isPulled = false;

  constructor(config: CascadeConfig) {
    this.#config = config;
  }

  evaluate({ openInterestDrop }: RiskInput): RiskAssessment {
    const { severeDrop, pullSeverity, clearDrop, killSeverity, kills } = this.#config;
    const severity = Math.min(1, openInterestDrop / severeDrop);
    if (severity > pullSeverity) this.#isPulled = true;
    else if (openInterestDrop < clearDrop) this.#isPulled = false;
    if (kills && severity > killSeverity) return this.#kill;
    if (this.#isPulled) return this.#pull;
    const excess = severity / (0.5 * pullSeverity) - 1;
    if (!(excess > 0)) return NO_RISK;
    const factor = 1 + MAX_WIDENING * excess;
    if (this.#widening.spreadFactor !== factor) this.#widening = assessment('Medium', 'WidenSpreads', factor);
    return this.#widening;
  }

  snapshot(): unknown {
    return this.#isPulled;
  }

  restore(state: unknown): void {
    this.#isPulled = state as boolean;
  }
}
