/**
 * The vocabulary of the risk monitors, and what one of them is (playbook 1.3).
 *
 * A monitor looks at one danger and answers with a severity and an action. It decides nothing by itself: the aggregator puts
 * the answers together, and the quote engine acts on them.
 */
import type { Severity } from '../evidence.ts';

/** From nothing to the worst. */
export const RISK_ACTIONS = ['None', 'Warn', 'WidenSpreads', 'ReduceOnly', 'PullQuotes'] as const;
export type RiskActionType = (typeof RISK_ACTIONS)[number];

/** What each action does to spreads and sizes (core-facts 1.3). A widening brings its own factor. */
export const ACTION_EFFECTS: Readonly<
  Record<RiskActionType, { readonly spreadFactor: number; readonly sizeFactor: number }>
> = {
  None: { spreadFactor: 1, sizeFactor: 1 },
  Warn: { spreadFactor: 1, sizeFactor: 1 },
  WidenSpreads: { spreadFactor: 1, sizeFactor: 0.8 },
  ReduceOnly: { spreadFactor: 1.5, sizeFactor: 0.5 },
  // Nothing is left to widen or to size.
  PullQuotes: { spreadFactor: 1, sizeFactor: 0 },
};

/** One monitor's answer. */
export interface RiskAssessment {
  readonly severity: Severity;
  readonly action: RiskActionType;
  /** What spreads are multiplied by, 1 or more. */
  readonly spreadFactor: number;
}

/** The answer for an action. `spreadFactor` is for widenings; other actions have their own. */
export function assessment(
  severity: Severity,
  action: RiskActionType,
  spreadFactor: number = ACTION_EFFECTS[action].spreadFactor,
): RiskAssessment {
  return { severity, action, spreadFactor };
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
  /** Signed: below zero is short. */
  positionLots: number;
  /** The position's value at the mid; the sign does not matter. */
  positionUsd: number;
  maxInventoryUsd: number;
}

export interface RiskMonitor {
  /** As it stands in the evidence. */
  readonly name: string;
  /** The smaller, the earlier it is looked at (playbook 1.3). */
  readonly priority: number;
  /**
   * To be asked whenever the mid has changed, and each second. Hands out one and the same object while the answer does
   * not change, so that nothing is allocated.
   */
  evaluate(input: RiskInput): RiskAssessment;
  snapshot(): unknown;
  restore(state: unknown): void;
}
