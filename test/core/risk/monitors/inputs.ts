import { newRiskInput, type RiskInput } from '../../../../core/risk/monitor.ts';

/** A calm moment: a fresh book, no position, an account of $1,000. */
export function riskInput(change: Partial<RiskInput> = {}): RiskInput {
  return { ...newRiskInput(1_000), midTicks: 10_000, accountValueUsd: 1_000, ...change };
}
