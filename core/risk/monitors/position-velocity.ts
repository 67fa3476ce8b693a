/**
 * Answers to a position that grows too fast (playbook 1.3): wider, then nothing more on the growing side until it has stopped
 * growing for a while, and where it was told to the kill switch. Inventory that ramped up at 38 % of its maximum a minute once went without any warning (incident I-44).
 *
 * The velocity is how far the position, of whatever sign, has grown from its smallest within the trailing window, as a share
 * of the maximum. A position that shrinks is no danger, and the reducing side is never blocked.
 */
import { ASK, BID } from '../../market.ts';
import { NS_PER_S } from '../../scale.ts';
import {
  assessment,
  kill,
  NO_RISK,
  pullSide,
  type RiskAssessment,
  type RiskInput,
  type RiskMonitor,
} from '../monitor.ts';

export interface PositionVelocityConfig {
  windowNs: number;
  /** Growth within the window, as a share of the maximum, above which spreads widen … */
  widenShare: number;
  /** … from this factor, rising evenly … */
  minSpreadFactor: number;
  /** … to this one, at the growth above which the growing side is pulled. */
  maxSpreadFactor: number;
  pullShare: number;
  /** A pulled side comes back, at the widest, once the position has not grown for so long. */
  calmNs: number;
  /** Growth above which it is critical, and kills where the monitor was told to. */
  criticalShare: number;
  kills: boolean;
}

/**
 * core-facts 1.3 and list L, L25. It does not kill: the default ladder's orders are worth the whole maximum on each side, so that
 * one sweep could throw the switch of a healthy core.
 */
export const DEFAULT_POSITION_VELOCITY: PositionVelocityConfig = {
  windowNs: 60 * NS_PER_S,
  widenShare: 0.2,
  minSpreadFactor: 1.5,
  maxSpreadFactor: 3,
  pullShare: 0.5,
  // Ours: three levels of the default ladder are over half the maximum, and a side that is gone for the whole minute after
  // them is one that is not quoted (the matrix allows it 10 s).
  calmNs: 5 * NS_PER_S,
  criticalShare: 1,
  kills: false,
};

export class PositionVelocityMonitor implements RiskMonitor {
  readonly name = 'position-velocity';
  /** core-facts 1.3. */
  readonly priority = 12;
  readonly #config: PositionVelocityConfig;
  readonly #pulls: readonly RiskAssessment[] = [pullSide('High', BID), pullSide('High', ASK)];
  readonly #critical: readonly RiskAssessment[];
  #widening: RiskAssessment = NO_RISK;
  /**
   * Sizes of the position, lots, ascending with their times: each is smaller than all after it, so that the first is the
   * smallest of the window. The time is when each ended.
   */
  #lots: number[] = [];
  #untilNs: number[] = [];
  /** Signed. */
  #lastLots = 0;
  /** When it last grew. */
  #grownNs = 0;

  constructor(config: PositionVelocityConfig) {
    this.#config = config;
    this.#critical = config.kills
      ? [kill('PositionVelocity'), kill('PositionVelocity')]
      : [pullSide('Critical', BID), pullSide('Critical', ASK)];
  }

  evaluate(input: RiskInput): RiskAssessment {
    const growth = this.#growth(input);
    const { widenShare, minSpreadFactor, maxSpreadFactor, pullShare, criticalShare } = this.#config;
    if (!(growth > widenShare)) return NO_RISK;
    const growing = input.positionLots > 0 ? BID : ASK;
    if (growth > criticalShare && this.#config.kills) return this.#critical[growing];
    if (growth > pullShare && input.nowNs - this.#grownNs < this.#config.calmNs) {
      return (growth > criticalShare ? this.#critical : this.#pulls)[growing];
    }
    const share = Math.min(1, (growth - widenShare) / (pullShare - widenShare));
    const factor = minSpreadFactor + (maxSpreadFactor - minSpreadFactor) * share;
    if (this.#widening.spreadFactor !== factor) this.#widening = assessment('Medium', 'WidenSpreads', factor);
    return this.#widening;
  }

  /** Growth within the window, as a share of the maximum; 0 while that is unknown. */
  #growth({ nowNs, positionLots, positionUsd, maxInventoryUsd }: RiskInput): number {
    const lots = Math.abs(positionLots);
    this.#take(positionLots, nowNs);
    if (lots === 0 || positionUsd === 0 || maxInventoryUsd <= 0) return 0;
    const smallest = Math.min(lots, this.#lots[0] ?? lots);
    return ((lots - smallest) * Math.abs(positionUsd)) / (lots * maxInventoryUsd);
  }

  /** A size that has changed leaves the window when the moment of the change does. */
  #take(positionLots: number, nowNs: number): void {
    const fromNs = nowNs - this.#config.windowNs;
    while (this.#untilNs.length > 0 && this.#untilNs[0] < fromNs) {
      this.#untilNs.shift();
      this.#lots.shift();
    }
    const before = this.#lastLots;
    if (positionLots === before) return;
    if (Math.abs(positionLots) > Math.abs(before) || positionLots * before < 0) this.#grownNs = nowNs;
    this.#push(Math.abs(before), nowNs);
    // It went through zero on its way.
    if ((before < 0 && positionLots > 0) || (before > 0 && positionLots < 0)) this.#push(0, nowNs);
    this.#lastLots = positionLots;
  }

  /** What was as large or larger, and ended before, can never be the smallest again. */
  #push(lots: number, nowNs: number): void {
    while (this.#lots.length > 0 && this.#lots[this.#lots.length - 1] >= lots) {
      this.#lots.pop();
      this.#untilNs.pop();
    }
    this.#lots.push(lots);
    this.#untilNs.push(nowNs);
  }

  snapshot(): unknown {
    return {
      lots: this.#lots.slice(),
      untilNs: this.#untilNs.slice(),
      lastLots: this.#lastLots,
      grownNs: this.#grownNs,
    };
  }

  restore(state: unknown): void {
    const from = state as {
      lots: readonly number[];
      untilNs: readonly number[];
      lastLots: number;
      grownNs: number;
    };
    this.#lots = from.lots.slice();
    this.#untilNs = from.untilNs.slice();
    this.#lastLots = from.lastLots;
    this.#grownNs = from.grownNs;
  }
}
