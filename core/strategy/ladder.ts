/**
 * The ladder: several quotes a side, at geometrically growing distances from a mid that leans against the position
 * (playbook 2.5 stage 5, 4.5).
 *
 * Guarantees: prices are valid and no two of a side are equal; bids are rounded down and asks up, and no quote reaches the
 * touch of the other side, so that it can only add liquidity; sizes are whole lots, their sum never exceeds the side's
 * capacity, and each is worth the instrument's minimum, except where it only closes a position.
 */
import type { QuoteCycleArena } from '../infra/arena.ts';
import { LADDER_LEVEL_BYTES, QUOTE_BYTES } from '../infra/capacity.ts';
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
  /** Most that one order may be, as a share of the largest position. */
  maxOrderShare: number;
}

export const DEFAULT_LADDER: LadderSettings = {
  // The matrix' last section.
  levels: 5,
  levelUsd: 200,
  // The reference system's ladder.
  depthRatio: 1.2,
  maxDepthBps: 200,
  // Incident I-2: a ladder that collapsed to one order of the whole limit.
  maxOrderShare: 0.25,
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

/** Sizes that a model wants, by level and best first; the ladder keeps them within its own rules. */
export interface LadderSizes {
  bidLots: Float64Array;
  askLots: Float64Array;
  /** Most that one order may have. */
  maxOrderLots: number;
}

/** USD value of one lot at a price. */
export function lotUsd(instrument: Instrument, priceTicks: number): number {
  return priceTicks / POWERS_OF_TEN[instrument.priceDecimals] / POWERS_OF_TEN[instrument.sizeDecimals];
}

/** Numbers of a level: how deep it is to lie, where that would be, the valid price for it, and the size from wish to room. */
const DEPTH_BPS = 0;
const WANTED_TICKS = 1;
const PRICE_TICKS = 2;
const WANTED_LOTS = 3;
const MIN_LOTS = 4;
const ROOM_LOTS = 5;
const SIZE_LOTS = 6;
const LEVEL_SIDE = 7;
const FLOAT_BYTES = 8;
const LEVEL_NUMBERS = LADDER_LEVEL_BYTES / FLOAT_BYTES;
const QUOTE_NUMBERS = QUOTE_BYTES / FLOAT_BYTES;

/** One side: its levels, and the quotes that came of them, best first. They lie in the arena of the cycle. */
export class LadderSide {
  readonly #capacity: number;
  /** `LEVEL_NUMBERS` each. */
  levels: Float64Array;
  priceTicks: Float64Array;
  sizeLots: Float64Array;
  count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.levels = new Float64Array(capacity * LEVEL_NUMBERS);
    this.priceTicks = new Float64Array(capacity);
    this.sizeLots = new Float64Array(capacity);
  }

  /** Takes its room from the arena, where it stays until the arena's next reset. */
  moveTo(arena: QuoteCycleArena): void {
    const capacity = this.#capacity;
    this.levels = arena.floats(capacity * LEVEL_NUMBERS, capacity);
    const quotes = arena.floats(capacity * QUOTE_NUMBERS, capacity);
    this.priceTicks = quotes.subarray(0, capacity);
    this.sizeLots = quotes.subarray(capacity);
    this.count = 0;
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

  /** A cycle begins: levels and quotes take their room in its arena. */
  moveTo(arena: QuoteCycleArena): void {
    this.bids.moveTo(arena);
    this.asks.moveTo(arena);
  }

  /** Keeps the best levels of each side alone, at most so many. */
  limit(levels: number): void {
    this.bids.count = Math.min(this.bids.count, levels);
    this.asks.count = Math.min(this.asks.count, levels);
  }

  /** Computes both sides anew. Without `sizes` every level is to have the same. */
  generate(input: LadderInput, sizes: LadderSizes | null = null): void {
    const fairTicks = input.midTicks * (1 - input.skewBps / BPS);
    this.#price(BID, input, fairTicks);
    this.#price(ASK, input, fairTicks);
    const evenLots = Math.floor(
      (this.#settings.levelUsd * input.sizeFactor) / lotUsd(this.#instrument, input.midTicks),
    );
    const maxLots = sizes?.maxOrderLots ?? Number.POSITIVE_INFINITY;
    this.#size(this.bids, input, input.capacityLots[BID], sizes?.bidLots ?? evenLots, maxLots);
    this.#size(this.asks, input, input.capacityLots[ASK], sizes?.askLots ?? evenLots, maxLots);
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
      const wanted = side === BID ? fairTicks * (1 - shift) : fairTicks * (1 + shift);
      const price =
        side === BID ? roundDown(instrument, Math.min(limit, wanted)) : roundUp(instrument, Math.max(limit, wanted));
      // So that a price which is no number ends the ladder as well.
      if (!(price > 0)) break;
      const at = count * LEVEL_NUMBERS;
      quotes.levels[at + LEVEL_SIDE] = side;
      quotes.levels[at + DEPTH_BPS] = depthBps;
      quotes.levels[at + WANTED_TICKS] = wanted;
      quotes.levels[at + PRICE_TICKS] = price;
      count++;
      limit = side === BID ? price - 1 : price + 1;
      depthBps *= depthRatio;
    }
    quotes.count = count;
  }

  #size(
    quotes: LadderSide,
    input: LadderInput,
    capacityLots: number,
    wanted: number | Float64Array,
    maxLots: number,
  ): void {
    const instrument = this.#instrument;
    let left = capacityLots;
    let count = 0;
    for (let level = 0; level < quotes.count; level++) {
      const at = level * LEVEL_NUMBERS;
      const priceTicks = quotes.levels[at + PRICE_TICKS];
      const minLots = input.closing ? 1 : minimumLots(instrument, priceTicks);
      const wantedLots = typeof wanted === 'number' ? wanted : wanted[level];
      quotes.levels[at + WANTED_LOTS] = wantedLots;
      quotes.levels[at + MIN_LOTS] = minLots;
      quotes.levels[at + ROOM_LOTS] = left;
      // Up to the minimum, but never beyond the room: a size that does not fit is no size (incident I-69).
      const lots = Math.min(left, maxLots, Math.max(wantedLots, input.sizeFactor > 0 ? minLots : 0));
      if (lots < minLots || lots <= 0) break;
      quotes.levels[at + SIZE_LOTS] = lots;
      quotes.priceTicks[level] = priceTicks;
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
