/**
 * The aggressive orders of one instrument's background: takers who want a position, and snipers who take what is quoted on the
 * wrong side of the fair price.
 */
import { NO_PRICE } from '../../core/book.ts';
import { ASK, BID, type Instrument, type Side } from '../../core/market.ts';
import { BPS, NS_PER_MS, NS_PER_S } from '../../core/scale.ts';
import { roundDown, roundUp } from '../../core/strategy/price-grid.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { ActionList } from './action-list.ts';
import { gapNs } from './draws.ts';
import type { EventCourse } from './event-course.ts';
import type { LotScale } from './lots.ts';
import type { MarketView } from './market-view.ts';
import type { TakerParameters } from './parameters.ts';
import { TakerArrivals } from './taker-arrivals.ts';

/** What a taker refers to where it is not the liquidation of an account. */
export const NO_ACCOUNT = -1;

interface State {
  arrivals: unknown;
  snipeNs: number;
}

export class TakerOrders {
  /** When somebody looks for stale quotes next. */
  snipeNs: number;
  readonly #parameters: TakerParameters;
  readonly #instrument: Instrument;
  readonly #liquidity: number;
  readonly #scale: LotScale;
  readonly #arrivals: TakerArrivals;
  readonly #sizes: RandomStream;
  readonly #snipers: RandomStream;

  /** `stream` gives the random stream of a use. */
  constructor(
    parameters: TakerParameters,
    instrument: Instrument,
    liquidity: number,
    scale: LotScale,
    fromNs: number,
    course: EventCourse,
    stream: (use: string) => RandomStream,
  ) {
    this.#parameters = parameters;
    this.#instrument = instrument;
    this.#liquidity = liquidity;
    this.#scale = scale;
    this.#arrivals = new TakerArrivals(parameters, fromNs, course, stream('arrivals'));
    this.#sizes = stream('takers');
    this.#snipers = stream('snipers');
    this.snipeNs = fromNs + this.#snipeGapNs();
  }

  /** When a taker may come next. */
  get takeNs(): number {
    return this.#arrivals.nextNs;
  }

  /** Perhaps somebody takes at `takeNs`. */
  take(view: MarketView, takes: ActionList): void {
    const atNs = this.#arrivals.nextNs;
    const side = this.#arrivals.arrive(view);
    if (side === null) return;
    const { sizeMedianUsd, sizeLogDeviation, sizeMaxUsd, slippageBps } = this.#parameters;
    const usd = Math.min(sizeMaxUsd, this.#sizes.logNormal(sizeMedianUsd, sizeLogDeviation));
    const touch = side === BID ? view.bestAskTicks : view.bestBidTicks;
    const limit = this.#beyond(side, touch === NO_PRICE ? view.midTicks : touch, slippageBps);
    this.#send(atNs, side, limit, usd, takes);
  }

  /** A valid price so far beyond a price, in the direction that a taker pays. */
  #beyond(side: Side, ticks: number, bps: number): number {
    const shift = (ticks * bps) / BPS;
    if (side === BID) return roundUp(this.#instrument, ticks + shift);
    return Math.max(1, roundDown(this.#instrument, ticks - shift));
  }

  /** At `snipeNs` somebody takes what is off the fair price by more than the edge. */
  snipe({ fairTicks, bestBidTicks, bestAskTicks }: MarketView, takes: ActionList): void {
    const { snipeEdgeBps, snipeUsd } = this.#parameters;
    const edge = (fairTicks * snipeEdgeBps) / BPS;
    const atNs = this.snipeNs;
    if (bestAskTicks !== NO_PRICE && bestAskTicks < fairTicks - edge) {
      this.#send(atNs, BID, roundDown(this.#instrument, fairTicks - edge), snipeUsd, takes);
    } else if (bestBidTicks > fairTicks + edge) {
      this.#send(atNs, ASK, roundUp(this.#instrument, fairTicks + edge), snipeUsd, takes);
    }
    this.snipeNs = atNs + this.#snipeGapNs();
  }

  #snipeGapNs(): number {
    return gapNs(this.#snipers, NS_PER_S / (this.#parameters.snipeMs * NS_PER_MS));
  }

  #send(atNs: number, side: Side, limitTicks: number, usd: number, takes: ActionList): void {
    takes.add(atNs, side, limitTicks, this.#scale.lots(usd * this.#liquidity, limitTicks), NO_ACCOUNT, 0);
  }

  /** Somebody who is not of the background has taken: that excites as well. */
  excite(atNs: number, side: Side): void {
    this.#arrivals.excite(atNs, side);
  }

  snapshot(): unknown {
    return { arrivals: this.#arrivals.snapshot(), snipeNs: this.snipeNs } satisfies State;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#arrivals.restore(state.arrivals);
    this.snipeNs = state.snipeNs;
  }
}
