/**
 * The ladder: several quotes a side, at geometrically growing distances from a mid that leans against the position
 * (playbook 2.5 stage 5, 4.5).
 *
 * Guarantees: prices are valid and no two of a side are equal; bids are rounded down and asks up, and no quote reaches the
 * touch of the other side, so that it can only add liquidity; sizes are whole lots, their sum never exceeds the side's
 * capacity, and each is worth the instrument's minimum, except where it only closes a position.
 */
import { ASK, BID, type BySide, type Instrument, type Side } from '../market.ts';
import { BPS, POWERS_OF_TEN } from '../scale.ts';
import { roundDown, roundUp } from './price-grid.ts';

export interface LadderSettings {
  /** Levels a side. */
  levels: number;
  /** Size of each level, USD. */
  levelUsd: number;
  /** Ratio of the distances of neighbouring levels. */
  depthRatio: number;
  /** No level is deeper than this. */
  maxDepthBps: number;
}

export const DEFAULT_LADDER: LadderSettings = {
  // The matrix' last section.
  levels: 5,
  levelUsd: 200,
  // The reference system's ladder.
  depthRatio: 1.2,
  maxDepthBps: 200,
};

/** What a ladder is made from. */
export interface LadderInput {
  midTicks: number;
  bestBidTicks: number;
  bestAskTicks: number;
  halfSpreadBps: number;
  /** Shift of both sides, downwards where positive. */
  skewBps: number;
  /** Most that may rest on a side, lots. */
  capacityLots: BySide<number>;
  /** Share of the usual size, 0 to 1. */
  sizeFactor: number;
  /** True: quotes only close the position, and may be smaller than the minimum. */
  closing: boolean;
}

/** USD value of one lot at a price. */
export function lotUsd(instrument: Instrument, priceTicks: number): number {
  return priceTicks / POWERS_OF_TEN[instrument.priceDecimals] / POWERS_OF_TEN[instrument.sizeDecimals];
}

/** Quotes of one side, best first. The arrays are reused from cycle to cycle. */
export class LadderSide {
  readonly priceTicks: Int32Array;
  readonly sizeLots: Float64Array;
  count = 0;

  constructor(levels: number) {
    this.priceTicks = new Int32Array(levels);
    this.sizeLots = new Float64Array(levels);
  }
}

export class Ladder {
  readonly bids: LadderSide;
  readonly asks: LadderSide;
  readonly #instrument: Instrument;
  readonly #settings: LadderSettings;

  constructor(instrument: Instrument, settings: LadderSettings) {
    this.#instrument = instrument;
    this.#settings = settings;
    this.bids = new LadderSide(settings.levels);
    this.asks = new LadderSide(settings.levels);
  }

  side(side: Side): LadderSide {
    return side === BID ? this.bids : this.asks;
  }

  /** Number of quotes on both sides. */
  get count(): number {
    return this.bids.count + this.asks.count;
  }

  /** Computes both sides anew. */
  generate(input: LadderInput): void {
    const fairTicks = input.midTicks * (1 - input.skewBps / BPS);
    this.#price(BID, input, fairTicks);
    this.#price(ASK, input, fairTicks);
    this.#size(this.bids, input, input.capacityLots[BID]);
    this.#size(this.asks, input, input.capacityLots[ASK]);
  }

  #price(side: Side, input: LadderInput, fairTicks: number): void {
    const instrument = this.#instrument;
    const { levels, depthRatio, maxDepthBps } = this.#settings;
    const quotes = this.side(side);
    let depthBps = input.halfSpreadBps;
    // The worst price that the next level may have: outside the other side's touch, then outside the level before.
    let limit = side === BID ? input.bestAskTicks - 1 : input.bestBidTicks + 1;
    let count = 0;
    for (let level = 0; level < levels; level++) {
      const shift = Math.min(depthBps, maxDepthBps) / BPS;
      const price =
        side === BID
          ? roundDown(instrument, Math.min(limit, fairTicks * (1 - shift)))
          : roundUp(instrument, Math.max(limit, fairTicks * (1 + shift)));
      if (price <= 0) break;
      quotes.priceTicks[count] = price;
      count++;
      limit = side === BID ? price - 1 : price + 1;
      depthBps *= depthRatio;
    }
    quotes.count = count;
  }

  #size(quotes: LadderSide, input: LadderInput, capacityLots: number): void {
    const instrument = this.#instrument;
    const wantedLots = Math.floor((this.#settings.levelUsd * input.sizeFactor) / lotUsd(instrument, input.midTicks));
    let left = capacityLots;
    let count = 0;
    for (let level = 0; level < quotes.count; level++) {
      const priceTicks = quotes.priceTicks[level];
      const minLots = input.closing ? 1 : minimumLots(instrument, priceTicks);
      const lots = Math.min(left, Math.max(wantedLots, input.sizeFactor > 0 ? minLots : 0));
      if (lots < minLots || lots <= 0) break;
      quotes.sizeLots[level] = lots;
      left -= lots;
      count++;
    }
    quotes.count = count;
  }
}

/** Fewest lots that an opening order at this price may have. */
export function minimumLots(instrument: Instrument, priceTicks: number): number {
  const { minNotionalUsd, priceDecimals, sizeDecimals } = instrument;
  // Whole numbers above and below the line, so that a notional of exactly the minimum is not missed by a lot.
  return Math.ceil((minNotionalUsd * POWERS_OF_TEN[priceDecimals] * POWERS_OF_TEN[sizeDecimals]) / priceTicks);
}
