/**
 * The premium of a synthetic book over its oracle, averaged over the hour under way, and the funding rate that follows
 * (`exchange/ledger/funding.ts`).
 */
import { NO_PRICE } from '../../core/book.ts';
import { ASK, BID, type Side } from '../../core/market.ts';
import type { MatchingEngine } from '../exchange/book/matching-engine.ts';
import {
  builderPremium,
  FUNDING_INTERVAL_NS,
  fundingPerHour,
  PREMIUM_SAMPLE_NS,
  PremiumAverage,
  premium,
} from '../exchange/ledger/funding.ts';

interface State {
  nextNs: number;
  average: unknown;
}

export class HourlyPremium {
  nextNs: number;
  readonly #engine: MatchingEngine;
  readonly #impactLotTicks: number;
  readonly #premium: typeof premium;
  readonly #average = new PremiumAverage();

  /** `impactLotTicks`: the notional at which impact prices are taken, in lots times ticks. */
  constructor(engine: MatchingEngine, impactLotTicks: number, isBuilders: boolean, fromNs: number) {
    this.#engine = engine;
    this.#impactLotTicks = impactLotTicks;
    this.#premium = isBuilders ? builderPremium : premium;
    this.nextNs = fromNs + PREMIUM_SAMPLE_NS;
  }

  /** Takes the sample of `nextNs`. A book too thin to have impact prices gives none. */
  sample(oracleTicks: number): void {
    const bid = impactTicks(this.#engine, BID, this.#impactLotTicks);
    const ask = impactTicks(this.#engine, ASK, this.#impactLotTicks);
    const atNs = this.nextNs;
    if (hourOf(atNs) !== hourOf(atNs - PREMIUM_SAMPLE_NS)) this.#average.clear();
    if (bid > 0 && ask > 0) this.#average.add(this.#premium(bid, ask, oracleTicks));
    this.nextNs = atNs + PREMIUM_SAMPLE_NS;
  }

  /** What the hour's funding would be, were it over. */
  get fundingPerHour(): number {
    return fundingPerHour(this.#average.average);
  }

  snapshot(): unknown {
    return { nextNs: this.nextNs, average: this.#average.snapshot() } satisfies State;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.nextNs = state.nextNs;
    this.#average.restore(state.average);
  }
}

function hourOf(atNs: number): number {
  return Math.floor(atNs / FUNDING_INTERVAL_NS);
}

/** Average price, not a whole tick, of taking so much from a side; 0 where there is not so much. */
export function impactTicks(engine: MatchingEngine, side: Side, lotTicks: number): number {
  let left = lotTicks;
  let lots = 0;
  let ticks = engine.bestTicks(side);
  while (ticks !== NO_PRICE) {
    const here = engine.levelLots(side, ticks);
    if (here * ticks >= left) return lotTicks / (lots + left / ticks);
    left -= here * ticks;
    lots += here;
    ticks = engine.worseThan(side, ticks);
  }
  return 0;
}
