/**
 * What the state of a market forbids an order: the price band, the distance from the oracle, the largest order, the caps on
 * open interest, and the phase after an upgrade (hyperliquid, sections 2.5, 3.2 and 4).
 *
 * Oracle and open interest are told by `contextMoved`. As long as they are not known, as in the replay of a recording
 * without them, the reference price is the middle of the book, and nothing is held against oracle or open interest.
 */
import { NO_PRICE } from '../../../core/book.ts';
import { BID, type Instrument, type Side } from '../../../core/market.ts';
import type { PlaceOrder } from '../../../core/port.ts';
import { POWERS_OF_TEN } from '../../../core/scale.ts';
import type { OrderTruth } from '../../truth.ts';
import { closingLots, type Refusal } from '../order-rules.ts';
import { maxLimitOrderUsd, maxMarketOrderUsd, type Perp, perpFor } from '../perps.ts';
import type { LimitSettings } from './settings.ts';

/** An order of a kind that is not taken now. */
export const ONLY_POST_ONLY: Refusal = {
  error: 'Only post-only orders allowed immediately after a network upgrade',
  status: 'rejected',
};
export const TOO_FAR_FROM_ORACLE: Refusal = { error: 'Order price too far from oracle', status: 'oracleRejected' };
const WOULD_INCREASE = 'Order would increase open interest while open interest is capped';
export const INCREASE_AT_CAP: Refusal = { error: WOULD_INCREASE, status: 'positionIncreaseAtOpenInterestCapRejected' };
export const FLIP_AT_CAP: Refusal = { error: WOULD_INCREASE, status: 'positionFlipAtOpenInterestCapRejected' };
export const TOO_AGGRESSIVE_AT_CAP: Refusal = {
  error: 'Order rejected due to price more aggressive than oracle while at open interest cap',
  status: 'tooAggressiveAtOpenInterestCapRejected',
};
export const GROWS_TOO_QUICKLY: Refusal = {
  error: 'Order would increase open interest too quickly',
  status: 'openInterestIncreaseRejected',
};

/** The text of the price band; it comes before any other rule and without an order id. */
export function outsideBand(share: number): string {
  return `Order price cannot be more than ${Math.round(share * 100)}% away from the reference price`;
}

/** Ours: that there is a largest order is documented, its text is not. */
export function orderTooLarge(limitUsd: number): Refusal {
  return { error: `Order must have maximum value of $${limitUsd}.`, status: 'rejected' };
}

interface State {
  oracleTicks: Float64Array;
  openInterestLots: Float64Array;
  growthFromLots: Float64Array;
  growthFromNs: Float64Array;
}

export class MarketLimits {
  readonly #limits: LimitSettings;
  readonly #perps: readonly Perp[];
  /** By instrument: ticks times lots that are worth one USD. */
  readonly #unitsPerUsd: Float64Array;
  /** By instrument, 0 where not known. */
  readonly #oracleTicks: Float64Array;
  readonly #openInterestLots: Float64Array;
  /** By instrument: the open interest that growth is measured from, and since when. */
  readonly #growthFromLots: Float64Array;
  readonly #growthFromNs: Float64Array;

  constructor(instruments: readonly Instrument[], limits: LimitSettings) {
    this.#limits = limits;
    this.#perps = instruments.map(perpFor);
    this.#unitsPerUsd = Float64Array.from(
      instruments,
      instrument => POWERS_OF_TEN[instrument.priceDecimals] * POWERS_OF_TEN[instrument.sizeDecimals],
    );
    this.#oracleTicks = new Float64Array(instruments.length);
    this.#openInterestLots = new Float64Array(instruments.length);
    this.#growthFromLots = new Float64Array(instruments.length);
    this.#growthFromNs = new Float64Array(instruments.length).fill(-Infinity);
  }

  /** Oracle price and open interest of an instrument are now these. */
  contextMoved(nowNs: number, instrument: number, oracleTicks: number, openInterestLots: number): void {
    this.#oracleTicks[instrument] = oracleTicks;
    this.#openInterestLots[instrument] = openInterestLots;
    if (nowNs - this.#growthFromNs[instrument] < this.#limits.openInterestGrowthWindowNs) return;
    this.#growthFromLots[instrument] = openInterestLots;
    this.#growthFromNs[instrument] = nowNs;
  }

  /**
   * Whether a price is outside the band around the reference price: the oracle's, else the middle of the book, else its
   * one side. Null: inside, or nothing to hold it against. The documentation counts this among the errors of a whole
   * action (hyperliquid, section 2.5).
   */
  bandError(order: PlaceOrder, bestBidTicks: number, bestAskTicks: number): string | null {
    const reference = this.#referenceTicks(order.instrument, bestBidTicks, bestAskTicks);
    const { priceBandShare } = this.#limits;
    if (reference === 0 || isWithin(order.priceTicks, reference, priceBandShare)) return null;
    return outsideBand(priceBandShare);
  }

  #referenceTicks(instrument: number, bestBidTicks: number, bestAskTicks: number): number {
    const oracle = this.#oracleTicks[instrument];
    if (oracle !== 0) return oracle;
    if (bestBidTicks === NO_PRICE) return bestAskTicks === NO_PRICE ? 0 : bestAskTicks;
    return bestAskTicks === NO_PRICE ? bestBidTicks : (bestBidTicks + bestAskTicks) / 2;
  }

  /** The first of these rules that an order breaks, or null. */
  refusal(order: PlaceOrder, positionLots: number): Refusal | null {
    const { postOnlyPhase, oracleBandShare } = this.#limits;
    if (postOnlyPhase && order.tif !== 'Alo') return ONLY_POST_ONLY;
    const oracle = this.#oracleTicks[order.instrument];
    if (oracle !== 0 && !isWithin(order.priceTicks, oracle, oracleBandShare)) return TOO_FAR_FROM_ORACLE;
    return this.#tooLarge(order) ?? this.#openInterestRefusal(order, positionLots);
  }

  /** An order that may only take is held against the smaller limit of market orders. */
  #tooLarge(order: PlaceOrder): Refusal | null {
    const perp = this.#perps[order.instrument];
    const ownUsd = order.tif === 'Ioc' ? maxMarketOrderUsd(perp) : maxLimitOrderUsd(perp);
    const limitUsd = Math.min(ownUsd, this.#limits.orderNotionalUsd ?? ownUsd);
    const isTooLarge = order.priceTicks * order.sizeLots > limitUsd * this.#unitsPerUsd[order.instrument];
    return isTooLarge ? orderTooLarge(limitUsd) : null;
  }

  #openInterestRefusal(order: PlaceOrder, positionLots: number): Refusal | null {
    const { instrument, side, priceTicks, sizeLots } = order;
    const closing = closingLots(positionLots, side, sizeLots);
    // A reduce-only order is cut to what it closes.
    const opening = order.reduceOnly ? 0 : sizeLots - closing;
    if (this.isAtOpenInterestCap(instrument)) {
      if (opening > 0) return closing > 0 ? FLIP_AT_CAP : INCREASE_AT_CAP;
      if (this.#isAggressive(instrument, side, priceTicks)) return TOO_AGGRESSIVE_AT_CAP;
    }
    return opening > 0 && this.#growsTooQuickly(instrument, opening) ? GROWS_TOO_QUICKLY : null;
  }

  /**
   * Whether a resting order has to leave because its instrument is at the open-interest cap: what is left of it would add to
   * the open interest, or its price is as aggressive as none is taken any more there.
   */
  leavesAtCap(order: OrderTruth, positionLots: number): boolean {
    const { instrument, side, priceTicks, remainingLots, reduceOnly } = order;
    const opens = !reduceOnly && closingLots(positionLots, side, remainingLots) < remainingLots;
    return opens || this.#isAggressive(instrument, side, priceTicks);
  }

  /** True where nobody may add to the open interest of an instrument. */
  isAtOpenInterestCap(instrument: number): boolean {
    const { openInterestCapUsd } = this.#limits;
    const ownUsd = this.#perps[instrument].openInterestCapUsd;
    const capUsd = Math.min(ownUsd ?? Infinity, openInterestCapUsd ?? Infinity);
    const units = this.#openInterestLots[instrument] * this.#oracleTicks[instrument];
    return units > 0 && units >= capUsd * this.#unitsPerUsd[instrument];
  }

  #isAggressive(instrument: number, side: Side, priceTicks: number): boolean {
    const oracle = this.#oracleTicks[instrument];
    const beyond = side === BID ? priceTicks - oracle : oracle - priceTicks;
    return beyond > oracle * this.#limits.openInterestCapBandShare;
  }

  #growsTooQuickly(instrument: number, openingLots: number): boolean {
    const { openInterestGrowthShare } = this.#limits;
    const fromLots = this.#growthFromLots[instrument];
    if (openInterestGrowthShare === null || fromLots === 0) return false;
    return this.#openInterestLots[instrument] + openingLots > fromLots * (1 + openInterestGrowthShare);
  }

  snapshot(): unknown {
    const state: State = {
      oracleTicks: this.#oracleTicks.slice(),
      openInterestLots: this.#openInterestLots.slice(),
      growthFromLots: this.#growthFromLots.slice(),
      growthFromNs: this.#growthFromNs.slice(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#oracleTicks.set(state.oracleTicks);
    this.#openInterestLots.set(state.openInterestLots);
    this.#growthFromLots.set(state.growthFromLots);
    this.#growthFromNs.set(state.growthFromNs);
  }
}

function isWithin(priceTicks: number, centreTicks: number, share: number): boolean {
  return Math.abs(priceTicks - centreTicks) <= centreTicks * share;
}
