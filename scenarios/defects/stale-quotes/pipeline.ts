/** Stages of the quote cycle that compare the wrong value, or stop and leave what rests (playbook 2.5). */
import type { Kappa } from '../../../core/estimator/kappa.ts';
import type { CycleStopReason } from '../../../core/evidence.ts';
import { QuoteEngine } from '../../../core/orchestrator/quote-engine.ts';
import type { CoreParts } from '../../../core/parts.ts';
import { NS_PER_S } from '../../../core/scale.ts';
import { QuoteModel, type QuoteModelInput } from '../../../core/strategy/quote-model.ts';
import type { Defect } from '../defect.ts';

/** Holds the raw kappa of book and trades against the limit that is meant for the blended one. */
class RawKappaEngine extends QuoteEngine {
  protected override comparedKappa(kappa: Kappa): number {
    return kappa.raw;
  }
}

/** Data or risk forbid quotes: it says so and cancels nothing. */
class PullsWithoutCancel extends QuoteEngine {
  protected override cancelQuotes(reason: CycleStopReason, nowNs: number): number {
    return BY_DATA_OR_RISK.includes(reason) ? 1 : super.cancelQuotes(reason, nowNs);
  }
}

/** The time in which the model has no answer, which a right core meets by cancelling. */
const EMPTY_FROM_NS = 55 * NS_PER_S;
const EMPTY_TO_NS = 75 * NS_PER_S;

/** Has no answer for 20 s. */
class SpeechlessModel extends QuoteModel {
  override compute(input: QuoteModelInput): number {
    const units = super.compute(input);
    if (input.nowNs >= EMPTY_FROM_NS && input.nowNs < EMPTY_TO_NS) this.halfSpreadBps = Number.NaN;
    return units;
  }
}

/** Estimators or the ladder give nothing to quote: it says so and leaves what rests. */
class LeavesOrders extends QuoteEngine {
  protected override cancelQuotes(reason: CycleStopReason, nowNs: number): number {
    return BY_DATA_OR_RISK.includes(reason) ? super.cancelQuotes(reason, nowNs) : 1;
  }
}

const BY_DATA_OR_RISK: readonly CycleStopReason[] = [
  'DataQualityGate',
  'RiskPulledQuotes',
  'KillSwitchActive',
  'NoBook',
];

type Engine = new (...given: Parameters<CoreParts['quoteEngine']>) => QuoteEngine;

function withEngine(Made: Engine): Defect['parts'] {
  return usual => ({ ...usual, quoteEngine: (...given) => new Made(...given) });
}

export const PIPELINE_DEFECTS: readonly Defect[] = [
  {
    name: 'raw-kappa-is-compared',
    description: 'The raw kappa of the book is held against a limit that is meant for the effective one.',
    source: 'I-7',
    primary: '2.5',
    allowed: [],
    symptoms: ['stale-quotes', 'orders-not-sending'],
    parts: withEngine(RawKappaEngine),
  },
  {
    name: 'pulls-without-cancel',
    description: 'When data or risk forbid quotes the cycle stops and says so, and what rests goes on resting.',
    source: 'L6',
    primary: '2.5',
    allowed: ['2.2', '2.3', '1.3'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
    parts: withEngine(PullsWithoutCancel),
  },
  {
    name: 'empty-ladder-leaves-orders',
    description: 'The model has no answer for 20 s; the ladder is empty, and the old orders go on resting.',
    source: 'L7',
    primary: '2.5',
    allowed: ['2.4'],
    symptoms: ['stale-quotes', 'orders-not-sending'],
    parts: usual => ({
      ...withEngine(LeavesOrders)(usual),
      quoteModel: (instrument, settings, hjb, signals) =>
        new SpeechlessModel(instrument, settings.strategy, settings.estimator.regime, hjb, signals),
    }),
  },
];
