/**
 * What the account has made since it began, for the loss and the drawdown monitor (playbook 1.3): money received and paid for
 * fills, fees and funding, and what the positions are worth at the mid.
 *
 * Deposits and withdrawals are none of it, which is why it is counted here and not read from the account's value. That value
 * is only what limits are a share of, as it was when the day began. A position that was not traded here, inherited or found
 * at the exchange, counts from the mid at which it was found.
 */
import { BID, type Instrument } from '../market.ts';
import type { Fill } from '../port.ts';
import { NS_PER_S } from '../scale.ts';
import { lotUsd } from '../strategy/ladder.ts';

/** Time has no date inside the core: a day is 24 hours from the start. */
const DAY_NS = 86_400 * NS_PER_S;

export class ProfitTracker {
  readonly #instruments: readonly Instrument[];
  readonly #lots: Float64Array;
  readonly #midTicks: Float64Array;
  /** Lots that wait for a first mid to count from. */
  readonly #unpricedLots: Float64Array;
  /** Received less paid. */
  #cashUsd = 0;
  #valueUsd: number;
  #dayStartNs: number | null = null;
  #dayValueUsd: number;
  #isDayValueKnown = false;
  /** Cash and positions together at the day's beginning, and at the start or the last reset. */
  #dayBaseUsd = 0;
  #baseUsd = 0;
  #totalUsd = 0;
  #peakUsd = 0;

  /** `equityUsd`: what the account is taken to be worth until the exchange says so. */
  constructor(instruments: readonly Instrument[], equityUsd: number) {
    this.#instruments = instruments;
    this.#lots = new Float64Array(instruments.length);
    this.#midTicks = new Float64Array(instruments.length);
    this.#unpricedLots = new Float64Array(instruments.length);
    this.#valueUsd = equityUsd;
    this.#dayValueUsd = equityUsd;
  }

  /** The account's value when the day began, USD. */
  get accountValueUsd(): number {
    return this.#dayValueUsd;
  }

  /** Made since the day began, USD; as of the last `update`, like those that follow. */
  get dayProfitUsd(): number {
    return this.#totalUsd - this.#dayBaseUsd;
  }

  /** Made since the start or the last `rebase`, USD. */
  get profitUsd(): number {
    return this.#totalUsd - this.#baseUsd;
  }

  /** The most that `profitUsd` was at any update; never negative. */
  get peakProfitUsd(): number {
    return this.#peakUsd;
  }

  /** An own fill, each trade id once, and only where it moved the position. */
  onFill({ instrument, side, priceTicks, sizeLots, feeUsd }: Fill): void {
    const lots = side === BID ? sizeLots : -sizeLots;
    this.#lots[instrument] += lots;
    this.#cashUsd -= lots * lotUsd(this.#instruments[instrument], priceTicks) + feeUsd;
  }

  /** Funding was received, or paid where negative. */
  onFunding(usd: number): void {
    this.#cashUsd += usd;
  }

  /** The position was set to the exchange's; `changeLots` is signed. */
  onPositionAdjusted(instrument: number, changeLots: number): void {
    this.#lots[instrument] += changeLots;
    this.#unpricedLots[instrument] += changeLots;
    this.#price(instrument);
  }

  /** Takes a mid; 0: there is none. */
  onMid(instrument: number, midTicks: number): void {
    if (!(midTicks > 0)) return;
    this.#midTicks[instrument] = midTicks;
    if (this.#unpricedLots[instrument] !== 0) this.#price(instrument);
  }

  #price(instrument: number): void {
    const midTicks = this.#midTicks[instrument];
    if (midTicks === 0) return;
    this.#cashUsd -= this.#unpricedLots[instrument] * lotUsd(this.#instruments[instrument], midTicks);
    this.#unpricedLots[instrument] = 0;
  }

  /** The exchange's word on what the account is worth. The first of a day is what its limits are a share of. */
  onAccountValue(valueUsd: number): void {
    this.#valueUsd = valueUsd;
    if (this.#isDayValueKnown) return;
    this.#isDayValueKnown = true;
    this.#dayValueUsd = valueUsd;
  }

  /** Values everything anew. To be called before the monitors are asked. */
  update(nowNs: number): void {
    let totalUsd = this.#cashUsd;
    for (let i = 0; i < this.#instruments.length; i++) {
      const lots = this.#lots[i] - this.#unpricedLots[i];
      if (lots !== 0 && this.#midTicks[i] > 0) totalUsd += lots * lotUsd(this.#instruments[i], this.#midTicks[i]);
    }
    this.#totalUsd = totalUsd;
    this.#peakUsd = Math.max(this.#peakUsd, totalUsd - this.#baseUsd);
    if (this.#dayStartNs === null) {
      this.#dayStartNs = nowNs;
    } else if (nowNs - this.#dayStartNs >= DAY_NS) {
      this.#dayStartNs += DAY_NS * Math.floor((nowNs - this.#dayStartNs) / DAY_NS);
      this.#dayBaseUsd = totalUsd;
      this.#dayValueUsd = this.#valueUsd;
    }
  }

  /**
   * Loss and drawdown are counted anew from here: an operator has accepted what was lost and reset the kill switch, which would
   * otherwise be thrown again at once.
   */
  rebase(nowNs: number): void {
    this.update(nowNs);
    this.#dayBaseUsd = this.#totalUsd;
    this.#baseUsd = this.#totalUsd;
    this.#peakUsd = 0;
    this.#dayValueUsd = this.#valueUsd;
  }

  snapshot(): unknown {
    return {
      lots: this.#lots.slice(),
      midTicks: this.#midTicks.slice(),
      unpricedLots: this.#unpricedLots.slice(),
      dayStartNs: this.#dayStartNs,
      isDayValueKnown: this.#isDayValueKnown,
      usd: [
        this.#cashUsd,
        this.#valueUsd,
        this.#dayValueUsd,
        this.#dayBaseUsd,
        this.#baseUsd,
        this.#totalUsd,
        this.#peakUsd,
      ],
    };
  }

  restore(state: unknown): void {
    const from = state as {
      lots: Float64Array;
      midTicks: Float64Array;
      unpricedLots: Float64Array;
      dayStartNs: number | null;
      isDayValueKnown: boolean;
      usd: readonly number[];
    };
    this.#lots.set(from.lots);
    this.#midTicks.set(from.midTicks);
    this.#unpricedLots.set(from.unpricedLots);
    this.#dayStartNs = from.dayStartNs;
    this.#isDayValueKnown = from.isDayValueKnown;
    [this.#cashUsd, this.#valueUsd, this.#dayValueUsd, this.#dayBaseUsd, this.#baseUsd, this.#totalUsd, this.#peakUsd] =
      from.usd;
  }
}
