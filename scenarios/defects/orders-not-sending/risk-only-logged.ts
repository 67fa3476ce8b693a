/** The risk aggregator says what is to be done and nobody does it (core-facts, list L, L1 and L29). */

import { defaultMonitors } from '../../../core/parts.ts';
import { type AggregatedRisk, RiskAggregator } from '../../../core/risk/aggregator.ts';
import type { RiskInput } from '../../../core/risk/monitor.ts';
import type { Defect } from '../defect.ts';

class LoggingAggregator extends RiskAggregator {
  override get current(): AggregatedRisk {
    return withoutEffect(super.current);
  }

  override aggregate(input: RiskInput): AggregatedRisk {
    return withoutEffect(super.aggregate(input));
  }
}

/** Spreads and sizes are still obeyed, as in the reference system, and so is the kill switch. */
function withoutEffect(risk: AggregatedRisk): AggregatedRisk {
  const isPulled = risk.pullQuotes && !risk.kill;
  const pulledSides: AggregatedRisk['pulledSides'] = [false, false];
  return { ...risk, pullQuotes: risk.kill, reduceOnly: false, pulledSides, sizeFactor: isPulled ? 1 : risk.sizeFactor };
}

export const riskOnlyLogged: Defect = {
  name: 'risk-only-logged',
  description: 'What the risk aggregator asks for, pulled quotes and reduce-only, is logged and not done.',
  source: 'L1, L29',
  primary: '1.3',
  allowed: [],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    risk: (settings, log) => new LoggingAggregator(defaultMonitors(settings, log), log),
  }),
};
