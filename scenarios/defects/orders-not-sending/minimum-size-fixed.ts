/** The smallest order is a constant, a thousandth of a coin, in place of what is worth $10 (incident I-47). */
import type { Instrument } from '../../../core/market.ts';
import { POWERS_OF_TEN } from '../../../core/scale.ts';
import { QuoteModel, type QuoteModelInput } from '../../../core/strategy/quote-model.ts';
import type { Defect } from '../defect.ts';

const SMALLEST_COINS = 0.001;

class FixedMinimumModel extends QuoteModel {
  readonly #smallestLots: number;

  constructor(...given: ConstructorParameters<typeof QuoteModel>) {
    super(...given);
    const instrument: Instrument = given[0];
    this.#smallestLots = SMALLEST_COINS * POWERS_OF_TEN[instrument.sizeDecimals];
  }

  override compute(input: QuoteModelInput): number {
    const units = super.compute(input);
    if (this.maxOrderLots < this.#smallestLots) this.maxOrderLots = 0;
    return units;
  }
}

export const minimumSizeFixed: Defect = {
  name: 'minimum-size-fixed',
  description: 'No order is smaller than a thousandth of a coin, whatever that is worth.',
  source: 'I-47',
  primary: '2.5',
  allowed: ['1.5'],
  symptoms: ['orders-not-sending', 'stale-quotes'],
  parts: usual => ({
    ...usual,
    quoteModel: (instrument, settings, hjb, signals) =>
      new FixedMinimumModel(instrument, settings.strategy, settings.estimator.regime, hjb, signals),
  }),
};
