/**
 * The exchange's clearing of our account: marks, the margin that orders are held against, funding each hour, liquidation.
 *
 * Where the market says what its oracle and mark are (`contextMoved`), those are taken. A recording of books and trades
 * does not: then the mark is the median of best bid, best ask and last trade (hyperliquid, section 6.2, its second
 * component), the oracle is the mark, and funding is what it most often is, the interest alone.
 */
import { NO_PRICE } from '../../../core/book.ts';
import type { Instrument } from '../../../core/market.ts';
import type { AssetContext, UserEvent } from '../../../core/port.ts';
import type { OrderTruth } from '../../truth.ts';
import type { MarginChecks } from '../account.ts';
import type { Refusal } from '../order-rules.ts';
import type { Venue } from '../venue.ts';
import { FUNDING_INTERVAL_NS, INTEREST_PER_HOUR } from './funding.ts';
import { type LiquidationActions, Liquidator } from './liquidator.ts';
import type { MarkSource } from './margin.ts';
import { type AccountSettings, DEFAULT_ACCOUNT, type LedgerTruth, MarginAccount } from './margin-account.ts';
import { toUsd } from './money.ts';

export interface ClearingSettings {
  readonly account: AccountSettings;
  /** What longs pay each hour while the market does not tell, as a share of the notional. */
  readonly fundingPerHour: number;
}

export const DEFAULT_CLEARING: ClearingSettings = { account: DEFAULT_ACCOUNT, fundingPerHour: INTEREST_PER_HOUR };

interface State {
  account: unknown;
  liquidator: unknown;
  markTicks: Float64Array;
  oracleTicks: Float64Array;
  rates: Float64Array;
  lastTradeTicks: Float64Array;
  fundingNs: number;
}

export class Clearing implements MarginChecks, MarkSource {
  readonly account: MarginAccount;
  readonly #venue: Pick<Venue, 'book'>;
  readonly #liquidator: Liquidator;
  readonly #tell: (event: UserEvent) => void;
  readonly #midnightNs: number;
  /** By instrument, as the market told; 0: it did not. */
  readonly #markTicks: Float64Array;
  readonly #oracleTicks: Float64Array;
  readonly #rates: Float64Array;
  readonly #lastTradeTicks: Float64Array;
  /** When funding is paid next. It is right while a position is held; 0 before the first one. */
  #fundingNs = 0;

  /** `midnightNs`: from midnight UTC to the run's time 0. `tell` sends an event on the `user` channel. */
  constructor(
    instruments: readonly Instrument[],
    settings: ClearingSettings,
    startPositionLots: readonly number[],
    midnightNs: number,
    venue: Pick<Venue, 'book'>,
    liquidation: Omit<LiquidationActions, 'liquidated'>,
    tell: (event: UserEvent) => void,
  ) {
    this.#venue = venue;
    this.#tell = tell;
    this.#midnightNs = midnightNs;
    this.#markTicks = new Float64Array(instruments.length);
    this.#oracleTicks = new Float64Array(instruments.length);
    this.#rates = new Float64Array(instruments.length).fill(settings.fundingPerHour);
    this.#lastTradeTicks = new Float64Array(instruments.length);
    this.account = new MarginAccount(instruments, settings.account, this, startPositionLots);
    this.#liquidator = new Liquidator(this.account, {
      cancelOrders: (nowNs, instrument) => liquidation.cancelOrders(nowNs, instrument),
      closeAtMarket: (nowNs, instrument, side, lots) => liquidation.closeAtMarket(nowNs, instrument, side, lots),
      takeOver: (nowNs, instrument, side, lots, ticks) => liquidation.takeOver(nowNs, instrument, side, lots, ticks),
      liquidated: (_nowNs, notionalUsd, accountValueUsd) =>
        this.#tell({ type: 'liquidation', notionalUsd, accountValueUsd }),
    });
  }

  // -------------------------------------------------------------------------------------------- market

  /** The market has a new oracle price, mark and funding rate. */
  contextMoved(instrument: number, { markTicks, oracleTicks, fundingPerHour }: AssetContext): void {
    this.#markTicks[instrument] = markTicks;
    this.#oracleTicks[instrument] = oracleTicks;
    this.#rates[instrument] = fundingPerHour;
  }

  /** The mark moved, and nothing else. */
  markMoved(nowNs: number, instrument: number, markTicks: number): void {
    this.#markTicks[instrument] = markTicks;
    this.settle(nowNs);
  }

  /** The market traded: what the mark is made of where the market does not tell it. Own fills in a replay are no part of it. */
  traded(instrument: number, priceTicks: number): void {
    this.#lastTradeTicks[instrument] = priceTicks;
  }

  markTicks(instrument: number): number {
    const told = this.#markTicks[instrument];
    if (told !== 0) return told;
    const { bestBidTicks: bid, bestAskTicks: ask } = this.#venue.book(instrument);
    const last = this.#lastTradeTicks[instrument];
    if (bid === NO_PRICE || ask === NO_PRICE) return last || bid || ask;
    if (last === 0) return Math.floor((bid + ask) / 2);
    return Math.max(Math.min(bid, ask), Math.min(Math.max(bid, ask), last));
  }

  /** Liquidates what the market has left without its maintenance margin. To be called after it moved. */
  settle(nowNs: number): void {
    this.#liquidator.check(nowNs);
  }

  // ------------------------------------------------------------------------------------------- funding

  /** When funding is due; Infinity while nothing is held. */
  get dueNs(): number {
    return this.#fundingNs !== 0 && this.account.holdsAny ? this.#fundingNs : Number.POSITIVE_INFINITY;
  }

  /** Pays the funding that is due by now. */
  passTime(nowNs: number): void {
    if (nowNs < this.#fundingNs || !this.account.holdsAny) return;
    if (this.#fundingNs === 0) {
      // What is held is from before the run.
      this.#fundingNs = this.#nextHourNs(nowNs);
      return;
    }
    const hours = Math.floor((nowNs - this.#fundingNs) / FUNDING_INTERVAL_NS) + 1;
    for (let hour = 0; hour < hours; hour++) {
      this.#payFunding(this.#fundingNs);
      this.#fundingNs += FUNDING_INTERVAL_NS;
    }
    this.settle(nowNs);
  }

  #payFunding(atNs: number): void {
    const { ledger } = this.account;
    for (let instrument = 0; instrument < ledger.instruments; instrument++) {
      const positionLots = ledger.holding(instrument).lots;
      if (positionLots === 0) continue;
      const ratePerHour = this.#rates[instrument];
      const oracleTicks = this.#oracleTicks[instrument] || this.account.markTicks(instrument);
      const usd = toUsd(this.account.fund(instrument, oracleTicks, ratePerHour));
      this.#tell({ type: 'funding', instrument, usd, positionLots, ratePerHour, exchNs: atNs });
    }
  }

  #nextHourNs(nowNs: number): number {
    const hours = Math.floor((nowNs + this.#midnightNs) / FUNDING_INTERVAL_NS) + 1;
    return hours * FUNDING_INTERVAL_NS - this.#midnightNs;
  }

  // -------------------------------------------------------------------------------------------- orders

  refusal(order: Parameters<MarginAccount['refusal']>[0]): Refusal | null {
    return this.account.refusal(order);
  }

  mayMatch(order: OrderTruth, lots: number): boolean {
    return this.account.mayMatch(order, lots);
  }

  updateLeverage(_nowNs: number, action: Parameters<MarginAccount['updateLeverage']>[0]): string | null {
    return this.account.updateLeverage(action);
  }

  updateIsolatedMargin(_nowNs: number, action: Parameters<MarginAccount['updateIsolatedMargin']>[0]): string | null {
    return this.account.updateIsolatedMargin(action);
  }

  filled(nowNs: number, { instrument, side }: OrderTruth, priceTicks: number, sizeLots: number, feeUsd: number): void {
    if (!this.account.holdsAny) this.#fundingNs = this.#nextHourNs(nowNs);
    this.account.fill(instrument, side, priceTicks, sizeLots, feeUsd);
  }

  /** What became of the account's money so far, at the marks of now. */
  truth(): LedgerTruth {
    return this.account.truth();
  }

  snapshot(): unknown {
    const state: State = {
      account: this.account.snapshot(),
      liquidator: this.#liquidator.snapshot(),
      markTicks: this.#markTicks.slice(),
      oracleTicks: this.#oracleTicks.slice(),
      rates: this.#rates.slice(),
      lastTradeTicks: this.#lastTradeTicks.slice(),
      fundingNs: this.#fundingNs,
    };
    return state;
  }

  /** Called after the venue has been restored, whose books it looks at. */
  restore(from: unknown): void {
    const state = from as State;
    this.account.restore(state.account);
    this.#liquidator.restore(state.liquidator);
    this.#markTicks.set(state.markTicks);
    this.#oracleTicks.set(state.oracleTicks);
    this.#rates.set(state.rates);
    this.#lastTradeTicks.set(state.lastTradeTicks);
    this.#fundingNs = state.fundingNs;
  }
}
