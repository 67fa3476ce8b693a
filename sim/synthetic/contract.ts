/**
 * What the exchange says about a synthetic perpetual beside its book: oracle, mark, funding and open interest; and what
 * follows from the mark, the liquidation of the background's leveraged accounts.
 */
import { NO_PRICE } from '../../core/book.ts';
import type { Instrument } from '../../core/market.ts';
import type { AssetContext } from '../../core/port.ts';
import { POWERS_OF_TEN } from '../../core/scale.ts';
import type { MatchingEngine } from '../exchange/book/matching-engine.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { ActionList } from './action-list.ts';
import type { Character } from './characters.ts';
import { Displacements } from './displacements.ts';
import { HourlyPremium } from './hourly-premium.ts';
import { LeveragedAccounts } from './leveraged-accounts.ts';
import type { LotScale } from './lots.ts';
import type { MarketView } from './market-view.ts';
import { OpenInterest } from './open-interest.ts';
import type { SyntheticParameters } from './parameters.ts';
import { ReferencePrices } from './reference-prices.ts';

interface State {
  version: number;
  lastTradeTicks: number;
  hiddenInterest: readonly number[];
  references: unknown;
  premium: unknown;
  interest: unknown;
  accounts: unknown;
}

export class Contract {
  /** Rises whenever oracle and mark were renewed: about every 3 s. */
  version = 0;
  readonly #engine: MatchingEngine;
  readonly #references: ReferencePrices;
  readonly #premium: HourlyPremium;
  readonly #interest: OpenInterest;
  readonly #accounts: LeveragedAccounts;
  #lastTradeTicks = 0;
  /** What a fault takes from the open interest that is told of, as a share. */
  readonly #hiddenInterest = new Displacements();

  /** `stream` gives the random stream of a use. */
  constructor(
    parameters: SyntheticParameters,
    instrument: Instrument,
    character: Character,
    scale: LotScale,
    startTicks: number,
    fromNs: number,
    stream: (use: string) => RandomStream,
    engine: MatchingEngine,
  ) {
    const { priceDecimals, sizeDecimals } = instrument;
    const interestUsd = parameters.references.openInterestUsd * character.liquidity;
    const impactLotTicks = character.impactUsd * POWERS_OF_TEN[priceDecimals] * POWERS_OF_TEN[sizeDecimals];
    this.#engine = engine;
    this.#references = new ReferencePrices(parameters.references, startTicks, fromNs, stream('references'));
    this.#premium = new HourlyPremium(engine, impactLotTicks, character.isBuilders, fromNs);
    this.#interest = new OpenInterest(scale.lots(interestUsd, startTicks), stream('interest'));
    this.#accounts = new LeveragedAccounts(
      parameters.accounts,
      interestUsd,
      startTicks,
      fromNs,
      scale,
      this.#interest,
      stream('accounts'),
    );
  }

  /** When oracle and mark are renewed next, and when the premium is sampled next. */
  get renewNs(): number {
    return this.#references.nextNs;
  }

  get sampleNs(): number {
    return this.#premium.nextNs;
  }

  /** Renews oracle and mark at `renewNs` and liquidates whom the mark has reached. */
  renew(view: MarketView, takes: ActionList, displacedBy: number): void {
    const atNs = this.#references.nextNs;
    this.#references.renew(view, this.#lastTradeTicks);
    this.version++;
    // A fault moves the price, and nobody is to be liquidated by it: that would be another fault.
    this.#accounts.markMoved(atNs, this.#references.markTicks / displacedBy, takes);
  }

  /** A fault has put the fair price elsewhere, by this factor. */
  shift(factor: number): void {
    this.#references.shift(factor);
    this.#lastTradeTicks = Math.round(this.#lastTradeTicks * factor);
    this.version++;
  }

  /** From now on it tells of so much less open interest than there is, as a share of it. */
  hideInterest(fault: number, share: number): void {
    this.#hiddenInterest.set(fault, -share);
    this.version++;
  }

  /** Samples the premium at `sampleNs`. */
  sample(): void {
    this.#premium.sample(this.#references.oracleTicks);
  }

  /** A match. `forced`: of a liquidation, whose part in the open interest `liquidated` tells. */
  traded(ticks: number, lots: number, forced: boolean): void {
    this.#lastTradeTicks = ticks;
    if (!forced) this.#interest.traded(lots);
  }

  /** So much of an account's liquidation was matched. */
  liquidated(account: number, atNs: number, lots: number): void {
    this.#accounts.liquidated(account, atNs, lots);
  }

  /** What `activeAssetCtx` says now; the mid is the book's, oracle and mark as of the last renewal. */
  context(): AssetContext {
    const bid = this.#engine.bestBidTicks;
    const ask = this.#engine.bestAskTicks;
    return {
      fundingPerHour: this.#premium.fundingPerHour,
      openInterestLots: this.#interest.lots * this.#hiddenInterest.factor,
      oracleTicks: this.#references.oracleTicks,
      markTicks: this.#references.markTicks,
      midTicks: bid === NO_PRICE || ask === NO_PRICE ? 0 : (bid + ask) / 2,
    };
  }

  snapshot(): unknown {
    const state: State = {
      version: this.version,
      lastTradeTicks: this.#lastTradeTicks,
      hiddenInterest: this.#hiddenInterest.snapshot(),
      references: this.#references.snapshot(),
      premium: this.#premium.snapshot(),
      interest: this.#interest.snapshot(),
      accounts: this.#accounts.snapshot(),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.version = state.version;
    this.#lastTradeTicks = state.lastTradeTicks;
    this.#hiddenInterest.restore(state.hiddenInterest);
    this.#references.restore(state.references);
    this.#premium.restore(state.premium);
    this.#interest.restore(state.interest);
    this.#accounts.restore(state.accounts);
  }
}
