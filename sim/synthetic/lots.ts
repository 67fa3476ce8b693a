/** Between USD, and lots at a price. */
import type { Instrument } from '../../core/market.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';

export class LotScale {
  /** Lots of one USD at a price of one tick. */
  readonly #lotTicksOfUsd: number;
  readonly #minNotionalUsd: number;

  constructor(instrument: Instrument) {
    this.#lotTicksOfUsd = POWERS_OF_TEN[instrument.priceDecimals] * POWERS_OF_TEN[instrument.sizeDecimals];
    this.#minNotionalUsd = instrument.minNotionalUsd;
  }

  /** The nearest number of lots, at least what the exchange takes as an order. */
  lots(usd: number, ticks: number): number {
    const lotsOfUsd = this.#lotTicksOfUsd / ticks;
    return Math.max(1, Math.ceil(this.#minNotionalUsd * lotsOfUsd), Math.round(usd * lotsOfUsd));
  }

  usd(lots: number, ticks: number): number {
    return (lots * ticks) / this.#lotTicksOfUsd;
  }
}
