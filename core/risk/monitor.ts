/**
 * The vocabulary of the risk monitors, and what one of them is (playbook 1.3).
 *
 * A monitor looks at one danger and answers with a severity and an action. It decides nothing by itself: the aggregator puts
 * the answers together, and the quote engine acts on them.
 */
import type { Severity } from '../evidence.ts';
import type { Side } from '../market.ts';

/** From nothing to the worst. */
export const RISK_ACTIONS = [
  'None',
  'Warn',
  'WidenSpreads',
  'SkewAway',
  'ReduceOnly',
  'PullSide',
  'PullQuotes',
  'Kill',
] as const;
export type RiskActionType = (typeof RISK_ACTIONS)[number];

/** Why the kill switch was thrown (core-facts 1.3). */
export const KILL_REASONS = [
  'MaxLoss',
  'MaxDrawdown',
  'MaxPosition',
  'PriceVelocity',
  'PositionVelocity',
  'RateLimit',
  'StaleData',
  'CascadeDetected',
  'LiquidationDetected',
  'Manual',
] as const;
export type KillReason = (typeof KILL_REASONS)[number];

/** What each action does to spreads and sizes (core-facts 1.3). A widening brings its own factor. */
export const ACTION_EFFECTS: Readonly<
  Record<RiskActionType, { readonly spreadFactor: number; readonly sizeFactor: number }>
> = {
  None: { spreadFactor: 1, sizeFactor: 1 },
  Warn: { spreadFactor: 1, sizeFactor: 1 },
  WidenSpreads: { spreadFactor: 1, sizeFactor: 0.8 },
  SkewAway: { spreadFactor: 1.2, sizeFactor: 0.8 },
  ReduceOnly: { spreadFactor: 1.5, sizeFactor: 0.5 },
  PullSide: { spreadFactor: 1.5, sizeFactor: 0.5 },
  // Nothing is left to widen or to size.
  PullQuotes: { spreadFactor: 1, sizeFactor: 0 },
  Kill: { spreadFactor: 1, sizeFactor: 0 },
};

/** One monitor's answer. */
export interface RiskAssessment {
  readonly severity: Severity;
  readonly action: RiskActionType;
  /** What spreads are multiplied by, 1 or more. */
  readonly spreadFactor: number;
  /** How far both sides are to be shifted, bps: downwards where positive. Not 0 for `SkewAway` only. */
  readonly skewBps: number;
  /** The side that `PullSide` is about; else null. */
  readonly side: Side | null;
  /** The reason of a `Kill`; else null. */
  readonly killReason: KillReason | null;
}

/** The answer for an action. `spreadFactor` is for widenings; other actions have their own. */
export function assessment(
  severity: Severity,
  action: 'None' | 'Warn' | 'WidenSpreads' | 'ReduceOnly' | 'PullQuotes',
  spreadFactor: number = ACTION_EFFECTS[action].spreadFactor,
): RiskAssessment {
  return { severity, action, spreadFactor, skewBps: 0, side: null, killReason: null };
}

/** The answer to shift both quotes, downwards where `skewBps` is positive. */
export function skewAway(severity: Severity, skewBps: number): RiskAssessment {
  const { spreadFactor } = ACTION_EFFECTS.SkewAway;
  return { severity, action: 'SkewAway', spreadFactor, skewBps, side: null, killReason: null };
}

/** The answer that nothing may make the position grow on `side`. Orders there that only reduce it may stay. */
export function pullSide(severity: Severity, side: Side): RiskAssessment {
  const { spreadFactor } = ACTION_EFFECTS.PullSide;
  return { severity, action: 'PullSide', spreadFactor, skewBps: 0, side, killReason: null };
}

/** The answer to stop for good, until an operator resets the kill switch. */
export function kill(killReason: KillReason): RiskAssessment {
  const { spreadFactor } = ACTION_EFFECTS.Kill;
  return { severity: 'Critical', action: 'Kill', spreadFactor, skewBps: 0, side: null, killReason };
}

export const NO_RISK: RiskAssessment = assessment('None', 'None');

/** What the monitors look at. */
export interface RiskInput {
  nowNs: number;
  /** Age of the newest book frame; Infinity before any. */
  bookAgeNs: number;
  /** The book's own average gap between frames; 0 while unknown. */
  bookCadenceNs: number;
  /** 0 while unknown. */
  midTicks: number;
  /** Between the best bid and the best ask, bps of the mid; 0 while unknown. */
  marketSpreadBps: number;
  /** Signed: below zero is short. */
  positionLots: number;
  /** The position's value at the mid; the sign does not matter. */
  positionUsd: number;
  maxInventoryUsd: number;
  /** Of the whole account at the day's beginning, USD; 0 while unknown (`risk/profit.ts`). */
  accountValueUsd: number;
  /** Made since the day began, fees paid, open positions at the mid; negative where lost, USD. */
  dayProfitUsd: number;
  /** Made since the start or the last reset of the kill switch, and the most that it ever was, USD. */
  profitUsd: number;
  peakProfitUsd: number;
  /** Share that open interest has fallen by from its highest of the trailing window; 0 while unknown. */
  openInterestDrop: number;
  /** Share of the notional that longs pay shorts each hour. */
  fundingPerHour: number;
  /** Steps of the back-off that is running for answers 429; 0 while none is. */
  rateLimitErrors: number;
  /** The address has no requests left and its back-off is running. */
  isQuotaExhausted: boolean;
}

/** A calm moment of an account without a position. The core keeps one and writes into it. */
export function newRiskInput(maxInventoryUsd: number): RiskInput {
  return {
    nowNs: 0,
    bookAgeNs: 0,
    bookCadenceNs: 0,
    midTicks: 0,
    marketSpreadBps: 0,
    positionLots: 0,
    positionUsd: 0,
    maxInventoryUsd,
    accountValueUsd: 0,
    dayProfitUsd: 0,
    profitUsd: 0,
    peakProfitUsd: 0,
    openInterestDrop: 0,
    fundingPerHour: 0,
    rateLimitErrors: 0,
    isQuotaExhausted: false,
  };
}

export interface RiskMonitor {
  /** As it stands in the evidence. */
  readonly name: string;
  /** The smaller, the earlier it is looked at (playbook 1.3). */
  readonly priority: number;
  /**
   * To be asked whenever the mid or the position has changed, and each second. Hands out one and the same object while the
   * answer does not change, so that nothing is allocated.
   */
  evaluate(input: RiskInput): RiskAssessment;
  snapshot(): unknown;
  restore(state: unknown): void;
}
