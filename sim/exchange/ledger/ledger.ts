/**
 * The books of one account: what every fill, fee, funding payment and transfer does to its money, to the last digit.
 *
 * A position owns no money: what was paid for it went off `crossUsd`, or off its own pot where it is isolated, so the
 * account is worth `crossUsd + pots + Σ lots · mark` at any mark (hyperliquid, section 2.1). Entry prices and profits are
 * derived from the cost of a position, and always add up:
 *
 *     crossUsd + pots = start + deposits + realised − fees + funding − seized + covered − Σ cost of what is held
 */
import { BID, type Instrument, type Side } from '../../../core/market.ts';
import { Money, Scale, ZERO } from './money.ts';

/**
 * Decimals to which a share of a sum is rounded where it would not end. What is rounded off stays with the rest, so that
 * nothing is lost.
 */
const SHARE_DECIMALS = 20;

/** How an instrument is margined from now on. */
export interface MarginSetting {
  isCross: boolean;
  /** A whole number. */
  leverage: number;
}

/** One position. Read it, do not change it. */
export interface Holding {
  /** Signed. */
  readonly lots: number;
  /** What the lots were bought for, less what shorted ones were sold for; 0 where flat. */
  readonly costUsd: Money;
  /** The pot of an isolated position: its margin less its cost. 0 of a cross position. */
  readonly potUsd: Money;
  readonly isCross: boolean;
  readonly leverage: number;
  /** Funding received since it was opened, paid where negative. */
  readonly fundingUsd: Money;
}

type MutableHolding = { -readonly [Key in keyof Holding]: Holding[Key] };

/** Sums since the start of the run. */
export interface Totals {
  depositsUsd: Money;
  realizedUsd: Money;
  /** Paid; negative where rebates prevail. */
  feesUsd: Money;
  /** Received; negative where it was paid. */
  fundingUsd: Money;
  /** What the liquidator kept of positions that it took over. */
  seizedUsd: Money;
  /** Losses beyond the margin of an isolated position or of the account, which others had to bear. */
  coveredUsd: Money;
}

const TOTALS = ['depositsUsd', 'realizedUsd', 'feesUsd', 'fundingUsd', 'seizedUsd', 'coveredUsd'] as const;

interface HoldingState extends MarginSetting {
  lots: number;
  costUsd: string;
  potUsd: string;
  fundingUsd: string;
}

interface State {
  crossUsd: string;
  holdings: HoldingState[];
  totals: string[];
}

export class Ledger {
  readonly #scales: readonly Scale[];
  readonly #holdings: MutableHolding[];
  readonly #startUsd: Money;
  #crossUsd: Money;
  readonly #totals: Totals = {
    depositsUsd: ZERO,
    realizedUsd: ZERO,
    feesUsd: ZERO,
    fundingUsd: ZERO,
    seizedUsd: ZERO,
    coveredUsd: ZERO,
  };

  /** `margins`: one for each instrument. */
  constructor(instruments: readonly Instrument[], margins: readonly MarginSetting[], equityUsd: number) {
    this.#scales = instruments.map(instrument => new Scale(instrument));
    this.#startUsd = new Money(equityUsd);
    this.#crossUsd = this.#startUsd;
    this.#holdings = margins.map(({ isCross, leverage }) => ({
      lots: 0,
      costUsd: ZERO,
      potUsd: ZERO,
      isCross,
      leverage,
      fundingUsd: ZERO,
    }));
  }

  get startUsd(): Money {
    return this.#startUsd;
  }

  /** Money that is in no pot: it may be far below zero while cross positions are held. */
  get crossUsd(): Money {
    return this.#crossUsd;
  }

  get totals(): Readonly<Totals> {
    return this.#totals;
  }

  get instruments(): number {
    return this.#holdings.length;
  }

  holding(instrument: number): Holding {
    return this.#holdings[instrument];
  }

  scale(instrument: number): Scale {
    return this.#scales[instrument];
  }

  /**
   * Books a fill and returns the profit that it closed, without the fee. What closes the position is booked first, what
   * opens a new one after it. An isolated position's fee comes out of its pot, its margin out of the account.
   */
  fill(instrument: number, side: Side, priceTicks: number, sizeLots: number, feeUsd: number): Money {
    const holding = this.#holdings[instrument];
    const signedLots = side === BID ? sizeLots : -sizeLots;
    const opposes = holding.lots !== 0 && holding.lots > 0 !== signedLots > 0;
    const closingLots = opposes ? Math.min(Math.abs(holding.lots), sizeLots) : 0;
    const openingLots = sizeLots - closingLots;
    const fee = new Money(feeUsd);
    this.#totals.feesUsd = this.#totals.feesUsd.plus(fee);
    if (holding.isCross) this.#crossUsd = this.#crossUsd.minus(fee);
    else holding.potUsd = holding.potUsd.minus(fee);
    const profit = closingLots === 0 ? ZERO : this.#close(instrument, priceTicks, closingLots);
    if (openingLots !== 0) this.#open(instrument, priceTicks, signedLots > 0 ? openingLots : -openingLots);
    return profit;
  }

  #open(instrument: number, priceTicks: number, signedLots: number): void {
    const holding = this.#holdings[instrument];
    const notional = this.#scales[instrument].notional(priceTicks, signedLots);
    if (holding.isCross) {
      this.#crossUsd = this.#crossUsd.minus(notional);
    } else {
      const margin = notional.abs().div(holding.leverage).toDecimalPlaces(SHARE_DECIMALS);
      this.#crossUsd = this.#crossUsd.minus(margin);
      holding.potUsd = holding.potUsd.plus(margin).minus(notional);
    }
    holding.lots += signedLots;
    holding.costUsd = holding.costUsd.plus(notional);
  }

  #close(instrument: number, priceTicks: number, lots: number): Money {
    const holding = this.#holdings[instrument];
    const all = Math.abs(holding.lots);
    const signedLots = holding.lots > 0 ? lots : -lots;
    const proceeds = this.#scales[instrument].notional(priceTicks, signedLots);
    const cost = lots === all ? holding.costUsd : holding.costUsd.times(lots).div(all).toDecimalPlaces(SHARE_DECIMALS);
    const profit = proceeds.minus(cost);
    this.#totals.realizedUsd = this.#totals.realizedUsd.plus(profit);
    if (holding.isCross) {
      this.#crossUsd = this.#crossUsd.plus(proceeds);
    } else {
      // Margin goes back in proportion (hyperliquid, section 6.3; documentation, "Margining").
      const equity = holding.potUsd.plus(this.#scales[instrument].notional(priceTicks, holding.lots));
      holding.potUsd = holding.potUsd.plus(proceeds);
      if (lots === all) this.#emptyPot(holding);
      else if (equity.gt(0)) this.#release(holding, equity.times(lots).div(all).toDecimalPlaces(SHARE_DECIMALS));
    }
    holding.lots -= signedLots;
    holding.costUsd = holding.costUsd.minus(cost);
    if (holding.lots === 0) holding.fundingUsd = ZERO;
    return profit;
  }

  #release(holding: MutableHolding, usd: Money): void {
    holding.potUsd = holding.potUsd.minus(usd);
    this.#crossUsd = this.#crossUsd.plus(usd);
  }

  /** Gives the pot of a closed position back. One that is below zero is not made up for from the account. */
  #emptyPot(holding: MutableHolding): void {
    if (holding.potUsd.gte(0)) {
      this.#release(holding, holding.potUsd);
      return;
    }
    this.#totals.coveredUsd = this.#totals.coveredUsd.minus(holding.potUsd);
    holding.potUsd = ZERO;
  }

  /**
   * Pays an hour's funding: lots × oracle price × rate, paid by longs where it is positive. Returns what the account
   * received. Nothing is rounded, so that what one pays another receives.
   */
  fund(instrument: number, oracleTicks: number, ratePerHour: number): Money {
    const holding = this.#holdings[instrument];
    const received = this.#scales[instrument].notional(oracleTicks, holding.lots).times(ratePerHour).neg();
    if (holding.isCross) this.#crossUsd = this.#crossUsd.plus(received);
    else holding.potUsd = holding.potUsd.plus(received);
    holding.fundingUsd = holding.fundingUsd.plus(received);
    this.#totals.fundingUsd = this.#totals.fundingUsd.plus(received);
    return received;
  }

  /** Puts money into the account, or takes it out where negative. */
  deposit(usd: Money): void {
    this.#crossUsd = this.#crossUsd.plus(usd);
    this.#totals.depositsUsd = this.#totals.depositsUsd.plus(usd);
  }

  /** Moves money from the account into an isolated position's pot, or back where negative. */
  movePot(instrument: number, usd: Money): void {
    this.#release(this.#holdings[instrument], usd.neg());
  }

  /** The mode may change only while nothing is held. */
  setMargin(instrument: number, { isCross, leverage }: MarginSetting): void {
    const holding = this.#holdings[instrument];
    holding.isCross = isCross;
    holding.leverage = leverage;
  }

  /** A position that existed before the run, at what it is worth now: the account's value stays what it is. */
  adopt(instrument: number, signedLots: number, markTicks: number): void {
    this.#open(instrument, markTicks, signedLots);
  }

  /** The liquidator takes an isolated position over at this price, and its pot with it. Returns the profit closed. */
  seizeIsolated(instrument: number, priceTicks: number): Money {
    const holding = this.#holdings[instrument];
    const equity = holding.potUsd.plus(this.#scales[instrument].notional(priceTicks, holding.lots));
    if (equity.gt(0)) {
      this.#totals.seizedUsd = this.#totals.seizedUsd.plus(equity);
      holding.potUsd = holding.potUsd.minus(equity);
    }
    return this.#close(instrument, priceTicks, Math.abs(holding.lots));
  }

  /** The liquidator takes a cross position over at this price. Its money goes by `seizeCrossMoney`. */
  seizeCross(instrument: number, priceTicks: number): Money {
    return this.#close(instrument, priceTicks, Math.abs(this.#holdings[instrument].lots));
  }

  /** Once it holds no cross position any more: what is left goes to the liquidator, what is missing others bear. */
  seizeCrossMoney(): void {
    const left = this.#crossUsd;
    if (left.gt(0)) this.#totals.seizedUsd = this.#totals.seizedUsd.plus(left);
    else this.#totals.coveredUsd = this.#totals.coveredUsd.minus(left);
    this.#crossUsd = ZERO;
  }

  snapshot(): unknown {
    const state: State = {
      crossUsd: this.#crossUsd.toString(),
      holdings: this.#holdings.map(({ lots, costUsd, potUsd, isCross, leverage, fundingUsd }) => ({
        lots,
        costUsd: costUsd.toString(),
        potUsd: potUsd.toString(),
        isCross,
        leverage,
        fundingUsd: fundingUsd.toString(),
      })),
      totals: TOTALS.map(total => this.#totals[total].toString()),
    };
    return state;
  }

  restore(from: unknown): void {
    const state = from as State;
    this.#crossUsd = new Money(state.crossUsd);
    for (const [instrument, { lots, costUsd, potUsd, isCross, leverage, fundingUsd }] of state.holdings.entries()) {
      this.#holdings[instrument] = {
        lots,
        costUsd: new Money(costUsd),
        potUsd: new Money(potUsd),
        isCross,
        leverage,
        fundingUsd: new Money(fundingUsd),
      };
    }
    for (const [index, total] of TOTALS.entries()) this.#totals[total] = new Money(state.totals[index]);
  }
}
