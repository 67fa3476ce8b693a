/**
 * Oracle and mark of one instrument (hyperliquid, section 6.2), renewed together about every 3 s.
 *
 * The oracle is the fair price with an error of its own, which passes slowly. The mark is the median of three: oracle plus
 * the average distance of the mid from it; the middle of best bid, best ask and last trade; and the middle price of other
 * venues' perpetuals, for which here the fair price with another error stands.
 */
import { exp } from '../../core/math.ts';
import { BPS, NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { MarketView } from './market-view.ts';
import type { ReferenceParameters } from './parameters.ts';

/** Renewed every 3 s, give or take this. */
const PERIOD_NS = 3 * NS_PER_S;
const JITTER_NS = 300 * NS_PER_MS;
/** Memory of the average distance of the mid from the oracle. */
const BASIS_MEMORY_S = 150;
/** What is left of an error at the next renewal. */
const ERROR_KEPT = 0.8;

interface State {
  nextNs: number;
  atNs: number;
  oracleTicks: number;
  markTicks: number;
  oracleErrorBps: number;
  venueErrorBps: number;
  basisSum: number;
  basisWeight: number;
}

export class ReferencePrices {
  nextNs: number;
  /** Whole ticks. */
  oracleTicks: number;
  markTicks: number;
  readonly #parameters: ReferenceParameters;
  readonly #random: RandomStream;
  #atNs: number;
  #oracleErrorBps = 0;
  #venueErrorBps = 0;
  /** The exchange's way of an exponential average: both fall, the sum takes the sample times the time passed. */
  #basisSum = 0;
  #basisWeight = 0;

  constructor(parameters: ReferenceParameters, startTicks: number, fromNs: number, random: RandomStream) {
    this.#parameters = parameters;
    this.#random = random;
    this.oracleTicks = Math.round(startTicks);
    this.markTicks = this.oracleTicks;
    this.#atNs = fromNs;
    this.nextNs = fromNs;
  }

  /** Renews both at `nextNs`. `lastTradeTicks` is 0 where nothing has traded. */
  renew(view: MarketView, lastTradeTicks: number): void {
    const random = this.#random;
    const { oracleNoiseBps, venueNoiseBps } = this.#parameters;
    const fresh = Math.sqrt(1 - ERROR_KEPT * ERROR_KEPT);
    this.#oracleErrorBps = ERROR_KEPT * this.#oracleErrorBps + fresh * oracleNoiseBps * random.normal();
    this.#venueErrorBps = ERROR_KEPT * this.#venueErrorBps + fresh * venueNoiseBps * random.normal();
    this.oracleTicks = Math.max(1, Math.round(view.fairTicks * (1 + this.#oracleErrorBps / BPS)));
    const venuesTicks = view.fairTicks * (1 + this.#venueErrorBps / BPS);
    const local = lastTradeTicks === 0 ? view.midTicks : middle(view.bestBidTicks, view.bestAskTicks, lastTradeTicks);
    const based = this.oracleTicks + this.#basis(view.midTicks - this.oracleTicks);
    this.markTicks = Math.max(1, Math.round(middle(based, local, venuesTicks)));
    this.#atNs = this.nextNs;
    this.nextNs += PERIOD_NS - JITTER_NS + random.int(2 * JITTER_NS);
  }

  /** A fault has put the fair price elsewhere, by this factor: everybody knows at once, so that no premium comes of it. */
  shift(factor: number): void {
    this.oracleTicks = Math.max(1, Math.round(this.oracleTicks * factor));
    this.markTicks = Math.max(1, Math.round(this.markTicks * factor));
    this.#basisSum *= factor;
  }

  /** The average distance with this sample in it. */
  #basis(sample: number): number {
    const passedS = (this.nextNs - this.#atNs) / NS_PER_S;
    const kept = exp(-passedS / BASIS_MEMORY_S);
    this.#basisSum = this.#basisSum * kept + sample * passedS;
    this.#basisWeight = this.#basisWeight * kept + passedS;
    return this.#basisWeight === 0 ? sample : this.#basisSum / this.#basisWeight;
  }

  snapshot(): unknown {
    const state: State = {
      nextNs: this.nextNs,
      atNs: this.#atNs,
      oracleTicks: this.oracleTicks,
      markTicks: this.markTicks,
      oracleErrorBps: this.#oracleErrorBps,
      venueErrorBps: this.#venueErrorBps,
      basisSum: this.#basisSum,
      basisWeight: this.#basisWeight,
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.nextNs = state.nextNs;
    this.#atNs = state.atNs;
    this.oracleTicks = state.oracleTicks;
    this.markTicks = state.markTicks;
    this.#oracleErrorBps = state.oracleErrorBps;
    this.#venueErrorBps = state.venueErrorBps;
    this.#basisSum = state.basisSum;
    this.#basisWeight = state.basisWeight;
  }
}

/** The middle one of three. */
export function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
