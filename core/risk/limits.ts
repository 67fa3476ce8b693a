/**
 * Soft and hard limits (playbook 1.5): of a position, of one order, and of all positions together.
 *
 * From the soft limit of a position on, what would make it grow shrinks evenly, to nothing at the hard one. An order beyond its
 * hard limit is not sent. All are shares: of the largest position, of the open interest, and of what the account can carry.
 * What only reduces a position is within every limit.
 */
import type { LogEntry, RiskLimitType } from '../evidence.ts';

export interface RiskLimitsConfig {
  /** Share of the largest position from which on growth shrinks. */
  softPositionShare: number;
  /** Largest order, as a share of the largest position, and the share of that above which it is worth a note. */
  maxOrderShare: number;
  softOrderShare: number;
  /** Largest position as a share of the instrument's open interest. */
  maxOpenInterestShare: number;
  /** Share of the account's largest notional from which on growth shrinks. */
  softNotionalShare: number;
}

export const DEFAULT_RISK_LIMITS: RiskLimitsConfig = {
  // core-facts 1.3: 7 of 10.
  softPositionShare: 0.7,
  // Incident I-2: a quarter, of which the usual level is four fifths.
  maxOrderShare: 0.25,
  softOrderShare: 0.8,
  // core-facts 1.3, concentration.
  maxOpenInterestShare: 0.01,
  // As for one position.
  softNotionalShare: 0.7,
};

/** Limits as they are now, USD. */
export interface RiskLimits {
  hardPositionUsd: number;
  softPositionUsd: number;
  hardOrderUsd: number;
  softOrderUsd: number;
  hardNotionalUsd: number;
  softNotionalUsd: number;
}

export type Violation = 'Soft' | 'Hard';

export class RiskChecker {
  readonly #config: RiskLimitsConfig;
  readonly #log: (entry: LogEntry) => void;
  readonly #limits: RiskLimits = {
    hardPositionUsd: 0,
    softPositionUsd: 0,
    hardOrderUsd: 0,
    softOrderUsd: 0,
    hardNotionalUsd: 0,
    softNotionalUsd: 0,
  };
  readonly #violations: Record<RiskLimitType, Violation | null> = { Position: null, Order: null, Notional: null };

  constructor(config: RiskLimitsConfig, log: (entry: LogEntry) => void) {
    this.#config = config;
    this.#log = log;
  }

  get limits(): Readonly<RiskLimits> {
    return this.#limits;
  }

  /**
   * Sets the limits.
   * @param maxInventoryUsd largest position that is meant to be held
   * @param openInterestUsd open interest of the instrument; 0 while unknown
   * @param maxNotionalUsd most that all positions together may be worth: equity times leverage
   * @param minOrderUsd the exchange's smallest order, which no limit forbids
   */
  update(maxInventoryUsd: number, openInterestUsd: number, maxNotionalUsd: number, minOrderUsd: number): void {
    const { softPositionShare, maxOrderShare, softOrderShare, maxOpenInterestShare, softNotionalShare } = this.#config;
    const concentrationUsd = openInterestUsd > 0 ? maxOpenInterestShare * openInterestUsd : Number.POSITIVE_INFINITY;
    const limits = this.#limits;
    limits.hardPositionUsd = Math.min(maxInventoryUsd, concentrationUsd);
    limits.softPositionUsd = softPositionShare * limits.hardPositionUsd;
    limits.hardOrderUsd = Math.max(minOrderUsd, maxOrderShare * maxInventoryUsd);
    limits.softOrderUsd = softOrderShare * limits.hardOrderUsd;
    limits.hardNotionalUsd = maxNotionalUsd;
    limits.softNotionalUsd = softNotionalShare * maxNotionalUsd;
  }

  /** What a position of this worth violates; the sign does not matter. */
  checkPosition(positionUsd: number, nowNs: number): Violation | null {
    const { softPositionUsd, hardPositionUsd } = this.#limits;
    return this.#check('Position', Math.abs(positionUsd), softPositionUsd, hardPositionUsd, nowNs);
  }

  /** What an order of this worth violates. A hard one is not to be sent. */
  checkOrder(orderUsd: number, nowNs: number): Violation | null {
    const { softOrderUsd, hardOrderUsd } = this.#limits;
    return this.#check('Order', orderUsd, softOrderUsd, hardOrderUsd, nowNs);
  }

  /** What all positions together violate, each by its size. */
  checkNotional(notionalUsd: number, nowNs: number): Violation | null {
    const { softNotionalUsd, hardNotionalUsd } = this.#limits;
    return this.#check('Notional', notionalUsd, softNotionalUsd, hardNotionalUsd, nowNs);
  }

  #check(limit: RiskLimitType, valueUsd: number, softUsd: number, hardUsd: number, nowNs: number): Violation | null {
    const violation = valueUsd > hardUsd ? 'Hard' : valueUsd > softUsd ? 'Soft' : null;
    if (violation !== this.#violations[limit]) {
      this.#violations[limit] = violation;
      const limitUsd = violation === 'Hard' ? hardUsd : softUsd;
      this.#log({ type: 'risk-limit', atNs: nowNs, limit, violation, valueUsd, limitUsd });
    }
    return violation;
  }

  /**
   * Most by which a position may still grow, USD, by all limits: the room up to the hard ones, and from the soft ones on a share of
   * it that shrinks evenly, to nothing at the hard ones.
   */
  growthUsd(positionUsd: number, notionalUsd: number): number {
    const { softPositionUsd, hardPositionUsd, softNotionalUsd, hardNotionalUsd } = this.#limits;
    const heldUsd = Math.abs(positionUsd);
    return Math.min(
      (hardPositionUsd - heldUsd) * linearDown(heldUsd, softPositionUsd, hardPositionUsd),
      (hardNotionalUsd - notionalUsd) * linearDown(notionalUsd, softNotionalUsd, hardNotionalUsd),
    );
  }

  snapshot(): unknown {
    return { limits: { ...this.#limits }, violations: { ...this.#violations } };
  }

  restore(state: unknown): void {
    const from = state as { limits: RiskLimits; violations: Record<RiskLimitType, Violation | null> };
    Object.assign(this.#limits, from.limits);
    Object.assign(this.#violations, from.violations);
  }
}

function linearDown(value: number, soft: number, hard: number): number {
  if (value >= hard) return 0;
  return value <= soft ? 1 : (hard - value) / (hard - soft);
}
