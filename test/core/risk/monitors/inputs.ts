import type { RiskInput } from '../../../../core/risk/monitor.ts';

/** A calm moment: a fresh book, no position. */
export function riskInput(change: Partial<RiskInput> = {}): RiskInput {
  return {
    nowNs: 0,
    bookAgeNs: 0,
    bookCadenceNs: 0,
    midTicks: 10_000,
    positionLots: 0,
    positionUsd: 0,
    maxInventoryUsd: 1_000,
    ...change,
  };
}
